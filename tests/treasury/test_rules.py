"""Costs, counts and openings as entries, without a database."""

from datetime import date, timedelta

import pytest

from shop.errors import (
    AccountUnfit,
    DayTooOld,
    LinesOffBy,
    NotAnAmount,
    OwedMoreThanHeld,
    PiecesOutOfRange,
    TooManyLines,
)
from shop.ledger.books.rules import Entry, EntryKind, check_entry
from shop.treasury.rules import (
    BOX,
    CostKind,
    Line,
    Spent,
    check_day,
    cost_entry,
    count_entry,
    gift,
    movement_entry,
    old_debt,
    opening_entry,
    parse_pieces,
    passage,
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
        entry = cost_entry("f", Spent(CostKind(kind), paid_from, 1500, DAY, "2026-W48"), DAY, "organiser")
        assert legs(entry) == [(account, 1500), (paid_from, -1500)]
        assert (entry.key, entry.document, entry.label) == ("cost:f", "cost:f", "")


@pytest.mark.parametrize("cents", [0, -5])
def test_a_cost_is_more_than_nothing(cents: int) -> None:
    with pytest.raises(NotAnAmount):
        cost_entry("f", Spent(CostKind.KITCHEN, BOX, cents, DAY, "2026-W48"), DAY, "organiser")


def test_a_receipt_with_lines_is_booked_by_kind() -> None:
    lines = (
        Line(CostKind.PACKAGING, 500, "Barquettes"),
        Line(CostKind.INGREDIENTS, 400),
        Line(CostKind.INGREDIENTS, 600, "Riz"),
    )
    spent = Spent(CostKind.KITCHEN, BOX, 1500, DAY, "2026-W48", lines=lines)

    assert legs(cost_entry("f", spent, DAY, "treasurer")) == [
        ("600100", 1000),
        ("600110", 500),
        ("570100", -1500),
    ]


@pytest.mark.parametrize(
    ("cents", "refusal"),
    [([1400], LinesOffBy), ([1600], LinesOffBy), ([1501, -1], NotAnAmount), ([100] * 15, TooManyLines)],
)
def test_lines_that_are_no_receipt(cents: list[int], refusal: type[Exception]) -> None:
    lines = tuple(Line(CostKind.KITCHEN, one) for one in cents)
    with pytest.raises(refusal):
        cost_entry("f", Spent(CostKind.KITCHEN, BOX, 1500, DAY, "2026-W48", lines=lines), DAY, "treasurer")


def sides(entry: Entry) -> list[tuple[str, int, str]]:
    check_entry(entry)
    return [(leg.account, leg.cents, leg.activity) for leg in entry.legs]


def test_what_the_other_seller_s_box_pays_is_owed_to_it() -> None:
    spent = Spent(CostKind.TRANSPORT, BOX, 900, DAY, "2026-W48", activity="beer")

    assert sides(cost_entry("f", spent, DAY, "treasurer")) == [
        ("616100", 900, "beer"),
        ("570100", -900, "meals"),
        ("499100", -900, "beer"),
        ("499100", 900, "meals"),
    ]


@pytest.mark.parametrize("account", ["400000", "489110", "570300", ""])
def test_money_comes_from_a_place_of_money(account: str) -> None:
    with pytest.raises(AccountUnfit):
        cost_entry("f", Spent(CostKind.KITCHEN, account, 900, DAY, "2026-W48"), DAY, "treasurer")
    for other in (account, "489200"):
        with pytest.raises(AccountUnfit):
            passage(900, DAY, BOX, other)
        with pytest.raises(AccountUnfit):
            gift(900, DAY, other)
    with pytest.raises(AccountUnfit):
        movement_entry("f", old_debt(900, DAY, "meals", account, BOX), DAY, "treasurer")


def test_who_waits_is_paid_from_any_box_or_bank() -> None:
    for owed, kind in (("489200", EntryKind.REIMBURSEMENT), ("440000", EntryKind.BILL_PAID)):
        spent = Spent(CostKind.KITCHEN, owed, 700, DAY, "2026-W48")
        entry = repayment_entry("cost:f:repaid", "f", spent, "550100", day=DAY, role="treasurer")
        assert legs(entry) == [(owed, 700), ("550100", -700)]
        assert (entry.kind, entry.document) == (kind, "cost:f")
        old = movement_entry("m", old_debt(700, DAY, "beer", owed, BOX), DAY, "treasurer")
        assert (old.kind, sides(old)[:2]) == (kind, [(owed, 700, "beer"), ("570100", -700, "meals")])


def test_gifts_and_passages() -> None:
    plain = movement_entry("m", gift(500, DAY, "570200"), DAY, "treasurer")
    assert sides(plain) == [("570200", 500, "beer"), ("731000", -500, "beer")]
    jar = movement_entry("m", gift(500, DAY, BOX, "139200"), DAY, "treasurer")
    assert sides(jar) == [
        ("570100", 500, "meals"),
        ("731000", -500, "beer"),
        ("691100", 500, "beer"),
        ("139200", -500, "beer"),
        ("499100", -500, "meals"),
        ("499100", 500, "beer"),
    ]
    to_bank = movement_entry("m", passage(500, DAY, BOX, "550100"), DAY, "treasurer")
    assert (to_bank.kind, legs(to_bank)) == (EntryKind.TRANSFER, [("550100", 500), ("570100", -500)])
    across = movement_entry("m", passage(500, DAY, BOX, "570200"), DAY, "treasurer")
    assert across.kind == EntryKind.LIAISON
    assert sides(across)[2:] == [("499100", -500, "beer"), ("499100", 500, "meals")]
    for cents in (0, -1):
        with pytest.raises(NotAnAmount):
            movement_entry("m", gift(cents, DAY, BOX), DAY, "treasurer")
    for account in ("600100", "1"):
        with pytest.raises(AccountUnfit):
            gift(500, DAY, BOX, account)


@pytest.mark.parametrize(("opened", "since"), [(None, 400), (0, 90), (310, 400), (309, 399), (2000, 400)])
def test_a_day_long_ago_is_a_slip(opened: int | None, since: int) -> None:
    opened_on = None if opened is None else DAY - timedelta(days=opened)
    first = DAY - timedelta(days=since)
    check_day(first, opened_on, DAY)
    with pytest.raises(DayTooOld) as refused:
        check_day(first - timedelta(days=1), opened_on, DAY)
    assert refused.value.since == first


def test_a_count_s_difference() -> None:
    assert legs(count_entry(3, BOX, 20, DAY, "treasurer")) == [("570100", 20), ("749900", -20)]
    assert sides(count_entry(3, "570200", -20, DAY, "treasurer")) == [
        ("570200", -20, "beer"),
        ("644900", 20, "beer"),
    ]


def opening(held: dict[str, int], activity: str = "meals", result: str = "140100") -> Entry:
    return opening_entry("k", activity, held, result, day=DAY, role="treasurer")


def test_an_opening_is_what_is_held_less_what_is_owed() -> None:
    held = {"570100": 50000, "550100": 20000, "489200": 4000, "139500": 6000, "140100": 30000, "440000": 0}

    assert legs(opening(held)) == [
        ("550100", 20000),
        ("570100", 50000),
        ("139500", -6000),
        ("140100", -30000),
        ("489200", -4000),
        ("100000", -30000),
    ]
    assert opening(held).document == "opening:meals"
    assert sides(opening({"550200": 150000, "140200": 150000}, "beer", "140200")) == [
        ("550200", 150000, "beer"),
        ("140200", -150000, "beer"),
    ]


@pytest.mark.parametrize(
    ("held", "refusal"),
    [
        ({}, NotAnAmount),
        ({"570100": 0}, NotAnAmount),
        ({"570100": -5}, NotAnAmount),
        ({"570100": 500, "489200": 501}, OwedMoreThanHeld),
        ({"570200": 500}, AccountUnfit),
        ({"570100": 500, "139200": 500}, AccountUnfit),
        ({"570100": 500, "140200": 500}, AccountUnfit),
        ({"570100": 500, "700100": 500}, AccountUnfit),
        ({"570100": 500, "100000": 500}, AccountUnfit),
    ],
)
def test_books_that_cannot_open_so(held: dict[str, int], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        opening(held)


def test_pieces_are_read_and_added_up() -> None:
    pieces = parse_pieces({5000: "4", 2000: "", 500: "0", 5: "3"})

    assert pieces == {5000: 4, 5: 3}
    assert sum_pieces(pieces) == 20015
    assert parse_pieces({5000: "", 500: "0"}) == {}


@pytest.mark.parametrize("text", ["", "-1", "1,5", "12345", "٣", "1_0", "x", " "])
def test_other_numbers_of_pieces_are_refused(text: str) -> None:
    with pytest.raises(PiecesOutOfRange):
        parse_pieces({500: text})


@pytest.mark.parametrize("pieces", [{3: 1}, {50000: 1}, {500: -1}, {500: 10000}])
def test_pieces_that_do_not_exist_are_refused(pieces: dict[int, int]) -> None:
    with pytest.raises(PiecesOutOfRange):
        sum_pieces(pieces)
