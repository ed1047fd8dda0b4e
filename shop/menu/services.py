"""The verbs of dishes, weeks and their menus."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import exists, select

from shop.errors import (
    DishOnMenu,
    DishUnknown,
    KindFixed,
    LineOrdered,
    LineUnknown,
    SlotOrdered,
    WeekExists,
    WeekOver,
    WeekUnknown,
    WrongTimes,
)
from shop.extensions import db
from shop.menu.models import Dish, MenuLine, PickupSlot, Week
from shop.menu.queries import cap_bounds
from shop.menu.rules import (
    COURSES,
    LETTERS,
    DishKind,
    Plan,
    Slot,
    WeekState,
    check_bounds,
    check_cap,
    check_line_change,
    check_plan,
    check_ready,
    next_letter,
    within_bounds,
)
from shop.vault import new_token, token_hash
from shop.weeks import local_day, week_label


def save_dish(
    kind: DishKind,
    names: Mapping[str, str],
    price: int,
    *,
    contents: Mapping[str, str] | None = None,
    diets: Sequence[str] = (),
    allergens: Sequence[str] = (),
    dish_id: int | None = None,
) -> Dish:
    """Write a dish's card, new or over an old one; price in cents. Raises DishUnknown, KindFixed."""
    dish = Dish() if dish_id is None else db.session.get(Dish, dish_id)
    if dish is None:
        raise DishUnknown
    if dish_id is not None and dish.kind != kind and _was_published(dish_id):
        raise KindFixed
    dish.kind, dish.price = kind, price
    dish.names, dish.contents = _filled(names), _filled(contents or {})
    dish.diets, dish.allergens = list(diets), list(allergens)
    db.session.add(dish)
    db.session.flush()
    return dish


def make_week(plan: Plan) -> Week:
    """Make a draft week, named by its first slot's day. Raises WeekExists, WrongTimes, CapOutOfBounds."""
    check_plan(plan)
    check_bounds(plan.cap, cap_bounds(local_day(plan.handed_over_at)))
    label = week_label(local_day(plan.handed_over_at))
    if db.session.scalar(select(exists().where(Week.label == label))):
        raise WeekExists(label)
    week = Week(label=label, state=WeekState.DRAFT)
    _write_plan(week, plan)
    db.session.add(week)
    db.session.flush()
    return week


def copy_week(week_id: int, weeks_later: int = 1, *, delivers: bool = True) -> Week:
    """Make a draft with the same times on the wall, dishes, prices and quotas, whole weeks later.

    It is delivered for the same fee, unless the group no longer `delivers`. Raises WeekUnknown, WeekExists,
    WrongTimes.
    """
    source = _week(week_id)
    plan = plan_of(source).later(7 * weeks_later)
    plan = replace(plan, cap=within_bounds(plan.cap, cap_bounds(local_day(plan.handed_over_at))))
    week = make_week(plan if delivers else replace(plan, delivery_fee=None))
    week.lines = [
        MenuLine(
            dish_id=line.dish_id,
            letter=line.letter,
            position=line.position,
            price=line.price,
            quota=line.quota,
        )
        for line in source.lines
    ]
    db.session.flush()
    _letter_draft(week)
    return week


def publish(week_id: int, now: datetime) -> Week:
    """Show a week to customers. Raises WeekUnknown, WeekOver, WeekNotReady, WrongTimes."""
    week = _changeable(week_id)
    check_ready(plan_of(week), [line.dish.kind for line in week.lines])
    if week.closes_at <= now:
        raise WrongTimes
    week.state = WeekState.PUBLISHED
    db.session.flush()
    return week


def change_week(
    week_id: int, plan: Plan, taken: Mapping[int, int], slots_ordered: Collection[int] = ()
) -> Week:
    """Change times, slots, cap, fee and place; the label stays.

    `taken` maps lines to ordered portions, `slots_ordered` names the slots that orders were ever made for.
    Raises WeekUnknown, WeekOver, WrongTimes, WeekNotReady, CapBelowOrdered, CapOutOfBounds, SlotOrdered.
    """
    week = _changeable(week_id)
    check_plan(plan)
    if plan.cap != week.cap:
        check_bounds(plan.cap, cap_bounds(local_day(plan.handed_over_at)))
    if week.state is WeekState.PUBLISHED:
        check_ready(plan, {line.dish.kind for line in week.lines})
    check_cap(plan.cap, mains_in(week, taken))
    kept = {slot.id for slot in plan.slots}
    for slot_id in slots_ordered:
        if slot_id not in kept:
            raise SlotOrdered(slot_id)
    _write_plan(week, plan)
    db.session.flush()
    return week


def move_cutoff(week_id: int, closes_at: datetime) -> Week:
    """Close ordering earlier or later. Raises WeekUnknown, WeekOver, WrongTimes."""
    week = _changeable(week_id)
    check_plan(replace(plan_of(week), closes_at=closes_at))
    week.closes_at = closes_at
    db.session.flush()
    return week


