"""Closing a week: once every order came to its end, the books get a cycle to share."""

from datetime import date, datetime

from sqlalchemy import update

from shop.errors import AlreadyClosed, OrdersOpen, WeekStillOpen
from shop.extensions import db
from shop.ledger.books.models import Cycle
from shop.ledger.books.services import close_cycle
from shop.menu.models import Week
from shop.menu.rules import WeekState
from shop.orders.facts import load_terms
from shop.orders.queries import open_orders
from shop.weeks import local_day

ACTIVITY = "meals"


def close_week(week_id: int, now: datetime) -> Cycle:
    """Close a week: its orders change no more, and what it earned can be shared.

    Raises AlreadyClosed, WeekStillOpen before the cutoff, OrdersOpen while orders wait.
    """
    terms = load_terms(week_id)
    if terms.state in (WeekState.CLOSED, WeekState.CANCELLED):
        raise AlreadyClosed
    if terms.state is WeekState.DRAFT or now < terms.closes_at:
        raise WeekStillOpen
    waiting = len(open_orders(week_id))
    if waiting:
        raise OrdersOpen(waiting)
    db.session.execute(update(Week).where(Week.id == week_id).values(state=WeekState.CLOSED))
    return close_cycle(ACTIVITY, terms.label, monday(terms.label), local_day(now))


def monday(label: str) -> date:
    """Give the first day of the ISO week that a label such as `2026-W41` names."""
    year, week = label.split("-W")
    return date.fromisocalendar(int(year), int(week), 1)
