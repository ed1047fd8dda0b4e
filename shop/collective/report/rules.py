"""What a quarter's page says: weeks and plates, and where the money came from and went. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from shop.money import allocate

ENOUGH = 3
"""Fewer people stand out in a sum: a bigger one says what theirs is part of."""

SALES = ("700100", "700180", "700200", "700210")
DELIVERY = ("700190",)
GIFTS = ("731000", "731100")
SHARED = ("643100",)
FUNDS = ("691100", "791100", "643200", "642000")
FOOD = ("600100", "600110", "600200")

Sums = Mapping[str, int]
"""Cents by account, as people say them: what came in, or what went out, is above 0."""


@dataclass(frozen=True)
class Quarter:
    """Three months of a year, `number` 1 to 4."""

    year: int
    number: int

    @property
    def first(self) -> date:
        """Give its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        """Give its last day."""
        return self.after.first - timedelta(days=1)

    @property
    def before(self) -> "Quarter":
        """Give the quarter before."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @property
    def after(self) -> "Quarter":
        """Give the quarter after."""
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)


def quarter_of(day: date) -> Quarter:
    """Give the quarter that a day lies in."""
    return Quarter(day.year, (day.month + 2) // 3)


@dataclass(frozen=True)
class Cooked:
    """A week's food: the day it was handed over, portions by kind of dish, customers' orders."""

    day: date
    plates: Mapping[str, int]
    orders: int

    @property
    def total(self) -> int:
        """Count the portions of every kind."""
        return sum(self.plates.values())


@dataclass(frozen=True)
class Money:
    """A quarter's sums; how many people had a part, and how many gifts there were."""

    sums: Sums
    people: int = 0
    gifts: int = 0

    def of(self, *accounts: str) -> int:
        """Sum some accounts, in cents."""
        return sum(self.sums.get(account, 0) for account in accounts)

    @property
    def income(self) -> dict[str, int]:
        """Give what came in, in cents by name; few gifts are part of what else came in."""
        named = (*SALES, *DELIVERY, *GIFTS, *FUNDS)
        other = sum(cents for code, cents in self.sums.items() if code[0] == "7" and code not in named)
        gifts = self.of(*GIFTS)
        shown = gifts if self.gifts >= ENOUGH else 0
        found = {"sales": self.of(*SALES), "delivery": self.of(*DELIVERY), "gifts": shown}
        return {name: cents for name, cents in (found | {"other": other + gifts - shown}).items() if cents}

    @property
    def costs(self) -> dict[str, int]:
        """Give what went out, in cents by account, the largest first."""
        left_out = (*SHARED, *FUNDS)
        found = {
            code: cents
            for code, cents in self.sums.items()
            if code[0] == "6" and code not in left_out and cents
        }
        return dict(sorted(found.items(), key=lambda cost: (-cost[1], cost[0])))

    @property
    def uses(self) -> dict[str, int]:
        """Give what became of the rest, in cents by name; parts of few people are not told apart from it."""
        shared = self.of(*SHARED) if self.people >= ENOUGH else 0
        funds = self.of("691100", "643200", "642000") - self.of("791100")
        rest = self.earned - self.spent - shared - funds
        told = "shared_and_left" if not shared else "left" if rest > 0 else "drawn"
        named = {"shared": shared, "funds": funds, told: rest}
        return {name: cents for name, cents in named.items() if cents}

    @property
    def earned(self) -> int:
        """Sum what came in, in cents."""
        return sum(self.income.values())

    @property
    def spent(self) -> int:
        """Sum what went out for cooking and selling, in cents."""
        return sum(self.costs.values())

    @property
    def ten_euros(self) -> dict[str, int] | None:
        """Divide ten euros as the quarter divided all of them, in cents; None where that says too much."""
        shared = self.of(*SHARED)
        food = self.of(*FOOD)
        parts = {"food": food, "running": self.spent - food, "cooks": shared}
        if self.people < ENOUGH or shared <= 0 or min(parts.values()) < 0:
            return None
        return allocate(1000, parts)


@dataclass(frozen=True)
class Line:
    """A line of the money's table: its name or account, cents now and in the quarter before."""

    name: str
    cents: int
    before: int


def lines(now: Mapping[str, int], before: Mapping[str, int]) -> list[Line]:
    """Put two quarters beside each other, in the order of this one's lines."""
    names = [*now, *(name for name in before if name not in now)]
    return [Line(name, now.get(name, 0), before.get(name, 0)) for name in names]


@dataclass(frozen=True)
class Weeks:
    """What was cooked in a quarter; counts are None where fewer than three customers ordered."""

    cooked: tuple[Cooked, ...]

    @property
    def told(self) -> bool:
        """Say whether enough people ordered to count their plates."""
        return sum(week.orders for week in self.cooked) >= ENOUGH

    @property
    def orders(self) -> int:
        """Count the customers' orders."""
        return sum(week.orders for week in self.cooked)

    @property
    def plates(self) -> dict[str, int]:
        """Count portions by kind of dish."""
        kinds = {kind for week in self.cooked for kind in week.plates}
        return {kind: sum(week.plates.get(kind, 0) for week in self.cooked) for kind in sorted(kinds)}

    @property
    def total(self) -> int:
        """Count the portions of every kind."""
        return sum(week.total for week in self.cooked)
