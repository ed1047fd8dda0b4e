"""Every damage of a single row: each column changed, each row dropped, guards off, and put back after.

A damage is written past the shop, so that nothing stands in its way; `verify` then says whether it sees.
"""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, and_, column, create_engine, select, table
from sqlalchemy import text as sql
from sqlalchemy.pool import NullPool

from shop.extensions import Base, db
from shop.ledger.books.queries import balance
from shop.members.models import Member
from shop.money import notes_and_coins
from shop.transaction import transaction
from shop.treasury.services import hand_box_over
from shop.verify import State, run
from tests.ledger.books.worked import BOX, DAY, EXAMPLES, TREASURER, WHOLE_WEEK

BOOKS = ("journal_entry", "posting", "balance", "account", "activity", "cycle", "period")
SOURCES = ("count", "settlement", "settlement_cycle", "payout", "cost", "cost_line", "movement", "box_holder")
ORDERS = ("customer_order", "order_line")
TABLES = (*BOOKS, *SOURCES, *ORDERS)
DROPPED = "dropped"
OTHER_ACCOUNTS = ("618000", "731000")

WORDS = "words for people; no sum hangs on them"
ITSELF = "nothing else says it, so it can only be believed"
WAITS = "an order that waits is a promise and no money"
LINK = "the secret of a private link, and no money"
UNUSED = "an account that no entry is on"
NUMBER = "a number that nothing points to"
MISSED: dict[str, dict[str, str]] = {
    "account": {
        **dict.fromkeys(("label", "pcmn", "cash_heading", "statement_heading"), WORDS),
        **dict.fromkeys(("opened_on", "closed_on"), ITSELF),
        **dict.fromkeys((DROPPED, "code"), UNUSED),
    },
    "activity": {**dict.fromkeys(("name", "contact", "demo"), WORDS), "sharing": ITSELF},
    "cycle": dict.fromkeys(("closed_on", "closed_seq", "activity"), ITSELF),
    "period": {"id": NUMBER, **dict.fromkeys((DROPPED, "starts_on", "ends_on"), ITSELF)},
    "count": {
        "counted_on": ITSELF,
        **dict.fromkeys((DROPPED, "id", "counted", "at_seq"), "a bank's figure: " + ITSELF),
    },
    "settlement": {"from_seq": ITSELF, "inputs": "sealed, and not asked where the key is gone"},
    "payout": {"id": NUMBER, "confirmed": "a tap that only who received it can give"},
    "cost": {
        "id": NUMBER,
        **dict.fromkeys(("week", "shop", "regular"), WORDS),
        "spent_on": "before a lock: " + ITSELF,
        "payer": "sealed, and not asked where the key is gone",
    },
    "cost_line": {"goods": WORDS, "line": NUMBER},
    "movement": {"id": NUMBER, "happened_on": "before a lock: " + ITSELF},
    "box_holder": dict.fromkeys((DROPPED, "holder", "since_on"), ITSELF),
    "customer_order": {
        **dict.fromkeys(("token_hash", "form_id", "language"), LINK),
        **dict.fromkeys(("number", "week_id", "slot_id", "placed_at", "changed_at", "revision"), WAITS),
        **dict.fromkeys((DROPPED, "state", "source", "delivery_fee"), WAITS),
    },
    "order_line": {
        "id": NUMBER,
        **dict.fromkeys((DROPPED, "number", "line_id", "quantity", "unit_price"), WAITS),
    },
}
"""By table and column, why `verify` cannot see it. What stands here is said, and everything else is seen."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Damage:
    """A row, by its place in its table, and what becomes of a column: another value, or the row dropped."""

    table: str
    row: int
    column: str
    before: Row
    after: Row | None

    def __str__(self) -> str:
        new = "" if self.after is None else f" {self.before[self.column]!r} → {self.after[self.column]!r}"
        return f"{self.table}[{self.row}].{self.column}{new}"


@contextmanager
def unguarded() -> Iterator[Connection]:
    """Give a connection past every guard: no trigger, no foreign key, no check. The triggers stay dropped."""
    engine = create_engine(db.engine.url, poolclass=NullPool)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            raw: Any = connection.connection.driver_connection
            raw.execute("PRAGMA foreign_keys = OFF")
            raw.execute("PRAGMA ignore_check_constraints = ON")
            names = raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for (name,) in names:
                raw.execute(f"DROP TRIGGER {name}")
        else:
            connection.execute(sql("SET session_replication_role = replica"))
            connection.commit()
        yield connection


def damages(connection: Connection, name: str, rows: int) -> Iterator[Damage]:
    """List the damages to so many rows of a table: the last, the first, and others between."""
    kept = _read(connection, name)
    last = len(kept) - 1
    places = {round(last * (1 - step / max(rows - 1, 1))) for step in range(rows)} if kept else set()
    for place in sorted(places):
        before = kept[place]
        yield Damage(name, place, DROPPED, before, None)
        for one in Base.metadata.tables[name].columns:
            for value in _others(one, before[one.name], [row[one.name] for row in kept]):
                yield Damage(name, place, one.name, before, before | {one.name: value})


def _read(connection: Connection, name: str) -> list[Row]:
    keys = ", ".join(one.name for one in Base.metadata.tables[name].primary_key)
    rows = connection.execute(sql(f'SELECT * FROM "{name}" ORDER BY {keys}')).mappings().all()
    connection.rollback()
    return [
        {key: json.dumps(value) if isinstance(value, dict | list) else value for key, value in row.items()}
        for row in rows
    ]


def _others(one: Column[Any], value: Any, there: list[Any]) -> list[Any]:
    """Give other values that a column might hold."""
    if value is None:
        return [other for other in there if other is not None][-1:] or (["x"] if _is_text(one) else [1])
    found = [None] if one.nullable else []
    named = {key.column.table.name for key in one.foreign_keys}
    if "account" in named:
        return [*found, *[code for code in OTHER_ACCOUNTS if code != value][:1]]
    if "activity" in named:
        return [*found, "beer" if value == "meals" else "meals"]
    found += [other for other in there if other != value][:1] if not one.unique else []
    return [*found, *_changed(one, value)]


def _changed(one: Column[Any], value: Any) -> list[Any]:
    if isinstance(value, bool) or one.type.python_type is bool:
        return [not value]
    if isinstance(value, int):
        return [value + 1, *([-value] if one.name == "cents" else [])]
    if isinstance(value, bytes):
        return [value[:-1] + bytes([value[-1] ^ 1])]
    if isinstance(value, dt.date):
        return [value + dt.timedelta(days=1)]
    if one.type.python_type is dt.date:
        return [str(dt.date.fromisoformat(value) + dt.timedelta(days=1))]
    if _is_text(one) and not value.startswith("{"):
        return [value[:-1] + ("x" if value[-1:] != "x" else "y")]
    return []


def _is_text(one: Column[Any]) -> bool:
    return one.type.python_type in (str, dict)


def problems() -> set[tuple[str, State]]:
    """Name what `verify` complains of now."""
    return {(result.name, result.state) for result in run() if result.state != State.OK}


def is_seen(connection: Connection, damage: Damage, before: set[tuple[str, State]]) -> bool | None:
    """Do a damage, ask `verify`, undo it; None where the table itself refuses it.

    It is seen where something is complained of that was not `before`.
    """
    if not _write(connection, damage.table, damage.before, damage.after):
        return None
    try:
        return bool(problems() - before)
    finally:
        assert _write(connection, damage.table, damage.after, damage.before)


def _write(connection: Connection, name: str, old: Row | None, new: Row | None) -> bool:
    bare = table(name, *(column(one.name) for one in Base.metadata.tables[name].columns))
    keys = [one.name for one in Base.metadata.tables[name].primary_key]
    try:
        if old is not None:
            gone = connection.execute(bare.delete().where(and_(*(bare.c[key] == old[key] for key in keys))))
            assert gone.rowcount == 1
        if new is not None:
            connection.execute(bare.insert().values(new))
        connection.commit()
    except Exception:
        connection.rollback()
        return False
    return True


def fill() -> None:
    """Live every worked example in one shop, and give the box to somebody."""
    for heading, play in EXAMPLES.items():
        if heading != WHOLE_WEEK:
            play()
    holder = db.session.scalars(select(Member.id).where(Member.pseudonym == "Menthe")).one()
    with transaction():
        pieces = notes_and_coins(balance(BOX), 20000)
        hand_box_over(BOX, pieces, holder, DAY, TREASURER)
