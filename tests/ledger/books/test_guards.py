"""What the database itself refuses, on SQLite and PostgreSQL, whatever the code above it does.

Each guard has its control: with that guard gone, the same statement does its damage, and `verify` sees it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from shop.checks import State
from shop.extensions import WRITE, db
from shop.ledger.books.checks import CHECKS
from tests.ledger.books.attempts import ATTEMPTS, FINE, Attempt, entry, sql
from tests.ledger.books.entries import BOX, SALES, book, open_box

TABLES = {"entry": "journal_entry", "posting": "posting", "balance": "balance"}
BALANCE_GUARDS = ("balance_begins", "balance_moves", "balance_stays", "balance_is_not_emptied")
NEW_BALANCES = """DELETE FROM balance;
INSERT INTO balance (account, activity, subject, cents)
SELECT account, activity, coalesce(subject, ''), sum(cents) FROM posting GROUP BY 1, 2, 3"""

pytestmark = pytest.mark.usefixtures("_four_entries")


@pytest.fixture
def _four_entries(context: None) -> None:
    open_box()
    book()
    book(key="again")
    book((BOX, -850), (SALES, 850), key="reversal:3", reverses=3)


@contextmanager
def tried() -> Iterator[Connection]:
    """Open a transaction that is never committed, so that each attempt finds the same four entries."""
    db.session.rollback()
    yield db.session.connection(execution_options={WRITE: True})
    db.session.rollback()


def possible() -> list[Attempt]:
    """Give the attempts that this database has words for."""
    return [attempt for attempt in ATTEMPTS if db.engine.dialect.name in attempt.dialects]


def end(connection: Connection) -> None:
    """Let the guards that wait for the commit speak now."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def drop(connection: Connection, triggers: Iterable[str]) -> None:
    """Take guards away, by name."""
    for name in triggers:
        where = f" ON {TABLES[name.partition('_')[0]]}" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}{where}"))


def broken() -> list[str]:
    """Name what the open transaction breaks, as verify would."""
    db.session.expire_all()
    results = [result for check in CHECKS for result in check.results(quick=False)]
    return [result.name for result in results if result.state == State.BROKEN]


@pytest.mark.parametrize("pragma", [1, 0], ids=["pragma", "no-pragma"])
def test_the_database_refuses(pragma: int) -> None:
    let_pass = []
    for attempt in possible():
        with tried() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql(f"PRAGMA recursive_triggers={pragma}")
                assert connection.exec_driver_sql("PRAGMA recursive_triggers").scalar() == pragma
            try:
                attempt.work(connection)
                end(connection)
                let_pass.append(attempt.name)
            except DBAPIError as error:
                assert "books: " in str(error), attempt.name  # noqa: PT017 — and not by some other rule
    assert let_pass == []


def test_without_its_guard_each_damage_is_done_and_seen() -> None:
    seen = {}
    for attempt in possible():
        with tried() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA recursive_triggers=0")
                connection.exec_driver_sql("PRAGMA defer_foreign_keys=1")
            drop(connection, attempt.triggers)
            attempt.work(connection)
            end(connection)
            seen[attempt.name] = bool(broken())
    assert seen == {attempt.name: attempt.seen for attempt in possible()}
    assert broken() == []


def test_new_balances_hide_no_damage_but_a_tail_cut_off() -> None:
    seen = {}
    for attempt in possible():
        with tried() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA recursive_triggers=0")
                connection.exec_driver_sql("PRAGMA defer_foreign_keys=1")
            drop(connection, [*attempt.triggers, *BALANCE_GUARDS])
            attempt.work(connection)
            for statement in NEW_BALANCES.split(";"):
                connection.execute(text(statement))
            seen[attempt.name] = bool(broken())
    hidden = {name for name, found in seen.items() if not found}
    assert hidden == {attempt.name for attempt in possible() if attempt.hidden or not attempt.seen}


def test_an_entry_waits_for_the_one_before_to_be_sealed() -> None:
    with tried() as connection:
        entry(*FINE, seal="")(connection)
        with pytest.raises(DBAPIError, match="books: the entry before is not sealed"):
            entry(*FINE, seq=6, prev_hash="f" * 64, idempotency_key="next")(connection)


def test_a_second_reversal_and_a_second_key_are_refused() -> None:
    for change in ({"reverses": 3}, {"idempotency_key": "again"}):
        with tried() as connection, pytest.raises(DBAPIError):
            entry(*FINE, **change)(connection)


def test_an_unknown_account_is_refused_twice() -> None:
    with tried() as connection, pytest.raises(DBAPIError, match="books: no open account"):
        entry(("999999", 100, "meals"), (SALES, -100, "meals"))(connection)
    with tried() as connection:
        drop(connection, ["posting_begins"])
        with pytest.raises(DBAPIError, match=r"(?i)foreign key"):
            entry(("999999", 100, "meals"), (SALES, -100, "meals"))(connection)


def test_a_zero_leg_is_refused_twice() -> None:
    nothing = sql(f"INSERT INTO posting VALUES (5, 3, '{BOX}', 0, 'meals', NULL)")
    for guards, words in (((), "books: a leg is whole"), (("posting_begins",), "not_zero")):
        with tried() as connection:
            entry(*FINE, seal="")(connection)
            drop(connection, guards)
            with pytest.raises(DBAPIError, match=words):
                nothing(connection)
