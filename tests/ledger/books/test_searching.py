"""Searching the journal and paging through an account, on both databases."""

from datetime import date

import pytest

from shop.ledger.books import accounts, queries
from shop.ledger.books.rules import EntryKind, Leg
from shop.ledger.books.searching import Search, numbers
from shop.ledger.books.services import reverse
from shop.transaction import transaction
from tests.ledger.books.entries import BOX, DAY, FOOD, SALES, book, open_box

OCTOBER = date(2026, 10, 1), date(2026, 10, 31)


@pytest.fixture(autouse=True)
def _some_entries(context: None) -> None:
    open_box()
    book((BOX, 850), (SALES, -850), document="order:1001", day=OCTOBER[0])
    book((BOX, 2550), (SALES, -2550), key="b", document="order:1002")
    book((FOOD, 2550), (BOX, -2550), key="c", kind=EntryKind.COST, document="cost:x")
    with transaction():
        reverse(3, DAY, DAY, "treasurer", "twice")
    book(
        Leg("550200", 2550, "beer"), Leg("700200", -2550, "beer"), key="beer", document="settlement:2026-W41"
    )


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (Search("meals"), [5, 4, 3, 2, 1]),
        (Search("beer"), [6]),
        (Search("meals", text="3"), [3]),
        (Search("meals", text="n° 1002"), [5, 3]),
        (Search("meals", text="2026-W41"), []),
        (Search("beer", text="2026-W41"), [6]),
        (Search("meals", *OCTOBER), [2]),
        (Search("meals", since=OCTOBER[0]), [5, 4, 3, 1, 2]),
        (Search("meals", until=OCTOBER[1], account=SALES), [2]),
        (Search("meals", kind=EntryKind.COST), [4]),
        (Search("meals", kind=EntryKind.REVERSAL, until=OCTOBER[1]), []),
        (Search("meals", account=SALES), [5, 3, 2]),
        (Search("meals", cents=2550), [5, 4, 3]),
        (Search("meals", cents=2550, account=SALES, kind=EntryKind.HAND_OVER), [3]),
        (Search("meals", cents=2550, account=SALES, text="1002"), [5, 3]),
    ],
)
def test_a_search_finds_the_same_in_one_go_and_one_by_one(search: Search, found: list[int]) -> None:
    assert numbers(search) == found
    walked: list[int] = []
    while more := numbers(search, walked[-1] if walked else None, 1):
        walked += more
    assert walked == found


def test_an_account_is_told_backwards_to_nothing() -> None:
    lines, place = accounts.lines(BOX, "meals", None, 2)
    assert [(line.seq, line.cents, line.held) for line in lines] == [(5, -2550, 28300), (4, -2550, 30850)]
    assert lines[0].held == queries.balance(BOX, "meals")
    rest, end = accounts.lines(BOX, "meals", place, 5)
    assert [(line.seq, line.held) for line in rest] == [(3, 33400), (2, 30850), (1, 30000)]
    assert end is None
    assert accounts.account("550200", "meals") is None
