"""Weeks, menus and cards of dishes, as pages read them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from shop.decisions.queries import in_force
from shop.extensions import db, read
from shop.menu.models import Dish, MenuLine, PickupSlot, Week
from shop.menu.rules import (
    ANNOUNCED,
    CAP_BOUNDS,
    HANDOVER_WITHIN,
    DishKind,
    Line,
    Slot,
    WeekFacts,
    WeekState,
    choose_at_work,
    choose_current,
    in_courses,
)
from shop.vault import token_hash

# Made once, because building a statement costs more than running it.
_WEEKS: Select[*tuple[Any, ...]] = (
    select(
        Week.id,
        Week.label,
        Week.state,
        Week.opens_at,
        Week.closes_at,
        Week.cap,
        Week.delivery_fee,
        Week.place,
        PickupSlot.id.label("slot_id"),
        PickupSlot.starts_at,
        PickupSlot.ends_at,
    )
    .outerjoin(PickupSlot, PickupSlot.week_id == Week.id)
    .order_by(Week.closes_at, PickupSlot.starts_at)
)
_BY_ID = _WEEKS.where(Week.id == bindparam("week"))
# Bounded on the indexed cutoff: five years of weeks cost nothing.
_RECENT = _WEEKS.where(Week.closes_at > bindparam("since"), Week.state.in_(ANNOUNCED))
_LINES: Select[*tuple[Any, ...]] = (
    select(
        MenuLine.id,
        MenuLine.dish_id,
        MenuLine.letter,
        Dish.kind,
        Dish.names,
        Dish.contents,
        Dish.diets,
        Dish.allergens,
        MenuLine.price,
        MenuLine.quota,
        MenuLine.position,
    )
    .join(Dish, Dish.id == MenuLine.dish_id)
    .where(MenuLine.week_id == bindparam("week"))
)


@dataclass(frozen=True)
class Card:
    """A dish already written down: price in cents, how often it was cooked, the label of the last week."""

    id: int
    kind: DishKind
    names: Mapping[str, str]
    diets: tuple[str, ...]
    price: int
    times: int
    last_label: str | None


def current_week(now: datetime) -> WeekFacts | None:
    """Give the week that customers see: the one open, else the next, else the last until its end."""
    return choose_current(_recent(now), now)


def week_at_work(now: datetime) -> WeekFacts | None:
    """Give the week that members work on: the first published one that is not over yet."""
    return choose_at_work(_recent(now), now)


def week_by_label(label: str) -> WeekFacts | None:
    """Give the week of this label."""
    # Whatever stands in an address comes here; PostgreSQL would choke on some of it.
    if not re.fullmatch(r"[0-9]{4}-W[0-9]{2}", label, re.ASCII):
        return None
    return next(iter(_weeks(Week.label == label)), None)


def week_by_id(week_id: int) -> WeekFacts | None:
    """Give the week of this id."""
    return next(iter(_grouped(_BY_ID, {"week": week_id})), None)


def week_of_wall(token: str, now: datetime) -> WeekFacts | None:
    """Give the week whose wall link this is, until the week is over."""
    found = next(iter(_weeks(Week.wall_token_hash == token_hash(token))), None)
    alive = found and found.state is WeekState.PUBLISHED and now < found.ends_at
    return found if alive else None


def weeks(most: int = 12) -> list[WeekFacts]:
    """List the newest weeks, newest first."""
    newest = select(Week.id).order_by(Week.closes_at.desc()).limit(most).subquery()
    return _weeks(Week.id.in_(select(newest.c.id)))[::-1]


def unfinished(now: datetime) -> list[WeekFacts]:
    """List drafts, and published weeks that are over and wait to be closed; oldest first."""
    waiting = _weeks(Week.state.in_([WeekState.DRAFT, WeekState.PUBLISHED]))
    return [week for week in waiting if week.state is WeekState.DRAFT or week.ends_at <= now]


def menu_lines(week_id: int) -> list[Line]:
    """List a week's dishes in the order of a meal."""
    return in_courses(_line(row) for row in read(_LINES, {"week": week_id}))


def cards() -> list[Card]:
    """List the cards of dishes, the most recently cooked first."""
    shown = select(
        MenuLine.dish_id,
        func.count().label("times"),
        func.max(Week.label).label("last_label"),
    ).join(Week, Week.id == MenuLine.week_id)
    shown = shown.where(Week.state.in_([WeekState.PUBLISHED, WeekState.CLOSED])).group_by(MenuLine.dish_id)
    menus = shown.subquery()
    query = select(Dish.id, Dish.kind, Dish.names, Dish.diets, Dish.price, menus.c.times, menus.c.last_label)
    query = query.outerjoin(menus, menus.c.dish_id == Dish.id)
    found = [
        Card(row.id, row.kind, row.names, tuple(row.diets), row.price, row.times or 0, row.last_label)
        for row in db.session.execute(query)
    ]
    return sorted(found, key=lambda card: (card.last_label or "", card.id), reverse=True)


def dish(dish_id: int) -> Dish | None:
    """Give a dish's card, to change it."""
    return db.session.get(Dish, dish_id)


def _recent(now: datetime) -> list[WeekFacts]:
    return _grouped(_RECENT, {"since": now - HANDOVER_WITHIN})


def _weeks(*where: ColumnElement[bool]) -> list[WeekFacts]:
    """Read weeks with their slots in one statement, oldest first."""
    return _grouped(_WEEKS.where(*where), {})


def _grouped(statement: Select[*tuple[Any, ...]], values: Mapping[str, object]) -> list[WeekFacts]:
    rows = read(statement, values)
    grouped: dict[int, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.id, []).append(row)
    return [_facts(group) for group in grouped.values()]


def _facts(rows: Iterable[Any]) -> WeekFacts:
    week, *_ = rows = list(rows)
    return WeekFacts(
        id=week.id,
        label=week.label,
        state=week.state,
        opens_at=week.opens_at,
        closes_at=week.closes_at,
        cap=week.cap,
        delivery_fee=week.delivery_fee,
        place=week.place,
        slots=tuple(Slot(row.starts_at, row.ends_at, row.slot_id) for row in rows if row.slot_id is not None),
    )


def _line(row: Any) -> Line:
    return Line(
        id=row.id,
        dish_id=row.dish_id,
        letter=row.letter,
        kind=row.kind,
        names=row.names,
        contents=row.contents,
        diets=tuple(row.diets),
        allergens=tuple(row.allergens),
        price=row.price,
        quota=row.quota,
        position=row.position,
    )


def cap_bounds(day: date) -> tuple[int, ...]:
    """Give between which caps the meeting lets a week of this day choose; empty where it decided nothing."""
    found = in_force(CAP_BOUNDS, day)
    return tuple(found.value.value or ()) if found else ()
