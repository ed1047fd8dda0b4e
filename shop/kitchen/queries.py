"""The kitchen's sheet: what to cook, how often, and what changed since it was printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from shop.extensions import db
from shop.kitchen.models import KitchenSheet
from shop.kitchen.rules import changes
from shop.menu.queries import menu_lines
from shop.menu.rules import ALLERGENS, COURSES, DishKind, Line, WeekFacts, said
from shop.orders.queries import Ticket, taken, tickets
from shop.orders.rules import LIVE


@dataclass(frozen=True)
class Without:
    """Portions of a dish for who asked to leave an allergen out, and the numbers of their orders."""

    allergen: str
    portions: int
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class SheetDish:
    """A dish on the sheet: `portions` to cook, `change` since the last print."""

    letter: str
    kind: DishKind
    name: str
    contents: str
    diets: tuple[str, ...]
    allergens: tuple[str, ...]
    portions: int
    change: int
    without: tuple[Without, ...]


@dataclass(frozen=True)
class Sheet:
    """A kitchen sheet; version 0 before the first print. `printed` is None or the last printed version."""

    week: WeekFacts
    version: int
    printed: int | None
    changes: Mapping[str, int]
    dishes: tuple[SheetDish, ...]

    @property
    def courses(self) -> list[tuple[DishKind, list[SheetDish]]]:
        """Give the dishes by course, courses without a dish left out."""
        found = [(kind, [dish for dish in self.dishes if dish.kind is kind]) for kind in COURSES]
        return [(kind, dishes) for kind, dishes in found if dishes]

    @property
    def counts(self) -> dict[str, int]:
        """Map letters to portions."""
        return {dish.letter: dish.portions for dish in self.dishes}

    @property
    def portions(self) -> int:
        """Count the portions of every kind."""
        return sum(dish.portions for dish in self.dishes)

    @property
    def mains(self) -> int:
        """Count the main portions."""
        return sum(dish.portions for dish in self.dishes if dish.kind is DishKind.MAIN)


def sheet(week: WeekFacts, language: str) -> Sheet:
    """Give a week's sheet in a cook's language, else in French; six statements."""
    sold = taken(week.id)
    lines = menu_lines(week.id)
    careful = [one for one in tickets(week.id) if one.without and one.state in LIVE]
    last = last_print(week.id)
    counts = {line.letter: sold.get(line.id, 0) for line in lines}
    changed = changes(last.counts, counts) if last else {}
    version = last.version + bool(changed) if last else 1
    return Sheet(
        week=week,
        version=version,
        printed=last.version if last else None,
        changes=changed,
        dishes=tuple(
            _dish(line, counts[line.letter], changed.get(line.letter, 0), careful, language) for line in lines
        ),
    )


def last_print(week_id: int) -> KitchenSheet | None:
    """Give the last sheet printed for a week."""
    printed = select(KitchenSheet).where(KitchenSheet.week_id == week_id)
    return db.session.scalars(printed.order_by(KitchenSheet.version.desc()).limit(1)).first()


def _dish(line: Line, portions: int, change: int, careful: Sequence[Ticket], language: str) -> SheetDish:
    return SheetDish(
        letter=line.letter,
        kind=line.kind,
        name=said(line.names, language),
        contents=said(line.contents, language),
        diets=line.diets,
        allergens=line.allergens,
        portions=portions,
        change=change,
        without=_without(line.id, careful),
    )


def _without(line_id: int, careful: Sequence[Ticket]) -> tuple[Without, ...]:
    """Gather what is asked of a dish, allergens in the order of the law."""
    eaten = [(one, line.quantity) for one in careful for line in one.lines if line.line_id == line_id]
    asked = {key: [(one.number, many) for one, many in eaten if key in one.without] for key in ALLERGENS}
    return tuple(
        Without(key, sum(many for _, many in orders), tuple(number for number, _ in orders))
        for key, orders in asked.items()
        if orders
    )
