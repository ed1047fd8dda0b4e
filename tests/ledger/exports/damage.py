"""Rows of the books changed by hand, without a guard, and put back."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from shop.extensions import db
from shop.transaction import transaction
from tests.load.history import GUARDS, drop_guards

TABLES = ("posting", "journal_entry", "balance")
LEG = "UPDATE posting SET {} WHERE entry = {} AND line = 1"
FIRST = "SELECT account FROM posting WHERE entry = {} AND line = 1"


def damages(seq: int | None = None, seller: str = "meals") -> dict[str, list[str]]:
    """Give statements for each kind of damage to an entry of two legs, a seller's middle one by default."""
    seq = seq or _in_the_middle(seller)
    other = "beer" if seller == "meals" else "meals"
    return {
        "a leg on a wrong account that stands": [LEG.format("account = '618000'", seq)],
        "a leg on a wrong account that is used": [LEG.format("account = '731000'", seq)],
        "a leg of the other seller": [LEG.format(f"activity = '{other}'", seq)],
        "an amount": [LEG.format("cents = cents + 1", seq)],
        "all amounts": [f"UPDATE posting SET cents = 2 * cents WHERE entry = {seq}"],
        "swapped signs": [f"UPDATE posting SET cents = -cents WHERE entry = {seq}"],
        "one swapped sign": [LEG.format("cents = -cents", seq)],
        "a dropped leg": [f"DELETE FROM posting WHERE entry = {seq} AND line = 2"],
        "a day across a month": [f"UPDATE journal_entry SET date = date(date, '+1 month') WHERE seq = {seq}"],
        "a day within a month": [f"UPDATE journal_entry SET date = date(date, '-1 day') WHERE seq = {seq}"],
        "a swapped hash": [f"UPDATE journal_entry SET hash = prev_hash WHERE seq = {seq}"],
        "a stored balance": [f"UPDATE balance SET cents = cents + 1 WHERE account = ({FIRST.format(seq)})"],
        "a deleted entry": [
            f"DELETE FROM posting WHERE entry = {seq}",
            f"DELETE FROM journal_entry WHERE seq = {seq}",
        ],
    }


@contextmanager
def damage(statements: list[str]) -> Iterator[None]:
    """Change rows, and afterwards make the tables what they were."""
    with transaction():
        drop_guards(db.session.connection(), GUARDS[:1])
        db.session.execute(text("PRAGMA defer_foreign_keys = ON"))
        for table in TABLES:
            db.session.execute(text(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}"))
        for statement in statements:
            db.session.execute(text(statement))
    try:
        yield
    finally:
        with transaction():
            db.session.execute(text("PRAGMA defer_foreign_keys = ON"))
            for table in TABLES:
                db.session.execute(text(f"DELETE FROM {table}"))
            for table in reversed(TABLES):
                db.session.execute(text(f"INSERT INTO {table} SELECT * FROM kept_{table}"))
                db.session.execute(text(f"DROP TABLE kept_{table}"))


def _in_the_middle(seller: str) -> int:
    """Find an entry of two legs that no row points to: the undoing of a gift, its first leg is on money."""
    found = text(
        "SELECT one.seq FROM journal_entry one JOIN journal_entry gift ON gift.seq = one.reverses"
        " JOIN posting ON posting.entry = one.seq WHERE gift.kind = 'gift'"
        " GROUP BY one.seq HAVING count(*) = 2 AND min(activity) = :seller AND max(activity) = :seller"
        " ORDER BY one.seq"
    )
    entries = list(db.session.scalars(found, {"seller": seller}))
    db.session.rollback()
    return int(entries[len(entries) // 2])
