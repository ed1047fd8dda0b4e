"""The cash book's rules: what comes less what goes is what liquid money changed by, whatever was booked."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.ledger.books.rules import EntryKind
from shop.ledger.exports.rules import (
    OTHER_RECEIVED,
    RECEIVED,
    SPENT,
    Moved,
    cash_lines,
    is_liquid,
    standing_under,
)

BOX, BANK, SALES, FOOD, GIFTS, FUND = "570100", "550100", "700100", "600100", "731000", "139400"
HEADINGS = {
    SALES: OTHER_RECEIVED,
    FOOD: SPENT[0],
    GIFTS: RECEIVED[1],
    FUND: SPENT[3],
    "791100": SPENT[3],
    "499100": OTHER_RECEIVED,
    "999999": "",
}
DAY = date(2026, 11, 23)


def moved(
    *legs: tuple[str, int], seq: int = 1, day: date = DAY, event: EntryKind = EntryKind.PAYMENT
) -> Moved:
    return Moved(seq, day, event, event, "paper:1", "", legs)


def one(*legs: tuple[str, int], event: EntryKind = EntryKind.PAYMENT) -> tuple[dict, dict, int]:  # type: ignore[type-arg]
    (line,) = cash_lines([moved(*legs, event=event)], HEADINGS, {})
    return dict(line.spent), dict(line.received), line.moved


class TestLines:
    @pytest.mark.parametrize(
        ("legs", "expected"),
        [
            ([(BOX, 850), (SALES, -850)], ({}, {OTHER_RECEIVED: 850}, 0)),
            ([(FOOD, 300), (BOX, -300)], ({SPENT[0]: 300}, {}, 0)),
            # a refund is a receipt below zero, and money back from a shop an expense below zero
            ([(SALES, 850), (BOX, -850)], ({}, {OTHER_RECEIVED: -850}, 0)),
            ([(BOX, 300), (FOOD, -300)], ({SPENT[0]: -300}, {}, 0)),
            # cash to the bank
            ([(BANK, 500), (BOX, -500)], ({}, {}, 500)),
            # part of it to the bank, part spent
            ([(BANK, 500), (FOOD, 20), (BOX, -520)], ({SPENT[0]: 20}, {}, 500)),
            # spent for good out of a fund: what the fund gives back stands against it
            ([("643200", 100), (BOX, -100), (FUND, 100), ("791100", -100)], ({}, {OTHER_RECEIVED: -100}, 0)),
        ],
    )
    def test_each_leg_goes_under_the_heading_of_its_account(self, legs, expected) -> None:  # type: ignore[no-untyped-def]
        assert one(*legs) == expected

    def test_an_opening_is_no_receipt(self) -> None:
        (line,) = cash_lines([moved((BOX, 300), ("100000", -300), event=EntryKind.OPENING)], HEADINGS, {})
        assert (line.spent, line.received, line.moved) == ({}, {}, 0)
        assert vars(line.flows[BOX]) == {"came": 0, "went": 0, "held": 300}

    def test_what_touches_no_money_has_no_line(self) -> None:
        assert list(cash_lines([moved(("400000", 850), (SALES, -850))], HEADINGS, {})) == []

    def test_each_year_counts_from_one_and_goes_on_where_the_file_begins(self) -> None:
        legs = (BOX, 1), (SALES, -1)
        days = [date(2026, 3, 1), date(2026, 3, 1), date(2027, 1, 1), date(2027, 1, 2), date(2029, 1, 1)]
        numbers = [
            line.number
            for line in cash_lines((moved(*legs, day=day) for day in days), HEADINGS, {}, (2026, 41))
        ]
        assert numbers == [42, 43, 1, 2, 1]
        later = cash_lines([moved(*legs, day=date(2028, 1, 1))], HEADINGS, {}, (2026, 41))
        assert [line.number for line in later] == [1]


ACCOUNTS = [BOX, BANK, "580100", *HEADINGS]


@st.composite
def entries(draw: st.DrawFn) -> list[Moved]:
    found = []
    for seq in range(draw(st.integers(1, 12))):
        legs = draw(
            st.lists(st.tuples(st.sampled_from(ACCOUNTS), st.integers(-9999, 9999)), min_size=1, max_size=4)
        )
        legs.append((draw(st.sampled_from(ACCOUNTS)), -sum(cents for _, cents in legs)))
        kind = draw(st.sampled_from([EntryKind.PAYMENT, EntryKind.COST, EntryKind.OPENING]))
        found.append(moved(*legs, seq=seq, day=DAY + timedelta(days=seq * 40), event=kind))
    return found


@given(entries())
@settings(max_examples=50)
def test_receipts_less_expenses_are_what_liquid_money_changed_by(given_: list[Moved]) -> None:
    held: Counter[str] = Counter()
    for entry, line in zip(
        [one for one in given_ if one.touches_money], cash_lines(given_, HEADINGS, {}), strict=True
    ):
        change = sum(cents for account, cents in entry.legs if is_liquid(account))
        for account, cents in entry.legs:
            if is_liquid(account):
                held[account] += cents
        flows = sum(flow.came - flow.went for flow in line.flows.values())
        assert (
            sum(line.received.values()) - sum(line.spent.values()) == (0 if entry.opens else change) == flows
        )
        assert all(flow.held == held[account] for account, flow in line.flows.items())
        assert 0 not in {*line.spent.values(), *line.received.values()}


@pytest.mark.parametrize(
    ("heading", "cents", "expected"),
    [
        ("Liquidités", 500, ("Liquidités", 500)),
        ("Liquidités", -500, ("Dettes financières", 500)),
        ("Créances", -500, ("Autres dettes", 500)),
        ("Dettes envers les membres", -500, ("Dettes envers les membres", 500)),
        ("Autres dettes", 500, ("Créances", 500)),
        ("Fonds affectés", -500, ("Fonds affectés", 500)),
    ],
)
def test_the_sign_decides_between_a_claim_and_a_debt(
    heading: str, cents: int, expected: tuple[str, int]
) -> None:
    assert standing_under(heading, cents) == expected
