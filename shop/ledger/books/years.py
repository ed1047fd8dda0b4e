"""Reads for the year end and the locks: what a year leaves to close, what is closed, which days are open."""

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from shop.extensions import db
from shop.ledger.books.models import Account, Balance, JournalEntry, Period, Posting
from shop.ledger.books.rules import AccountType, closing_document


def last_day(year: int) -> date:
    """Give the day that a year ends on."""
    return date(year, 12, 31)


def locked_until() -> date | None:
    """Give the last locked day, or None."""
    return db.session.scalar(select(func.max(Period.ends_on)))


def lock_on(day: date) -> date | None:
    """Give the last day of the lock that covers a day, or None where it is open."""
    covers = select(func.max(Period.ends_on)).where(Period.starts_on <= day, Period.ends_on >= day)
    return db.session.scalar(covers)


def first_open_day(day: date) -> date:
    """Give the first day from this one on that no lock covers."""
    while until := lock_on(day):
        day = until + timedelta(days=1)
    return day


def first_year() -> int | None:
    """Give the year of the earliest entry, or None in empty books."""
    first = db.session.scalar(select(func.min(JournalEntry.date)))
    return first.year if first else None


def to_close(activity: str, year: int) -> dict[str, int]:
    """Give what a seller's income and expense of this year and those before come to, and is not closed yet.

    In cents by account, debit > 0, without those that hold nothing. What was closed counts as closed, on
    whatever day that was.
    """
    held = (
        select(Balance.account, func.sum(Balance.cents))
        .join(Account, Account.code == Balance.account)
        .where(Balance.activity == activity, Account.type.in_([AccountType.INCOME, AccountType.EXPENSE]))
        .group_by(Balance.account)
    )
    cents = {account: int(total) for account, total in db.session.execute(held)}
    closings = [closing_document(activity, one) for one in range(first_year() or year, year + 1)]
    later = (
        select(Posting.account, func.sum(Posting.cents))
        .join(JournalEntry, JournalEntry.seq == Posting.entry)
        .where(
            JournalEntry.date > last_day(year),
            JournalEntry.document.not_in(closings),
            Posting.activity == activity,
            Posting.account.in_(list(cents)),
        )
        .group_by(Posting.account)
    )
    for account, total in db.session.execute(later):
        cents[account] -= int(total)
    return {account: left for account, left in cents.items() if left}


def closings(activity: str, year: int) -> list[tuple[int, date]]:
    """List the closings of a seller's year that stand, by number and day, the oldest first."""
    undo = aliased(JournalEntry)
    found = (
        select(JournalEntry.seq, JournalEntry.date)
        .outerjoin(undo, undo.reverses == JournalEntry.seq)
        .where(
            JournalEntry.document == closing_document(activity, year),
            JournalEntry.reverses.is_(None),
            undo.seq.is_(None),
        )
    )
    return [(seq, day) for seq, day in db.session.execute(found.order_by(JournalEntry.seq))]
