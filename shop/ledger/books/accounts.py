"""An account's page: its postings, the newest first, each with what the account held after it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, tuple_

from shop.extensions import db
from shop.ledger.books import queries
from shop.ledger.books.legs import told_cents
from shop.ledger.books.models import Account, Balance, JournalEntry, Posting
from shop.ledger.books.rules import AccountType, EntryKind


@dataclass(frozen=True)
class Line:
    """A posting of an account; `held` is what it held afterwards. Cents, debit > 0."""

    seq: int
    line: int
    date: date
    kind: EntryKind
    document: str
    cents: int
    held: int


@dataclass(frozen=True)
class Place:
    """Where the next page of an account begins: after this posting, where the account held so many cents.

    As entries never change, what was held there never does either.
    """

    seq: int
    line: int
    held: int


def account(code: str, seller: str) -> Account | None:
    """Give an account that this seller's books have used, or None."""
    used = Balance.account == code, Balance.activity == seller
    return db.session.scalars(
        select(Account).where(Account.code == code, Account.code.in_(select(Balance.account).where(*used)))
    ).first()


def used_by(seller: str) -> list[tuple[str, str, AccountType]]:
    """List the accounts that a seller's books have used, as code, label and type."""
    used = select(Balance.account).where(Balance.activity == seller)
    rows = select(Account.code, Account.label, Account.type).where(Account.code.in_(used))
    return [(code, label, kind) for code, label, kind in db.session.execute(rows.order_by(Account.code))]


def lines(code: str, seller: str, start: Place | None, limit: int) -> tuple[list[Line], Place | None]:
    """List an account's postings for a seller, newest first, and where the next page starts if there is one.

    What the account held is told backwards from its stored balance, so that no page walks the history.
    """
    held, told = start.held if start else queries.balance(code, seller), told_cents()
    wanted = (
        select(Posting.entry, Posting.line, JournalEntry.date, JournalEntry.kind, JournalEntry.document)
        .add_columns(told.label("cents"))
        .join(JournalEntry, JournalEntry.seq == Posting.entry)
        .where(Posting.account == code, Posting.activity == seller, told.is_not(None))
        .order_by(Posting.entry.desc(), Posting.line.desc())
        .limit(limit + 1)
    )
    if start:
        wanted = wanted.where(tuple_(Posting.entry, Posting.line) < tuple_(start.seq, start.line))
    found: list[Line] = []
    for row in db.session.execute(wanted):
        found.append(Line(row.entry, row.line, row.date, row.kind, row.document, row.cents, held))
        held -= row.cents
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], Place(last.seq, last.line, last.held - last.cents)
