"""Reads for the year end and the locks: what a year leaves to close, what is closed, which days are open."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from shop.extensions import db
from shop.ledger.books.models import Account, Balance, JournalEntry, Period
from shop.ledger.books.queries import standing_entries, sums_after
from shop.ledger.books.rules import AccountType, EntryKind, closing_document


@dataclass(frozen=True)
class YearEnd:
    """How a seller stands: closed years with their entries, and the next one to close with what it leaves.

    `left` is what the year brought and was not shared, in cents; below 0 a loss. `to_close` is None where no
    year that is over waits.
    """

    seller: str
    closed: tuple[tuple[int, int], ...]
    to_close: int | None
    left: int


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
    later = sums_after(last_day(year), activity, JournalEntry.document.not_in(closings))
    left = {account: total - later.get(account, 0) for account, total in cents.items()}
    return {account: total for account, total in left.items() if total}


def closings(activity: str, year: int) -> list[int]:
    """List the closings of a seller's year that stand, by number, the oldest first."""
    return standing_entries(closing_document(activity, year), EntryKind.CLOSING)


def sellers() -> list[str]:
    """Name the sellers whose books hold anything, or have."""
    return list(db.session.scalars(select(Balance.activity).distinct().order_by(Balance.activity)))


def year_end(activity: str, today: date) -> YearEnd:
    """Tell which years of a seller are closed, and which one is next."""
    over = range(first_year() or today.year, today.year)
    closed = tuple((year, seq[-1]) for year in over if (seq := closings(activity, year)))
    # What came late for years closed long ago shows in the last one closed.
    start = closed[-1][0] if closed else over.start
    for year in over[over.index(start) :] if over else ():
        if held := to_close(activity, year):
            return YearEnd(activity, closed, year, -sum(held.values()))
    return YearEnd(activity, closed, None, 0)


def year_to_lock(today: date) -> date | None:
    """Give the end of last year where every seller has closed it and its days are open, else None."""
    year, until = today.year - 1, locked_until()
    everyone = sellers()
    if (until and until >= last_day(year)) or not any(closings(seller, year) for seller in everyone):
        return None
    return None if any(to_close(seller, year) for seller in everyone) else last_day(year)
