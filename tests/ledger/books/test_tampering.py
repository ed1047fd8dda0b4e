"""Verify sees what was changed by hand in what surrounds the entries: cycles, counts, accounts."""

from datetime import date

import pytest
from sqlalchemy import text

from shop.extensions import db
from shop.ledger.books import queries
from shop.ledger.books.models import Count
from shop.ledger.books.services import close_cycle
from shop.transaction import transaction
from shop.verify import State, run
from tests.ledger.books.entries import BOX, DAY, SALES, book, open_box

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.tampers]


def some_weeks() -> None:
    """Open the box, close two weeks, count the cash twice, once with 20 cents too much."""
    open_box()
    book()
    with transaction():
        close_cycle("meals", "2026-W46", date(2026, 11, 9), DAY)
        add_count({"20000": 1, "10000": 1, "500": 1, "200": 1, "100": 1, "50": 1}, expected=30850)
    book(key="more")
    with transaction():
        close_cycle("meals", "2026-W47", date(2026, 11, 16), DAY)
        add_count({"20000": 1, "10000": 1, "1000": 1, "500": 1, "200": 1, "20": 1}, expected=31700)
    entry = book((BOX, 20), ("749900", -20), key="count:2", document="count:2")
    with transaction():
        db.session.execute(text("UPDATE count SET entry = :entry WHERE id = 2"), {"entry": entry})


def add_count(pieces: dict[str, int], expected: int) -> None:
    """Write down a count of the box."""
    counted = sum(int(value) * many for value, many in pieces.items())
    db.session.add(
        Count(
            account=BOX, counted_on=DAY, pieces=pieces, counted=counted, expected=expected,
            at_seq=queries.head()[0], entry=None,
        )
    )  # fmt: skip
    db.session.flush()


def broken(quick: bool = False) -> list[str]:
    """Name what verify finds broken."""
    return [result.name for result in run(quick) if result.state == State.BROKEN]


def test_untouched_books_hold() -> None:
    some_weeks()
    assert broken() == broken(quick=True) == []


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE cycle SET closed_seq = 99 WHERE id = 1", "closed cycles are in order"),
        ("UPDATE cycle SET closed_seq = 1 WHERE id = 2", "closed cycles are in order"),
        ("UPDATE cycle SET closed_seq = -1 WHERE id = 1", "closed cycles are in order"),
        ("UPDATE cycle SET starts_on = '2027-01-01' WHERE id = 1", "closed cycles are in order"),
        (
            "UPDATE count SET counted = counted + 1 WHERE id = 1",
            "cash counts and checks of the bank are right",
        ),
        (
            "UPDATE count SET expected = expected + 1, counted = counted WHERE id = 1",
            "cash counts and checks of the bank are right",
        ),
        ("UPDATE count SET at_seq = 1 WHERE id = 1", "cash counts and checks of the bank are right"),
        ("UPDATE count SET at_seq = 99 WHERE id = 1", "cash counts and checks of the bank are right"),
        ("UPDATE count SET entry = NULL WHERE id = 2", "cash counts and checks of the bank are right"),
        ("UPDATE count SET entry = 1 WHERE id = 1", "cash counts and checks of the bank are right"),
        ("UPDATE count SET account = '570200' WHERE id = 2", "cash counts and checks of the bank are right"),
        (
            "UPDATE count SET pieces = '{\"100\": 1}' WHERE id = 1",
            "cash counts and checks of the bank are right",
        ),
        ("UPDATE account SET type = 'income' WHERE code = '570100'", "the chart of accounts is sound"),
        ("UPDATE account SET never_negative = false WHERE code = '570100'", "the chart of accounts is sound"),
        ("UPDATE account SET never_negative = true WHERE code = '550100'", "the chart of accounts is sound"),
    ],
)
def test_a_change_by_hand_is_broken(statement: str, name: str) -> None:
    some_weeks()
    with transaction():
        db.session.connection().exec_driver_sql(statement)
    assert name in broken()


def test_a_quick_look_sees_a_balance_that_moved_and_a_newest_entry_that_changed() -> None:
    some_weeks()
    with transaction():
        connection = db.session.connection()
        on = {"sqlite": ("", ""), "postgresql": (" ON balance", " ON journal_entry")}[connection.dialect.name]
        connection.exec_driver_sql(f"DROP TRIGGER balance_moves{on[0]}")
        connection.exec_driver_sql(f"DROP TRIGGER entry_is_sealed{on[1]}")
        connection.exec_driver_sql("UPDATE balance SET cents = cents - 1 WHERE account = '570100'")
        connection.exec_driver_sql("UPDATE journal_entry SET label = 'x' WHERE seq = 3")
    assert broken(quick=True) == [
        "the chain of hashes holds, without a gap",
        "balances are what the postings sum to",
    ]


def test_the_command_says_it_a_line_each_and_exits_with_1(app: object) -> None:
    some_weeks()
    runner = app.test_cli_runner()  # type: ignore[attr-defined]
    fine = runner.invoke(args=["shop", "verify"])
    assert fine.exit_code == 0, fine.output
    assert all(line.startswith("ok ") for line in fine.output.splitlines())
    with transaction():
        db.session.connection().exec_driver_sql("UPDATE cycle SET closed_seq = 99 WHERE id = 1")
    bad = runner.invoke(args=["shop", "verify"])
    assert bad.exit_code == 1
    assert "BROKEN   closed cycles are in order: cycle 2026-W46: closed at entry 99" in bad.output
    assert "Error: 1 of" in bad.stderr


def test_money_that_is_not_there_is_a_warning() -> None:
    open_box(1000)
    book((BOX, -900), ("600100", 900))
    book(("600100", 500), ("499000", -500), key="bill")
    warned = [result for result in run() if result.state == State.WARNING]
    assert [result.name for result in warned] == ["money covers funds and debts"]
    assert broken() == []
    book((BOX, 400), (SALES, -400), key="sold")
    assert all(result.state == State.OK for result in run())
