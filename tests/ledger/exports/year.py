"""A year of both sellers through the real services: weeks that sell, and each month what treasurers do.

All that may happen to the books happens in it, with amounts drawn by chance, and is undone where it may be.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, time, timedelta
from itertools import pairwise
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from shop.collective.undoing.services import undo
from shop.demo import services as demo
from shop.demo.chance import draw_story
from shop.demo.rules import Fate, Guest, plan_for
from shop.demo.services import Opened
from shop.extensions import db
from shop.ledger.books import services as books
from shop.ledger.books.models import JournalEntry, Posting
from shop.ledger.books.queries import distributable
from shop.ledger.books.rules import EntryKind
from shop.ledger.books.years import year_end
from shop.orders import services as orders
from shop.transaction import transaction
from shop.treasury import services as treasury
from shop.treasury.rules import BANKS
from shop.weeks import instant, local_day, shift
from tests.ledger.exports.liquid import assert_liquid
from tests.ledger.exports.rounds import ACTS, BEER_HELD, LAST, ROLE, SELLERS, Act, Round, keep

SUNDAY, MONTH = timedelta(days=3), timedelta(days=32)
BEER_ALONE = {EntryKind.OPENING}
"""What only the beer's books undo here: the meals' open with the house."""

MEALS_ALONE = {
    *(EntryKind.HAND_OVER, EntryKind.PAYMENT, EntryKind.NO_SHOW),
    *(EntryKind.SETTLEMENT, EntryKind.PAYOUT, EntryKind.ADVANCE),
}
"""What stands for the meals only so far; a settlement has the beer's side of the SECU too."""


def live_year(first: date, weeks: int, note: Callable[[], object] = list, seed: int = 1) -> None:
    """Live so many weeks, the first one's cutoff on `first`, and a last, smaller round in the month after.

    After the first week of each month comes a treasurers' round, in January with the year's end, at which
    what may be shared stays the same. `note` hears of each week's end.
    """
    plan, chance = plan_for(first), Random(seed)
    before: date | None = None
    house = demo.settle_in(shift(plan.opens_at, -1), seed)
    _open_the_beer(local_day(shift(plan.opens_at, -1)))
    for number in range(weeks):
        story, dates = draw_story(chance), plan.later(7 * number)
        week = demo.open_week(house, story, dates)
        guests = demo.take_orders(week, story, dates.closes_at)
        pockets = demo.buy(house, week, story)
        demo.serve(week, story, guests)
        sunday = local_day(week.evening) + SUNDAY
        begins = before is None or sunday.month != before.month
        if begins:
            _think_again(week, guests)
        demo.share(week, demo.close(week, story), guests, pockets)
        if begins:
            _treat(Round(house.mates, chance, sunday, week.label), before)
            before = sunday
        note()
    last = (sunday.replace(day=1) + MONTH).replace(day=7)
    _treat(Round(house.mates, chance, last, week.label), before, LAST)


def _open_the_beer(today: date) -> None:
    """Open with a wrong sum, undo it, and open with the margin of 2021, a float and two debts."""
    with transaction():
        wrong = treasury.open_seller("beer", {"550200": 15000, "140200": 15000}, today, ROLE)
        undo(wrong, instant(today, time(18)), ROLE, "amount")
        treasury.open_seller("beer", BEER_HELD, today, ROLE)


def _think_again(week: Opened, guests: dict[int, Guest]) -> None:
    """Undo at the table whatever was ticked by mistake, and tick it again; one who had paid stays away."""
    now = week.evening + timedelta(hours=2)
    mistaken, away = [number for number, guest in guests.items() if guest.fate is Fate.COMES][:2]
    with transaction():
        orders.undo_hand_over(mistaken, now, "organiser", "never")
        orders.mark_no_show(mistaken, now, "organiser", stays_due=True)
        orders.undo_no_show(mistaken, now, "organiser", "never")
        orders.receive_payment(mistaken, now, ROLE, by_transfer=True)
        orders.undo_payment(mistaken, now, ROLE, "place")
        orders.hand_over(mistaken, now, "organiser")
        orders.undo_hand_over(away, now, "organiser", "never")
        orders.receive_payment(away, now, ROLE)
        orders.mark_no_show(away, now, "organiser")


def _treat(this: Round, before: date | None, acts: Iterable[Act] = ACTS) -> None:
    """Keep the books, end the year where one is over, lock the months that are, and find an old receipt."""
    keep(this, acts)
    for seller in SELLERS:
        there, year = distributable(seller), year_end(seller, this.day).to_close
        db.session.rollback()
        for undone in (True, False) if year else ():
            with transaction():
                closing = books.close_year(seller, year or 0, this.day, ROLE)
                if undone:
                    this.undo(closing)
            assert distributable(seller) == there, (seller, year)
            db.session.rollback()
    with transaction():
        books.lock_until(this.day.replace(day=1) - timedelta(days=1), this.day)
        for seller in SELLERS if before else ():
            late = this.buy(seller, BANKS[seller], before)
            assert db.session.get_one(JournalEntry, late.entry).date == this.day.replace(day=1)


def months() -> Iterator[tuple[date, date]]:
    """Give the first and the last day of each month that the books speak of."""
    first, last = db.session.execute(select(func.min(JournalEntry.date), func.max(JournalEntry.date))).one()
    starts = [first.replace(day=1)]
    while starts[-1] <= last:
        starts.append((starts[-1] + MONTH).replace(day=1))
    for start, after in pairwise(starts):
        yield start, after - timedelta(days=1)


def assert_each_month_adds_up() -> int:
    """Prove the cash book's promise for each seller and month; give how many lines there were."""
    return sum(assert_liquid(seller, *days) for seller in SELLERS for days in months())


def assert_all_of_it_happened() -> None:
    """Prove that the year had every kind of event for each seller that has it, and each one undone."""
    undone = aliased(JournalEntry)
    rows = db.session.execute(
        select(Posting.activity, JournalEntry.kind, undone.kind)
        .join(Posting, Posting.entry == JournalEntry.seq)
        .outerjoin(undone, undone.seq == JournalEntry.reverses)
        .distinct()
    ).all()
    kinds = set(EntryKind) - {EntryKind.REVERSAL}
    both = {(seller, kind) for seller in SELLERS for kind in kinds}
    done = {(seller, kind) for seller, kind, _ in rows}
    mistaken = {(seller, kind) for seller, _, kind in rows if kind}
    rare = {("beer", kind) for kind in MEALS_ALONE}
    assert both - done <= rare, both - done
    assert both - mistaken <= rare | {("meals", kind) for kind in BEER_ALONE}, both - mistaken
