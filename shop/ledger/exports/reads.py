"""Reads of the books for the files that treasurers take away: by one connection, as of one moment."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask import current_app
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Executable,
    Row,
    SQLColumnExpression,
    and_,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.orm import aliased

from shop.extensions import db
from shop.ledger.books.models import Account, Balance, JournalEntry, Posting
from shop.ledger.books.names import renamed
from shop.ledger.books.rules import GENESIS, AccountType
from shop.ledger.exports.rules import LIQUID, Moved
from shop.members.models import Activity
from shop.settings.naming import KEY, AidName
from shop.settings.queries import newest

AT_ONCE = 500
"""Rows that are held at a time."""

SHOPS = "shops_of_documents"
"""Under this name the application holds how to say in SQL which shop a document paid: costs stand higher."""

NEXT_TO_LIQUID = chr(ord(LIQUID) + 1)


@dataclass(frozen=True)
class Scope:
    """What a file is about: days, both included, of some sellers by their codes."""

    first: date
    last: date
    activities: tuple[str, ...]


@dataclass(frozen=True)
class ChartLine:
    """An account with what the files need of it."""

    code: str
    label: str
    type: AccountType
    cash_heading: str
    statement_heading: str


class Chart(dict[str, ChartLine]):
    """The accounts by code; one that is not there has a line too, so that damaged books can be shown."""

    def __missing__(self, code: str) -> ChartLine:
        """Give a line for a code that no account has."""
        return ChartLine(code, "Compte inconnu", AccountType.ASSET, "", "")


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Read as of one moment, however long it takes and whoever writes meanwhile."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def chart(connection: Connection) -> Chart:
    """Give the accounts by code."""
    columns = Account.__table__.c
    wanted = select(
        columns.code, columns.label, columns.type, columns.cash_heading, columns.statement_heading
    ).order_by(columns.code)
    names = renamed(aid_name(connection))
    return Chart(
        (row.code, ChartLine(row.code, names.get(row.label, row.label), *row[2:]))
        for row in connection.execute(wanted)
    )


def aid_name(connection: Connection) -> AidName:
    """Give what the group calls that which the cooks receive, as said last."""
    said = connection.execute(newest(KEY, date.max)).first()
    return AidName(said.value) if said else AidName.AID


def stored_balances(connection: Connection, activities: Collection[str]) -> dict[tuple[str, str], int]:
    """Give what the sealing keeps: cents by account and seller, over all subjects."""
    wanted = (
        select(Balance.account, Balance.activity, func.sum(Balance.cents))
        .where(Balance.activity.in_(activities))
        .group_by(Balance.account, Balance.activity)
    )
    return {(account, activity): int(cents) for account, activity, cents in connection.execute(wanted)}


def sellers(connection: Connection) -> dict[str, str]:
    """Give the names of the sellers by code, in the order of the codes, the one with needs first."""
    wanted = select(Activity.code, Activity.name).order_by(Activity.sharing.desc(), Activity.code)
    return {row.code: row.name for row in connection.execute(wanted)}


def head(connection: Connection) -> tuple[int, str]:
    """Give the newest entry's number and hash."""
    newest = select(JournalEntry.seq, JournalEntry.hash).order_by(JournalEntry.seq.desc()).limit(1)
    found = connection.execute(newest).first()
    return (found.seq, found.hash) if found else (0, GENESIS)


def days(connection: Connection, *activities: str) -> tuple[date, date] | None:
    """Give the first and the last day that anything is dated, of these sellers where named; None for none."""
    wanted = select(JournalEntry.date).limit(1)
    if activities:
        leg = aliased(Posting)
        wanted = wanted.where(exists().where(leg.entry == JournalEntry.seq, leg.activity.in_(activities)))
    first = connection.scalar(wanted.order_by(JournalEntry.date))
    last = connection.scalar(wanted.order_by(JournalEntry.date.desc()))
    return (first, last) if first and last else None


