"""What a menu may hold and how a week may change. Pure."""

import string
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shop.decisions.rules import Kind, bounds_around, bounds_within
from shop.errors import (
    CapBelowOrdered,
    CapOutOfBounds,
    LineOrdered,
    MenuTooLong,
    QuotaBelowOrdered,
    WeekNotReady,
    WrongTimes,
)
from shop.weeks import shift


class DishKind(StrEnum):
    """The course; only mains count against the cap."""

    STARTER = "starter"
    MAIN = "main"
    DESSERT = "dessert"
    DRINK = "drink"


class WeekState(StrEnum):
    """What was decided about a week. Whether it is open is computed from the clock."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    CLOSED = "closed"


ALLERGENS = (
    "gluten",
    "crustaceans",
    "eggs",
    "fish",
    "peanuts",
    "soya",
    "milk",
    "nuts",
    "celery",
    "mustard",
    "sesame",
    "sulphites",
    "lupin",
    "molluscs",
)
"""The fourteen, in the order of the law. Source: Regulation (EU) 1169/2011, annex II."""

HIGHEST_PRICE = 99_999
"""A dish costs at most this many cents: more is a slip, and an order of it would pass what the books hold."""

DIETS = ("vegan", "vegetarian", "halal", "gluten_free", "spicy")

COURSES = (DishKind.STARTER, DishKind.MAIN, DishKind.DESSERT, DishKind.DRINK)
"""The order of a meal, and of a menu."""

ANNOUNCED = (WeekState.PUBLISHED, WeekState.CANCELLED)
"""Weeks that customers heard of and that are not over yet."""

LETTERS = string.ascii_uppercase

HANDOVER_WITHIN = timedelta(days=30)
"""The last slot ends at most this long after the cutoff, so that looking for this week reads no old ones."""


@dataclass(frozen=True)
class Slot:
    """A pick-up slot; `id` is None where it is new."""

    starts_at: datetime
    ends_at: datetime
    id: int | None = None


CAP_BOUNDS = "cap-bounds"
"""The key of the decision between which numbers of main portions a week's cap is chosen freely."""

MOST_MAINS = 999

PRICE_BOUNDS = "price-bounds"
"""The key of the decision between which percents of the full price a solidarity price is chosen freely."""

FULL_PRICE, MOST_PERCENT = 100, 300

KINDS = (
    Kind(CAP_BOUNDS, bounds_within(1, MOST_MAINS)),
    Kind(PRICE_BOUNDS, bounds_around(0, FULL_PRICE, MOST_PERCENT)),
)
"""What is decided about the menu."""


@dataclass(frozen=True)
class Plan:
    """What is decided about a week apart from its dishes.

    `cap` in main portions; `delivery_fee` in cents, None where nothing is delivered.
    """

    opens_at: datetime
    closes_at: datetime
    slots: tuple[Slot, ...] = ()
    cap: int = 70
    delivery_fee: int | None = None
    place: str = ""

    def later(self, days: int) -> "Plan":
        """Move everything by whole local days, with new slots."""
        return Plan(
            opens_at=shift(self.opens_at, days),
            closes_at=shift(self.closes_at, days),
            slots=tuple(Slot(shift(slot.starts_at, days), shift(slot.ends_at, days)) for slot in self.slots),
            cap=self.cap,
            delivery_fee=self.delivery_fee,
            place=self.place,
        )

    @property
    def handed_over_at(self) -> datetime:
        """Give the start of the first slot, else the cutoff: the day that names the week."""
        return min((slot.starts_at for slot in self.slots), default=self.closes_at)


def check_plan(plan: Plan) -> None:
    """Refuse times that do not follow each other. Raises WrongTimes."""
    slots_fit = all(
        plan.closes_at <= slot.starts_at < slot.ends_at <= plan.closes_at + HANDOVER_WITHIN
        for slot in plan.slots
    )
    if plan.opens_at >= plan.closes_at or not slots_fit:
        raise WrongTimes


def check_bounds(cap: int, bounds: Sequence[int]) -> None:
    """Refuse a cap outside of what was decided, where anything was. Raises CapOutOfBounds."""
    if bounds and not bounds[0] <= cap <= bounds[1]:
        raise CapOutOfBounds(bounds[0], bounds[1])


def within_bounds(cap: int, bounds: Sequence[int]) -> int:
    """Give the cap nearest to this one that was decided to be possible."""
    return min(max(cap, bounds[0]), bounds[1]) if bounds else cap


def check_cap(cap: int, ordered: int) -> None:
    """Refuse a cap below the main portions that are ordered. Raises CapBelowOrdered."""
    if cap < ordered:
        raise CapBelowOrdered(ordered)


