"""Reads of a year's turnover: three statements a seller, none of them longer for older books."""

from datetime import date, timedelta

from sqlalchemy import func, select

from shop.collective.gauge.rules import Gauge
from shop.extensions import db
from shop.ledger.books.models import JournalEntry, Posting
from shop.ledger.books.queries import no_year_end
from shop.settings.queries import value_on
from shop.settings.regimes import FRANCHISE, Regime, regime_on

SALES = {"meals": ("700100", "700180", "700190"), "beer": ("700200", "700210")}
"""What a seller sold: rebates and refunds are debits here, gifts and deposits stand elsewhere."""


def gauge(seller: str, day: date) -> Gauge | None:
    """Give the turnover of the year up to a day; None where it counts for nothing, or nothing was sold.

    Whoever need not charge VAT, and whoever does, has no threshold to watch.
    """
    if regime_on(seller, day) not in {None, Regime.FRANCHISE}:
        return None
    begun, threshold = _first_week(seller), value_on(FRANCHISE, day)
    if begun is None or begun > day or not threshold:
        return None
    new_year = date(day.year, 1, 1)
    return Gauge(seller, turnover(seller, new_year, day), int(threshold), max(begun, new_year), day)


def turnover(seller: str, first: date, last: date) -> int:
    """Sum what a seller sold from one day to another, in cents; year ends are left out."""
    # From the first entry of these days on: accounts are indexed with entries, and not with days.
    start = select(func.min(JournalEntry.seq)).where(JournalEntry.date.between(first, last))
    total = (
        select(func.coalesce(func.sum(Posting.cents), 0))
        .join(JournalEntry, JournalEntry.seq == Posting.entry)
        .where(
            Posting.account.in_(SALES[seller]),
            Posting.entry >= start.scalar_subquery(),
            JournalEntry.date.between(first, last),
            no_year_end(),
        )
    )
    return -int(db.session.execute(total).scalar_one())


def _first_week(seller: str) -> date | None:
    """Give the Monday of the week of the first sale that was booked: that week was worked for it."""
    first = select(func.min(Posting.entry)).where(Posting.account == SALES[seller][0])
    day = db.session.scalar(select(JournalEntry.date).where(JournalEntry.seq == first.scalar_subquery()))
    return day - timedelta(days=day.weekday()) if day else None
