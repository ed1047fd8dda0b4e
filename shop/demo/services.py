"""Living a week through the real services: each act is a transaction of its own, at its own time."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import exists, select

from shop.demo.dishes import recipes
from shop.demo.meeting import agree
from shop.demo.people import BUYER, CONTACT, PASSPHRASE, TEAM, contact_of
from shop.demo.rules import OPENING_FLOAT, Fate, Guest, Receipt, Story
from shop.extensions import db
from shop.forgetting.services import forget_due
from shop.ledger.books.models import JournalEntry
from shop.ledger.books.queries import balance
from shop.ledger.sharing.rules import WEIGHTS
from shop.ledger.sharing.services import settle, weights_value
from shop.members.models import Member
from shop.members.services import add_member, choose_passphrase, subject_of, write_front
from shop.menu import services as menu
from shop.menu.models import Week
from shop.menu.rules import LETTERS, Plan
from shop.money import notes_and_coins
from shop.orders import services as orders
from shop.orders.queries import owed
from shop.orders.rules import Delivery, OrderSource, PickUp
from shop.pages import Role
from shop.settings.regimes import Regime, set_regime
from shop.settings.switches import Switch, use
from shop.transaction import transaction
from shop.treasury import services as treasury
from shop.treasury.rules import BOX, POCKETS, Spent
from shop.weeks import instant, local_day, shift

ORGANISER, TREASURER, COURIER = "organiser", "treasurer", "courier"
FIVE_EUROS = 500


@dataclass(frozen=True)
class House:
    """What weeks are made of: dishes' ids by key, members' by pseudonym, and who buys."""

    dishes: Mapping[str, int]
    mates: Mapping[str, int]

    @property
    def buyer(self) -> int:
        """Give the id of the member who buys."""
        return self.mates[BUYER]


@dataclass(frozen=True)
class Opened:
    """A published week: its lines' ids by letter, its plan with the slots' ids."""

    id: int
    label: str
    lines: Mapping[str, int]
    plan: Plan

    @property
    def evening(self) -> datetime:
        """Give the instant at which the food is there."""
        return self.plan.slots[0].starts_at

    def portions(self, basket: str) -> dict[int, int]:
        """Count a basket's letters as portions by line."""
        return {self.lines[letter]: many for letter, many in Counter(basket).items()}


def anything_here() -> bool:
    """Say whether somebody works here already: a member, a week or an entry."""
    kept = [select(exists().select_from(table)) for table in (Member, Week, JournalEntry)]
    return any(db.session.scalar(one) for one in kept)


def settle_in(now: datetime, seed: int = 0) -> House:
    """Open a demo shop: its front, its members and their weights, the working float, the cards.

    The cooks' subjects come from the seed, so that equal lives have equal books.
    """
    with transaction():
        write_front("meals", "Plats solidaires", CONTACT, demo=True)
        write_front("beer", "Bière solidaire", CONTACT, demo=True)
        use(Switch, local_day(now))
        for seller in ("meals", "beer"):
            set_regime(seller, Regime.FRANCHISE, local_day(now))
    ids = {mate.pseudonym: _join(mate.pseudonym, now, seed) for mate in TEAM}
    with transaction():
        weights = {ids[mate.pseudonym]: mate.weight for mate in TEAM if mate.weight}
        agree(WEIGHTS, weights_value(weights), now, ids)
        treasury.open_books(OPENING_FLOAT, local_day(now), TREASURER)
        dishes = {
            recipe.key: menu.save_dish(
                recipe.kind,
                recipe.names,
                recipe.price,
                contents=recipe.contents,
                diets=recipe.diets,
                allergens=recipe.allergens,
            ).id
            for recipe in recipes()
        }
    return House(dishes, ids)


def _join(pseudonym: str, now: datetime, seed: int) -> int:
    mate = next(one for one in TEAM if one.pseudonym == pseudonym)
    with transaction():
        token = add_member(pseudonym, [(code, Role(role)) for code, role in mate.roles], now, mate.emblem)
        member = choose_passphrase(token, PASSPHRASE, now)
        if mate.weight:
            subject_of(member, hashlib.sha256(f"{seed}:{pseudonym}".encode()).hexdigest()[:22])
        return member.id


def open_week(house: House, story: Story, plan: Plan) -> Opened:
    """Write and publish a week's menu, the day before it opens."""
    with transaction():
        week = menu.make_week(plan)
        for letter, key in zip(LETTERS, story.menu, strict=False):
            menu.add_line(week.id, house.dishes[key], quota=story.quotas.get(letter))
        menu.publish(week.id, shift(plan.opens_at, -1))
        lines = {line.letter: line.id for line in week.lines}
        return Opened(week.id, week.label, lines, menu.plan_of(week))


