"""Costs, counts and openings as entries, without a database."""

from datetime import date

import pytest

from shop.errors import NotAnAmount, PiecesOutOfRange
from shop.ledger.books.rules import Entry, check_entry
from shop.treasury.rules import (
    BOX,
    CostKind,
    Spent,
    cost_entry,
    count_entry,
    opening_entry,
    parse_pieces,
    repayment_entry,
    sum_pieces,
)

DAY = date(2026, 11, 25)


def legs(entry: Entry) -> list[tuple[str, int]]:
    check_entry(entry)
    return [(leg.account, leg.cents) for leg in entry.legs]


@pytest.mark.parametrize(
    ("kind", "account"),
    [("ingredients", "600100"), ("packaging", "600110"), ("kitchen", "610000"), ("transport", "616100")],
)
def test_a_cost_is_booked_on_its_account(kind: str, account: str) -> None:
    for paid_from in (BOX, "489200"):
        entry = cost_entry("f", Spent(CostKind(kind), paid_from, 1500, DAY, "2026-W48"), "organiser")
        assert legs(entry) == [(account, 1500), (paid_from, -1500)]
        assert (entry.key, entry.document, entry.label) == ("cost:f", "cost:f", "")


@pytest.mark.parametrize("cents", [0, -5])
def test_a_cost_is_more_than_nothing(cents: int) -> None:
    with pytest.raises(NotAnAmount):
        cost_entry("f", Spent(CostKind.KITCHEN, BOX, cents, DAY, "2026-W48"), "organiser")


def test_the_other_entries() -> None:
    assert legs(repayment_entry("f", 700, DAY, "treasurer")) == [("489200", 700), ("570100", -700)]
    assert legs(opening_entry(30000, DAY, "treasurer")) == [("570100", 30000), ("100000", -30000)]
    assert legs(count_entry(3, 20, DAY, "treasurer")) == [("570100", 20), ("749900", -20)]
    assert legs(count_entry(3, -20, DAY, "treasurer")) == [("570100", -20), ("644900", 20)]


def test_pieces_are_read_and_added_up() -> None:
    pieces = parse_pieces({5000: "4", 2000: "", 500: "0", 5: "3"})

    assert pieces == {5000: 4, 5: 3}
    assert sum_pieces(pieces) == 20015


@pytest.mark.parametrize("text", ["-1", "1,5", "12345", "٣", "1_0", "x", " "])
def test_other_numbers_of_pieces_are_refused(text: str) -> None:
    with pytest.raises(PiecesOutOfRange):
        parse_pieces({500: text})


@pytest.mark.parametrize("pieces", [{3: 1}, {50000: 1}, {500: -1}, {500: 10000}])
def test_pieces_that_do_not_exist_are_refused(pieces: dict[int, int]) -> None:
    with pytest.raises(PiecesOutOfRange):
        sum_pieces(pieces)
