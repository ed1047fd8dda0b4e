"""Things that tests need, with defaults. Each function commits; call it inside the app's context."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from shop.menu import services as menu
from shop.menu.models import Dish, Week
from shop.menu.rules import DishKind, Plan, Slot
from shop.transaction import transaction

OPENS = datetime(2026, 11, 20, 9, tzinfo=UTC)
CLOSES = datetime(2026, 11, 24, 17, tzinfo=UTC)
SLOT = datetime(2026, 11, 26, 16, tzinfo=UTC)
"""The week of the tests' clock, 2026-W48: Friday 10 h, Tuesday 18 h, pick-up on Thursday from 17 h."""


def make_dish(
    name: str = "Poulet yassa, riz",
    kind: str = "main",
    price: int = 850,
    diets: Sequence[str] = (),
    allergens: Sequence[str] = (),
) -> Dish:
    """Write a dish's card."""
    with transaction():
        return menu.save_dish(DishKind(kind), {"fr": name}, price, diets=diets, allergens=allergens)


def make_plan(weeks: int = 0, cap: int = 70, delivery_fee: int | None = 200) -> Plan:
    """Plan 2026-W48, or a week so many later: two slots of an hour on Thursday."""
    hour = timedelta(hours=1)
    slots = (Slot(SLOT, SLOT + hour), Slot(SLOT + hour, SLOT + 2 * hour))
    return Plan(OPENS, CLOSES, slots, cap, delivery_fee, "Rue de la Démo 1").later(7 * weeks)


def make_week(
    dishes: Sequence[Dish] | None = None,
    plan: Plan | None = None,
    quotas: Sequence[int | None] = (),
    published: bool = True,
) -> Week:
    """Make a week; without `dishes`, with a starter A at 3.00, a main B at 8.50 and a dessert C at 2.50."""
    dishes = _three_courses() if dishes is None else dishes
    with transaction():
        week = menu.make_week(plan or make_plan())
        for place, dish in enumerate(dishes):
            menu.add_line(week.id, dish.id, quota=quotas[place] if place < len(quotas) else None)
        if published:
            menu.publish(week.id, week.opens_at - timedelta(days=1))
    return week


def _three_courses() -> list[Dish]:
    return [
        make_dish("Soupe de lentilles corail", "starter", 300, ["vegan"], ["celery"]),
        make_dish("Poulet yassa, riz", "main", 850, [], ["mustard"]),
        make_dish("Salade d’oranges", "dessert", 250, ["vegan"]),
    ]
