"""A few weeks of money, short to write: sales, costs, and four beneficiaries."""

from datetime import date, timedelta

from sqlalchemy import select

from shop.extensions import db
from shop.ledger.books.models import Cycle
from shop.ledger.books.rules import Entry, EntryKind, Leg
from shop.ledger.books.services import close_cycle, post
from shop.ledger.sharing.services import decide_weights, settle
from shop.members.models import Member
from shop.pages import Role
from shop.transaction import transaction
from shop.treasury.rules import BOX, CostKind, Spent
from shop.treasury.services import open_books, record_cost
from shop.weeks import week_label
from tests.conftest import NOON
from tests.factories import make_member

MONDAY = date(2026, 10, 5)
SUNDAY = date(2026, 11, 22)
"""The day of every settlement here: past, and after the weeks."""

NEEDS = {"Basilic": 100, "Cumin": 130, "Gingembre": 180, "Menthe": 210}


def make_beneficiaries() -> dict[str, int]:
    """Add four cooks with the weights of the demo and a float of 300.00; gives their ids by pseudonym."""
    ids = {name: make_member(name, [Role.COOK]).id for name in NEEDS}
    with transaction():
        open_books(30000, MONDAY, "treasurer")
    return ids


def decide_needs(ids: dict[str, int], needs: dict[str, int] | None = None) -> int:
    """Decide the weights; gives the decision's id."""
    with transaction():
        return decide_weights({ids[name]: weight for name, weight in (needs or NEEDS).items()}, NOON).id


def live_week(number: int, sales: int, costs: int = 0) -> int:
    """Sell for cash, buy from the box, and close the week so many after the first; gives the cycle's id."""
    start = MONDAY + timedelta(weeks=number)
    day, label = start + timedelta(days=3), week_label(start)
    with transaction():
        if sales:
            legs = (Leg("570100", sales), Leg("700100", -sales))
            post(
                Entry(f"sale:{label}", EntryKind.HAND_OVER, day, f"week:{label}", "", "organiser", legs), day
            )
        if costs:
            spent = Spent(CostKind.INGREDIENTS, BOX, costs, day, label)
            record_cost(f"costs-{label}", spent, day, "organiser")
        return close_cycle("meals", label, start, day).id


def settled_week() -> dict[str, int]:
    """Live the demo's week and settle it by the demo's weights; gives the beneficiaries' ids by pseudonym."""
    ids = make_beneficiaries()
    decide_needs(ids)
    week = live_week(0, 59950, 29390)
    with transaction():
        settle([week], None, SUNDAY, "treasurer")
    return ids


def cycles(*ids: int) -> list[Cycle]:
    """Read cycles anew."""
    return list(db.session.scalars(select(Cycle).where(Cycle.id.in_(ids)).order_by(Cycle.id)))


def subject_names() -> dict[str, str]:
    """Give pseudonyms by subject."""
    return {one.subject.value: one.pseudonym for one in db.session.scalars(select(Member)) if one.subject}
