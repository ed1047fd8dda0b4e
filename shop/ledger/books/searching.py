"""Which entries a page of a seller's journal lists: a few, found by an index, however long the history."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Select, String, exists, or_, select, tuple_, type_coerce

from shop.extensions import db
from shop.ledger.books.legs import told_cents
from shop.ledger.books.models import JournalEntry, Posting
from shop.ledger.books.rules import EntryKind

SOURCES = ("order", "week", "settlement", "count", "cost", "movement", "payout", "opening", "closing")
"""What documents begin with; people type what comes after."""


@dataclass(frozen=True)
class Search:
    """What is looked for in a seller's journal: days, the kind, and of one leg the account and the cents.

    `text` is an entry's number, an order's or a document: `12`, `1042`, `2026-W41`.
    """

    seller: str
    since: date | None = None
    until: date | None = None
    kind: EntryKind | None = None
    account: str | None = None
    cents: int | None = None
    text: str = ""


def of_kind(*kinds: EntryKind) -> ColumnElement[bool]:
    """Say in SQL that an entry is of one of these kinds, where it is looked for by something rarer.

    An expression, or SQLite would rather walk an index of all entries of a kind.
    """
    return type_coerce(JournalEntry.kind, String).concat("").in_([kind.value for kind in kinds])


def numbers(search: Search, before: int | None = None, limit: int = 50) -> list[int]:
    """List the numbers of the entries found, newest first, from the one after `before` where given.

    Newest is the highest number; where days or a kind are searched, the latest day.
    """
    if not _starts_with_legs(search):
        return list(db.session.scalars(_by_entry(search, before).limit(limit)))
    # A debit and a credit apart, because each comes from the index in order.
    signed = {search.cents, -search.cents} if search.cents else {None}
    found: set[int] = set()
    for cents in signed:
        found |= set(db.session.scalars(_by_leg(replace(search, cents=cents), before).limit(limit)))
    return sorted(found, reverse=True)[:limit]


def _starts_with_legs(search: Search) -> bool:
    """Say from which table the search begins, as its indexes find the fewest rows there."""
    by_entry = search.text or search.kind or search.since or search.until
    return bool(search.account or search.cents or not by_entry)


def _by_leg(search: Search, before: int | None) -> Select[int]:
    legs = select(Posting.entry).where(*_leg(search)).group_by(Posting.entry).order_by(Posting.entry.desc())
    conditions = list(_entry(search))
    if conditions:
        legs = legs.where(exists().where(JournalEntry.seq == Posting.entry, *conditions))
    return legs.where(Posting.entry < before) if before is not None else legs


def _by_entry(search: Search, before: int | None) -> Select[int]:
    leg = exists().where(Posting.entry == JournalEntry.seq, *_leg(search))
    found = select(JournalEntry.seq).where(*_entry(search), leg)
    if not (search.since or search.until or search.kind):
        found = found.order_by(JournalEntry.seq.desc())
        return found.where(JournalEntry.seq < before) if before is not None else found
    if before is not None:
        day = select(JournalEntry.date).where(JournalEntry.seq == before).scalar_subquery()
        found = found.where(tuple_(JournalEntry.date, JournalEntry.seq) < tuple_(day, before))
    return found.order_by(JournalEntry.date.desc(), JournalEntry.seq.desc())


def _leg(search: Search) -> Iterable[ColumnElement[bool]]:
    # Each further condition is an expression, so that SQLite takes the index of the rarest.
    rare = bool(search.cents)
    if search.cents:
        yield Posting.cents == search.cents
        # What no page tells is not found either: else each part could be guessed.
        yield told_cents() == search.cents
    if search.account:
        yield (Posting.account.concat("") if rare else Posting.account) == search.account
    yield (Posting.activity.concat("") if rare or search.account else Posting.activity) == search.seller


def _entry(search: Search) -> Iterable[ColumnElement[bool]]:
    if search.since:
        yield JournalEntry.date >= search.since
    if search.until:
        yield JournalEntry.date <= search.until
    if search.kind:
        yield of_kind(search.kind) if search.text else JournalEntry.kind == search.kind
    if search.text:
        named = JournalEntry.document.in_(_documents(search.text, search.seller))
        number = _number(search.text)
        yield or_(named, JournalEntry.seq == number) if number else named


def _number(text: str) -> int | None:
    found = re.fullmatch(r"(?:n[°o]?\.?|#)?\s*([0-9]{1,9})", text.lower(), re.ASCII)
    return int(found[1]) if found else None


def _documents(text: str, seller: str) -> list[str]:
    """Name the documents that a text may mean."""
    text = str(_number(text) or text)
    return [text, *(f"{source}:{text}" for source in SOURCES), f"closing:{text}:{seller}"]
