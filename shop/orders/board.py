"""The dishes as members tap them: for a spoken order, a change, or a sale at the desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shop.menu.queries import menu_lines, week_at_work, week_by_label, weeks
from shop.menu.rules import DishKind, WeekFacts, WeekState, mains_left, portions_left, said
from shop.orders.queries import taken


@dataclass(frozen=True)
class Choice:
    """A dish that can be tapped; price in cents, `left` in portions or None."""

    id: int
    letter: str
    name: str
    kind: DishKind
    price: int
    left: int | None
    allergens: tuple[str, ...]


@dataclass(frozen=True)
class Board:
    """A week's dishes and the mains that are left."""

    week: WeekFacts
    choices: tuple[Choice, ...]
    mains_left: int

    @property
    def line_ids(self) -> frozenset[int]:
        """Give the ids of the dishes."""
        return frozenset(choice.id for choice in self.choices)


def board(week: WeekFacts, language: str, own: Mapping[int, int] | None = None) -> Board:
    """Read a week's dishes; what an order has of its `own` counts as left."""
    lines = menu_lines(week.id)
    sold = taken(week.id)
    free = {line.id: sold.get(line.id, 0) - (own or {}).get(line.id, 0) for line in lines}
    left = mains_left(week.cap, sum(free[line.id] for line in lines if line.kind is DishKind.MAIN))
    choices = (
        Choice(
            line.id,
            line.letter,
            said(line.names, language),
            line.kind,
            line.price,
            portions_left(line.kind, line.quota, free[line.id], left),
            line.allergens,
        )
        for line in lines
    )
    return Board(week, tuple(choices), left)


def desk_week(label: str | None, now: datetime) -> WeekFacts | None:
    """Give the week of a label, else the one whose food goes out: the newest past its cutoff and not closed.

    An evening may be written down the day after, when the week itself is over; before any cutoff, the week at
    work. None for a draft.
    """
    if label is not None:
        found = week_by_label(label)
        return found if found and found.state is not WeekState.DRAFT else None
    past = [week for week in weeks() if week.state is WeekState.PUBLISHED and week.closes_at <= now]
    return max(past, key=lambda week: week.closes_at, default=None) or week_at_work(now)
