"""The two lives: the demo's six weeks up to now, and as many simulated weeks as wanted."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from shop.demo.bookkeeping import keep_books, open_the_beer
from shop.demo.chance import draw_story
from shop.demo.meeting import meet
from shop.demo.rules import first_story, open_story, plan_around, plan_for
from shop.demo.services import live, open_week, settle_in, take_orders
from shop.menu.rhythm import FRIDAY
from shop.weeks import local_day, shift

LIVED = 6
SEED = 2026


def live_demo(now: datetime) -> None:
    """Live six weeks that end now: five are settled, the last is closed only; then open this week's menu."""
    plan = plan_around(now)
    chance = Random(SEED)
    house = settle_in(shift(plan.opens_at, -7 * LIVED - 1), SEED)
    open_the_beer(local_day(shift(plan.opens_at, -7 * LIVED - 1)))
    live(house, first_story(), plan.later(-7 * LIVED))
    for ago in range(LIVED - 1, 0, -1):
        week = live(house, draw_story(chance), plan.later(-7 * ago), settled=ago > 1)
        keep_books(house, week, ago)
        meet(house.mates, local_day(week.evening), ago)
    story = open_story()
    take_orders(open_week(house, story, plan), story, now)


def simulate(count: int, seed: int, start: date, note: Callable[[], object]) -> None:
    """Live `count` weeks, the first opening on the Friday from `start` on; `note` hears of each one's end."""
    friday = start + timedelta(days=(FRIDAY - start.weekday()) % 7)
    plan = plan_for(friday + timedelta(days=4))
    chance = Random(seed)
    house = settle_in(shift(plan.opens_at, -1), seed)
    for week in range(count):
        live(house, draw_story(chance), plan.later(7 * week))
        note()