def take_orders(week: Opened, story: Story, until: datetime) -> dict[int, Guest]:
    """Place the week's orders one after the other, with what is amended and cancelled; guests by number."""
    step = (until - week.plan.opens_at) / (len(story.guests) + 2)
    placed = {}
    for place, guest in enumerate(story.guests):
        at = week.plan.opens_at + (place + 1) * step
        slot = week.plan.slots[place % len(week.plan.slots)].id or 0
        with transaction():
            number = orders.place_order(
                week.id,
                week.portions(guest.basket),
                Delivery() if guest.delivered else PickUp(slot),
                contact_of(guest.name, guest.delivered, guest.spoken),
                form_id=f"demo-{week.label}-{place:02}",
                source=OrderSource.SPOKEN if guest.spoken else OrderSource.WEB,
                language="fr",
                now=at,
            ).number
        placed[number] = guest
        _think_again(week, number, guest, at + step / 2)
    return placed


def _think_again(week: Opened, number: int, guest: Guest, now: datetime) -> None:
    if guest.amended:
        with transaction():
            orders.amend_order(number, week.portions(guest.amended), None, None, now)
    if guest.fate is Fate.CANCELS:
        with transaction():
            orders.cancel_order(number, now)


def buy(house: House, week: Opened, story: Story) -> list[int]:
    """Record the week's costs; gives those that a pocket paid."""
    pockets = []
    with transaction():
        for place, receipt in enumerate(story.receipts):
            spent = _spent(house, week, receipt)
            form_id = f"demo-{week.label}-{place:02}"
            cost = treasury.record_cost(form_id, spent, spent.spent_on, TREASURER, another=True)
            if receipt.pocket:
                pockets.append(cost.id)
    return pockets


def _spent(house: House, week: Opened, receipt: Receipt) -> Spent:
    return Spent(
        kind=receipt.kind,
        paid_from=POCKETS if receipt.pocket else BOX,
        cents=receipt.cents,
        spent_on=local_day(week.plan.closes_at) + timedelta(days=receipt.days),
        week=week.label,
        shop=receipt.shop,
        regular=receipt.regular,
        payer=house.buyer if receipt.pocket else None,
    )


def serve(week: Opened, story: Story, guests: Mapping[int, Guest]) -> None:
    """Hand over the food and take the cash, one guest a few minutes after the other."""
    if story.team:
        with transaction():
            orders.team_meal(
                week.id, week.portions(story.team), week.evening, form_id=f"demo-{week.label}-team"
            )
    here = (number for number, guest in guests.items() if guest.fate is not Fate.CANCELS)
    for number, now in zip(here, _minutes(week.evening), strict=False):
        with transaction():
            _meet(number, guests[number], now)


def _minutes(start: datetime) -> Iterator[datetime]:
    while True:
        yield start
        start += timedelta(minutes=4)


def _meet(number: int, guest: Guest, now: datetime) -> None:
    role = COURIER if guest.delivered else ORGANISER
    if guest.fate is Fate.STAYS_AWAY:
        orders.mark_no_show(number, now, role)
    elif guest.fate is Fate.KEEPS_THE_CHANGE:
        received = -(-owed(number) // FIVE_EUROS) * FIVE_EUROS
        orders.hand_over(number, now, role, received=received, keep_change=True)
    else:
        orders.hand_over(number, now, role, pay_later=guest.fate is Fate.PAYS_LATER)


def close(week: Opened, story: Story) -> int:
    """Count the box and close the week, the same evening; gives the closed cycle's id."""
    now = week.evening + timedelta(hours=3)
    with transaction():
        treasury.count_cash(notes_and_coins(balance(BOX) + story.off), local_day(now), TREASURER)
        return orders.close_week(week.id, now).id


def share(week: Opened, cycle: int, guests: Mapping[int, Guest], pockets: list[int]) -> int:
    """Meet on Sunday: take what was still owed, repay pockets, settle; gives the settlement's id."""
    now = instant(local_day(week.evening) + timedelta(days=3), time(15))
    with transaction():
        for number, guest in guests.items():
            if guest.fate is Fate.PAYS_LATER:
                orders.receive_payment(number, now, TREASURER)
        for cost in pockets:
            treasury.repay(cost, local_day(now), TREASURER)
        settlement = settle([cycle], None, local_day(now), TREASURER).id
        forget_due(now)
        return settlement


def live(house: House, story: Story, plan: Plan, settled: bool = True) -> Opened:
    """Live a whole week, to the split or, where it is not `settled`, to the closing."""
    week = open_week(house, story, plan)
    guests = take_orders(week, story, plan.closes_at)
    pockets = buy(house, week, story)
    serve(week, story, guests)
    cycle = close(week, story)
    if settled:
        share(week, cycle, guests, pockets)
    return week