def check_line_change(
    line_id: int, *, old_price: int, price: int, quota: int | None, taken: int, ordered: bool
) -> None:
    """Refuse a new price once somebody ordered, and a quota below what is taken.

    Prices in cents; `taken` in portions of live orders. Raises LineOrdered, QuotaBelowOrdered.
    """
    if ordered and price != old_price:
        raise LineOrdered(line_id)
    if quota is not None and quota < taken:
        raise QuotaBelowOrdered(line_id, taken)


def check_ready(plan: Plan, kinds: Collection[DishKind]) -> None:
    """Refuse to publish a week that lacks something. Raises WeekNotReady, WrongTimes."""
    check_plan(plan)
    if DishKind.MAIN not in kinds:
        raise WeekNotReady("main")
    if not plan.slots:
        raise WeekNotReady("slot")
    if not plan.place:
        raise WeekNotReady("place")


def next_letter(used: Iterable[str]) -> str:
    """Give the letter behind the last one used: one once read is not given again. Raises MenuTooLong."""
    last = max(used, default="")
    following = LETTERS[LETTERS.index(last) + 1 :] if last else LETTERS
    if not following:
        raise MenuTooLong
    return following[0]


def portions_left(kind: DishKind, quota: int | None, taken: int, mains_left: int) -> int | None:
    """Say how many portions of a dish can still be had; None where neither quota nor cap bounds it."""
    bounds = [mains_left] if kind is DishKind.MAIN else []
    if quota is not None:
        bounds.append(quota - taken)
    return max(0, min(bounds)) if bounds else None


def mains_left(cap: int, mains_taken: int) -> int:
    """Say how many main portions of the cap are left."""
    return max(0, cap - mains_taken)


def said(texts: Mapping[str, str], language: str) -> str:
    """Give a dish's words in a language, else in French."""
    return texts.get(language) or texts.get("fr", "")


def weeks_until_open(closes_at: datetime, now: datetime) -> int:
    """Say how many whole weeks later a week like this one can still be ordered from, at least 1."""
    later = 1
    while shift(closes_at, 7 * later) <= now:
        later += 1
    return later


@dataclass(frozen=True)
class Line:
    """A dish on a menu, as pages and sheets show it: price in cents, quota in portions or None."""

    id: int
    dish_id: int
    letter: str
    kind: DishKind
    names: Mapping[str, str]
    contents: Mapping[str, str]
    diets: tuple[str, ...]
    allergens: tuple[str, ...]
    price: int
    quota: int | None
    position: int


@dataclass(frozen=True)
class WeekFacts:
    """A week as pages show it, without its dishes; slots in order."""

    id: int
    label: str
    state: WeekState
    opens_at: datetime
    closes_at: datetime
    cap: int
    delivery_fee: int | None
    place: str
    slots: tuple[Slot, ...]

    @property
    def changeable(self) -> bool:
        """Say whether the week is neither closed nor called off."""
        return self.state in {WeekState.DRAFT, WeekState.PUBLISHED}

    @property
    def plan(self) -> Plan:
        """Give what is decided about it."""
        return Plan(self.opens_at, self.closes_at, self.slots, self.cap, self.delivery_fee, self.place)

    @property
    def handed_over_at(self) -> datetime:
        """Give the start of the first slot, else the cutoff: the day people name the week by."""
        return self.plan.handed_over_at

    @property
    def ends_at(self) -> datetime:
        """Give the end of the last slot, else the cutoff."""
        return max((slot.ends_at for slot in self.slots), default=self.closes_at)


def in_courses(lines: Iterable[Line]) -> list[Line]:
    """Put lines in the order of a meal."""
    return sorted(lines, key=lambda line: (COURSES.index(line.kind), line.position))


def choose_current(weeks: Sequence[WeekFacts], now: datetime) -> WeekFacts | None:
    """Choose the week customers see: the one open now, else the next to open, else the last until its end.

    Where none is left but one that was called off, that one: it says that nobody cooks.
    """
    alive = [week for week in weeks if week.state is WeekState.PUBLISHED and week.ends_at > now]
    if open_now := [week for week in alive if week.opens_at <= now < week.closes_at]:
        return min(open_now, key=lambda week: week.closes_at)
    if to_come := [week for week in alive if now < week.opens_at]:
        return min(to_come, key=lambda week: week.opens_at)
    called_off = [week for week in weeks if week.state is WeekState.CANCELLED and week.ends_at > now]
    return max(alive or called_off, key=lambda week: week.closes_at, default=None)


def choose_at_work(weeks: Sequence[WeekFacts], now: datetime) -> WeekFacts | None:
    """Choose the week members work on: the first that is not over yet, open or being handed over."""
    alive = [week for week in weeks if week.state is WeekState.PUBLISHED and week.ends_at > now]
    return min(alive, key=lambda week: week.ends_at, default=None)
