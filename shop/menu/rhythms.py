"""The rhythm that a group said for its weeks, as a setting with the day from which it holds."""

from dataclasses import replace
from datetime import date, datetime

from shop.menu.rhythm import Rhythm, first_plan, read, written
from shop.menu.rules import Plan, WeekFacts, weeks_until_open
from shop.settings.queries import value_on
from shop.settings.services import set_from
from shop.settings.switches import Switch, uses
from shop.weeks import local_day

KEY = "week-defaults"


def rhythm_on(day: date) -> Rhythm | None:
    """Give the rhythm that holds on a day, or None where nobody said one."""
    found = value_on(KEY, day)
    return read(found) if found else None


def set_rhythm(rhythm: Rhythm, day: date) -> None:
    """Let a rhythm hold from a day on."""
    if rhythm != rhythm_on(day):
        set_from(KEY, day, written(rhythm))


def next_plan(last: WeekFacts | None, now: datetime) -> Plan:
    """Propose the next week: like the last one, or as the group says its weeks run before there is any."""
    if last is None:
        return first_plan(now, rhythm_on(local_day(now)))
    plan = last.plan.later(7 * weeks_until_open(last.closes_at, now))
    return plan if uses(Switch.DELIVERY) else replace(plan, delivery_fee=None)
