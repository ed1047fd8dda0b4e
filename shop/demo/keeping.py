"""In the demo there is always a week to order from."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import select

from shop.errors import WeekExists
from shop.extensions import db
from shop.members.models import Activity
from shop.menu import services as menu
from shop.menu.models import Week
from shop.menu.queries import current_week
from shop.menu.rules import WeekState
from shop.transaction import transaction
from shop.weeks import shift

AT_LEAST = timedelta(days=1)


def keep_open(now: datetime) -> None:
    """Open the next week where the demo's last one has closed and none is to come; elsewhere do nothing."""
    demo = db.session.scalar(select(Activity.demo).where(Activity.code == "meals"))
    if not demo or _still_to_order(now):
        return
    with transaction():
        if not _still_to_order(now):
            _open_next(now)


def _still_to_order(now: datetime) -> bool:
    week = current_week(now)
    return week is not None and week.state is WeekState.PUBLISHED and now < week.closes_at


def _open_next(now: datetime) -> None:
    """Publish a copy of the newest menu, open from now on, in the first week that has no plans."""
    lived = Week.state.in_([WeekState.PUBLISHED, WeekState.CLOSED])
    last = db.session.scalar(select(Week).where(lived).order_by(Week.closes_at.desc()).limit(1))
    if last is None:
        return
    for later in count(1):
        if shift(last.closes_at, 7 * later) < now + AT_LEAST:
            continue
        with suppress(WeekExists):
            week = menu.copy_week(last.id, later)
            break
    plan = menu.plan_of(week)
    opens_at = min(plan.opens_at, now.replace(second=0, microsecond=0))
    menu.change_week(week.id, replace(plan, opens_at=opens_at), taken={})
    menu.publish(week.id, now)