def years(today: date) -> list[int]:
    """List the years that the books speak of, this one first."""
    oldest = db.session.scalar(select(func.min(JournalEntry.date))) or today
    return list(range(today.year, oldest.year - 1, -1))


def money_accounts(connection: Connection, activity: str) -> list[str]:
    """List the boxes, banks and Stripe that a seller ever used, and its own box."""
    used = select(Balance.account).where(Balance.activity == activity, _liquid(Balance.account))
    own = select(Activity.cash_account).where(Activity.code == activity)
    return sorted({*connection.scalars(used), *connection.scalars(own)})


def moved(connection: Connection, scope: Scope, activity: str) -> Iterator[Moved]:
    """Give, by day and number, a seller's side of each entry that touches its liquid money."""
    undone = aliased(JournalEntry)
    wanted = (
        select(
            JournalEntry.seq,
            JournalEntry.date,
            JournalEntry.kind,
            func.coalesce(undone.kind, JournalEntry.kind).label("event"),
            JournalEntry.document,
            JournalEntry.label,
            _shop().label("shop"),
            Posting.account,
            Posting.cents,
        )
        .join(Posting, Posting.entry == JournalEntry.seq)
        .outerjoin(undone, undone.seq == JournalEntry.reverses)
        .where(_within(scope), Posting.activity == activity, _touches_money(activity))
        .order_by(JournalEntry.date, JournalEntry.seq, Posting.line)
    )
    for _, rows in groupby(stream(connection, wanted), key=lambda row: row.seq):
        legs = list(rows)
        entry = legs[0]
        yield Moved(
            *(entry.seq, entry.date, entry.kind, entry.event, entry.document, entry.label),
            tuple((leg.account, leg.cents) for leg in legs),
            entry.shop or "",
        )


def numbers_given(connection: Connection, activity: str, day: date) -> int:
    """Count the lines of a seller's cash book from the first of January until the day before."""
    begun = and_(JournalEntry.date >= day.replace(month=1, day=1), JournalEntry.date < day)
    wanted = select(func.count(JournalEntry.seq)).where(begun, _touches_money(activity))
    return connection.scalars(wanted).one()


def liquid_before(connection: Connection, activity: str, day: date) -> dict[str, int]:
    """Give what each box, bank and Stripe of a seller held before a day, in cents."""
    return dict(sums(connection, and_(JournalEntry.date < day, _liquid(Posting.account)), activity))


def sums(connection: Connection, which: ColumnElement[bool], activity: str) -> list[tuple[str, int]]:
    """Sum a seller's postings by account and subject, in cents; an account may stand there more than once."""
    wanted = (
        select(Posting.account, func.sum(Posting.cents))
        .join(JournalEntry, JournalEntry.seq == Posting.entry)
        .where(which, Posting.activity == activity)
        .group_by(Posting.account, Posting.subject)
        .order_by(Posting.account)
    )
    return [(account, int(cents)) for account, cents in connection.execute(wanted)]


def stream(connection: Connection, wanted: Executable) -> Iterator[Row[Any]]:
    """Read row by row, never the whole."""
    with connection.execute(wanted, execution_options={"yield_per": AT_ONCE}) as found:
        yield from found


def _shop() -> ColumnElement[str]:
    paid = current_app.extensions.get(SHOPS)
    return paid(JournalEntry.document) if paid else literal("")


def _within(scope: Scope) -> ColumnElement[bool]:
    return JournalEntry.date.between(scope.first, scope.last)


def _liquid(account: SQLColumnExpression[str]) -> ColumnElement[bool]:
    return and_(account >= LIQUID, account < NEXT_TO_LIQUID)


def _touches_money(activity: str) -> ColumnElement[bool]:
    leg = aliased(Posting)
    return exists().where(leg.entry == JournalEntry.seq, leg.activity == activity, _liquid(leg.account))
