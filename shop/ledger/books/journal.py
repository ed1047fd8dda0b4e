"""Reads of the journal, for its pages: entries with their postings, without subjects."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import aliased

from shop.errors import EntryUnknown
from shop.extensions import db
from shop.ledger.books.legs import cents_as_one
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
    """A sealed entry as pages show it.

    `reverses` and `reversed_by` are numbers of entries; `reason` says why the latter was made, where it does.
    """

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
    reason: str | None
    legs: tuple[BookedLeg, ...]

    @property
    def amount(self) -> int:
        """Give the sum of the debits in cents."""
        return sum(leg.cents for leg in self.legs if leg.cents > 0)

    @property
    def sellers(self) -> set[str]:
        """Name the sellers in whose books it stands."""
        return {leg.activity for leg in self.legs}

    def seen_by(self, sellers: Collection[str]) -> "BookedEntry":
        """Give it with the legs of these sellers alone."""
        return replace(self, legs=tuple(leg for leg in self.legs if leg.activity in sellers))


def entry(seq: int) -> BookedEntry:
    """Give one sealed entry for its page. Raises EntryUnknown."""
    found = entries([seq])
    if not found:
        raise EntryUnknown(seq)
    return found[0]


def entries_on(document: str, limit: int = 50) -> list[BookedEntry]:
    """List the entries that cite a document, newest first."""
    citing = select(JournalEntry.seq).where(JournalEntry.document == document)
    return entries(db.session.scalars(citing.order_by(JournalEntry.seq.desc()).limit(limit)).all())


def entries(numbers: Sequence[int]) -> list[BookedEntry]:
    """Give the entries with these numbers, in their order."""
    undo = aliased(JournalEntry)
    own = JournalEntry.__table__.c
    wanted = (
        select(
            *(own.seq, own.idempotency_key.label("key"), own.date, own.recorded_on, own.kind, own.document),
            *(own.label, own.role, own.hash, own.reverses, undo.seq.label("reversed_by")),
            undo.label.label("reason"),
        )
        .outerjoin(undo, undo.reverses == own.seq)
        .where(own.seq.in_(numbers))
    )
    legs = _legs(numbers)
    rows = db.session.execute(wanted).mappings()
    found = {row["seq"]: BookedEntry(**row, legs=tuple(legs[row["seq"]])) for row in rows}
    return [found[number] for number in numbers if number in found]


def _legs(numbers: Sequence[int]) -> dict[int, list[BookedLeg]]:
    """Give the legs of entries; those of several subjects are one, so that no page tells parts apart."""
    legs: dict[int, list[BookedLeg]] = {number: [] for number in numbers}
    told = cents_as_one()
    postings = (
        select(Posting.entry, Posting.account, Account.label, told, Posting.activity)
        .join(Account, Account.code == Posting.account)
        .where(Posting.entry.in_(numbers), told.is_not(None))
        .order_by(Posting.entry, Posting.line)
    )
    for number, account, label, cents, activity in db.session.execute(postings):
        legs[number].append(BookedLeg(account, label, int(cents), activity))
    return legs
