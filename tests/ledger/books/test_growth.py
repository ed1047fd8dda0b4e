"""What a page asks of the books costs the same, however long their history (SQLite counts its steps)."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from shop.extensions import db
from shop.ledger.books import journal, queries, searching
from shop.ledger.books.rules import EntryKind
from shop.ledger.books.searching import Search
from shop.ledger.books.services import post, reverse
from shop.transaction import transaction
from tests.ledger.books.entries import BOX, DAY, SALES, make_entry

READS: dict[str, Callable[[], object]] = {
    "head": queries.head,
    "balance": lambda: queries.balance(BOX),
    "distributable": lambda: queries.distributable("meals"),
    "on_document": lambda: queries.on_document("paper:7", [BOX, SALES]),
    "standing_entries": lambda: queries.standing_entries("paper:7"),
    "standing_payments": lambda: queries.standing_entries("paper:7", EntryKind.PAYMENT),
    "current_key": lambda: queries.current_key("7"),
    "trial_balance": queries.trial_balance,
    "journal": lambda: journal.entries(searching.numbers(Search("meals"))),
    "search": lambda: searching.numbers(Search("meals", text="7")),
    "search_kind": lambda: searching.numbers(Search("meals", kind=EntryKind.OPENING)),
    "search_kind_in_time": lambda: searching.numbers(Search("meals", until=DAY, kind=EntryKind.OPENING)),
    "entry": lambda: journal.entry(7),
    "entries_on": lambda: journal.entries_on("paper:7"),
    "post": lambda: post(make_entry(key="one more"), DAY),
    "reverse": lambda: reverse(9, DAY, DAY, "treasurer"),
}


def steps(work: Callable[[], object]) -> int:
    """Count the steps of SQLite's machine, in tens; nothing stays written."""
    ticks = 0

    def tick() -> int:
        nonlocal ticks
        ticks += 1
        return 0

    db.session.rollback()
    raw: Any = db.session.connection().connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    raw.set_progress_handler(tick, 10)
    work()
    raw.set_progress_handler(None, 0)
    db.session.rollback()
    return ticks


@pytest.mark.sqlite_only
@pytest.mark.usefixtures("context")
def test_ten_times_the_history_costs_no_more() -> None:
    costs = []
    with transaction():
        post(make_entry(key="once", kind=EntryKind.OPENING), DAY)
    for first, last in ((1, 50), (51, 500)):
        with transaction():
            for number in range(first, last):
                post(make_entry(key=str(number), document=f"paper:{number}"), DAY)
        costs.append({name: steps(work) for name, work in READS.items()})
    grown = {
        name: (costs[0][name], after) for name, after in costs[1].items() if after > 1.25 * costs[0][name] + 5
    }
    assert grown == {}