def cancel_week(week_id: int) -> None:
    """Call a published week off; a draft, which nobody saw, goes away. Raises WeekUnknown, WeekOver.

    Its orders are the caller's: this feature knows none.
    """
    week = _changeable(week_id)
    if week.state is WeekState.DRAFT:
        db.session.delete(week)
    else:
        week.state, week.wall_token_hash = WeekState.CANCELLED, None
    db.session.flush()


def add_line(week_id: int, dish_id: int, price: int | None = None, quota: int | None = None) -> MenuLine:
    """Put a dish on a menu, at its last price in cents unless another is given.

    A draft's letters follow the courses; what was published keeps its letter.
    Raises WeekUnknown, WeekOver, DishUnknown, DishOnMenu, MenuTooLong.
    """
    week = _changeable(week_id)
    dish = db.session.get(Dish, dish_id)
    if dish is None:
        raise DishUnknown
    if any(line.dish_id == dish_id for line in week.lines):
        raise DishOnMenu(dish_id)
    line = MenuLine(
        dish=dish,
        letter=next_letter(line.letter for line in week.lines),
        position=max((line.position for line in week.lines), default=0) + 1,
        price=dish.price if price is None else price,
        quota=quota,
    )
    week.lines.append(line)
    db.session.flush()
    _letter_draft(week)
    return line


def change_line(line_id: int, price: int, quota: int | None, taken: int, ordered: bool) -> MenuLine:
    """Change a price in cents and a quota in portions; the card remembers the price.

    `taken` counts portions of live orders; `ordered` says whether anybody ever ordered it.
    Raises LineUnknown, WeekOver, LineOrdered, QuotaBelowOrdered.
    """
    line = _line(line_id)
    check_line_change(line_id, old_price=line.price, price=price, quota=quota, taken=taken, ordered=ordered)
    line.price = line.dish.price = price
    line.quota = quota
    db.session.flush()
    return line


def remove_line(line_id: int, ordered: bool) -> None:
    """Take a dish off a menu that nobody ordered it from. Raises LineUnknown, WeekOver, LineOrdered."""
    line = _line(line_id)
    if ordered:
        raise LineOrdered(line_id)
    week = _week(line.week_id)
    week.lines.remove(line)
    db.session.flush()
    _letter_draft(week)


def new_wall_link(week_id: int) -> str:
    """Make the secret of the kitchen's wall link; the one before stops. Raises WeekUnknown, WeekOver."""
    week = _changeable(week_id)
    token = new_token()
    week.wall_token_hash = token_hash(token)
    db.session.flush()
    return token


def plan_of(week: Week) -> Plan:
    """Give what is decided about a week apart from its dishes."""
    return Plan(
        opens_at=week.opens_at,
        closes_at=week.closes_at,
        slots=tuple(Slot(slot.starts_at, slot.ends_at, slot.id) for slot in week.slots),
        cap=week.cap,
        delivery_fee=week.delivery_fee,
        place=week.place,
    )


def mains_in(week: Week, taken: Mapping[int, int]) -> int:
    """Count the main portions among what is taken of each line."""
    return sum(taken.get(line.id, 0) for line in week.lines if line.dish.kind is DishKind.MAIN)


def _week(week_id: int) -> Week:
    week = db.session.get(Week, week_id)
    if week is None:
        raise WeekUnknown
    return week


def _changeable(week_id: int) -> Week:
    week = _week(week_id)
    if week.state in {WeekState.CLOSED, WeekState.CANCELLED}:
        raise WeekOver
    return week


def _line(line_id: int) -> MenuLine:
    line = db.session.get(MenuLine, line_id)
    if line is None:
        raise LineUnknown
    _changeable(line.week_id)
    return line


def _write_plan(week: Week, plan: Plan) -> None:
    week.opens_at, week.closes_at = plan.opens_at, plan.closes_at
    week.cap, week.delivery_fee, week.place = plan.cap, plan.delivery_fee, plan.place
    known = {slot.id: slot for slot in week.slots}
    week.slots = [_write_slot(known.get(slot.id or 0) or PickupSlot(), slot) for slot in plan.slots]


def _write_slot(row: PickupSlot, slot: Slot) -> PickupSlot:
    row.starts_at, row.ends_at = slot.starts_at, slot.ends_at
    return row


def _letter_draft(week: Week) -> None:
    """Give a draft's letters and positions anew, in the order of a meal."""
    if week.state is not WeekState.DRAFT:
        return
    ordered = sorted(week.lines, key=lambda line: (COURSES.index(line.dish.kind), line.position))
    if [line.letter for line in ordered] == list(LETTERS[: len(ordered)]):
        return
    # Letters are unique at every statement: they step aside before they are given anew.
    for spare, line in zip(LETTERS.lower(), ordered, strict=False):
        line.letter = spare
    db.session.flush()
    for position, line in enumerate(ordered):
        line.letter, line.position = LETTERS[position], position + 1
    db.session.flush()
    db.session.refresh(week, ["lines"])


def _was_published(dish_id: int) -> bool:
    published = select(MenuLine.id).join(Week, Week.id == MenuLine.week_id)
    published = published.where(MenuLine.dish_id == dish_id, Week.state != WeekState.DRAFT)
    return db.session.scalar(select(published.exists())) or False


def _filled(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: text for language, text in texts.items() if text}
