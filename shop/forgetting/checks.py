"""What verify says of letters that wait too long and of what should have been forgotten."""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache

from flask import current_app
from sqlalchemy import Select, bindparam, exists, func, select

from shop import clock
from shop.checks import Check
from shop.extensions import db
from shop.forgetting import rules
from shop.menu.models import Week
from shop.orders.models import Contact, Order
from shop.outbox import Letter

PATIENCE = timedelta(hours=6)
GRACE = timedelta(days=1)


def _letters(_quick: bool) -> Iterator[str]:
    """Find letters that do not get through; where no mail server is set on this machine, none is meant to."""
    settings = current_app.config["SETTINGS"]
    if not settings.mail_server and settings.on_loopback:
        return
    late = Letter.due_at < clock.now() - PATIENCE
    waiting = db.session.scalar(select(func.count()).where(Letter.sent_at.is_(None), late))
    if waiting:
        yield f"{waiting} for more than six hours"


def _contacts(_quick: bool) -> Iterator[str]:
    """Find contacts that the worker should have deleted: it does not run."""
    limit = clock.now() - rules.CONTACT_AT_MOST - GRACE
    count = db.session.scalar(_late(), {"limit": limit})
    if count:
        yield f"{count} kept for more than 90 days: is the worker running?"


@cache
def _late() -> Select[int]:
    # Contacts are few and orders many: each contact is looked at, and not each order.
    over = Week.closes_at < bindparam("limit", type_=Week.closes_at.type)
    late = exists().where(Order.number == Contact.number, Week.id == Order.week_id, over)
    return select(func.count()).select_from(Contact).where(late)


CHECKS = (
    Check("letters get through", _letters, warns=True),
    Check("contacts are forgotten in time", _contacts, warns=True),
)
