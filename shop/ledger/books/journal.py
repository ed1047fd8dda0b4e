"""Reads of the journal, for its pages: entries with their postings, without subjects."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from shop.errors import EntryUnknown
from shop.extensions import db
from shop.ledger.books.models import Account, JournalEntry, Posting
from shop.ledger.books.rules import EntryKind


@dataclass(frozen=True)
class BookedLeg:
    """A posting as pages show it, without its subject; cents, debit > 0."""

    account: str
    label: str
    cents: int
    activity: str


@dataclass(frozen=True)
class BookedEntry:
    """A sealed entry as pages show it; `reverses` and `reversed_by` are numbers of entries."""

    seq: int
    key: str
    date: dt.date
    recorded_on: dt.date
    kind: EntryKind
    document: str
    label: str
    role: str
    hash: str
    reverses: int | None
    reversed_by: int | None
    legs: tuple[BookedLeg, ...]

    @property
    def amount(self) -> int:
        """Give the sum of the debits in cents."""
        return sum(leg.cents for leg in self.legs if leg.cents > 0)


def entry(seq: int) -> BookedEntry:
    """Give one sealed entry for its page. Raises EntryUnknown."""
    found = _booked(JournalEntry.seq == seq, 1)
    if not found:
        raise EntryUnknown(seq)
    return found[0]


def journal(before: int | None = None, limit: int = 50) -> list[BookedEntry]:
    """List entries, newest first, below the number `before` where given."""
    return _booked(JournalEntry.seq < before if before is not None else JournalEntry.seq > 0, limit)


def entries_on(document: str, limit: int = 50) -> list[BookedEntry]:
    """List the entries that cite a document, newest first."""
    return _booked(JournalEntry.document == document, limit)


def _booked(which: ColumnElement[bool], limit: int) -> list[BookedEntry]:
    undo = aliased(JournalEntry)
    wanted = (
        select(JournalEntry.__table__, undo.seq.label("reversed_by"))
        .outerjoin(undo, undo.reverses == JournalEntry.seq)
        .where(which)
        .order_by(JournalEntry.seq.desc())
        .limit(limit)
    )
    rows = db.session.execute(wanted).all()
    legs: dict[int, list[BookedLeg]] = {row.seq: [] for row in rows}
    postings = (
        select(Posting.entry, Posting.account, Account.label, Posting.cents, Posting.activity)
        .join(Account, Account.code == Posting.account)
        .where(Posting.entry.in_(legs))
        .order_by(Posting.entry, Posting.line)
    )
    for number, account, label, cents, activity in db.session.execute(postings):
        legs[number].append(BookedLeg(account, label, cents, activity))
    return [
        BookedEntry(
            row.seq,
            row.idempotency_key,
            row.date,
            row.recorded_on,
            row.kind,
            row.document,
            row.label,
            row.role,
            row.hash,
            row.reverses,
            row.reversed_by,
            tuple(legs[row.seq]),
        )
        for row in rows
    ]
