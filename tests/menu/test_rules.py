"""What a menu may hold: pure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.errors import CapBelowOrdered, LineOrdered, MenuTooLong, QuotaBelowOrdered, WeekNotReady, WrongTimes
from shop.menu.rules import (
    ALLERGENS,
    DishKind,
    Plan,
    Slot,
    WeekFacts,
    WeekState,
    check_cap,
    check_line_change,
    check_plan,
    check_ready,
    choose_at_work,
    choose_current,
    next_letter,
    portions_left,
    said,
)

FRIDAY = datetime(2026, 11, 20, 9, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 17, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 26, 16, tzinfo=UTC)
HOURS = timedelta(hours=2)
PLAN = Plan(FRIDAY, TUESDAY, (Slot(THURSDAY, THURSDAY + HOURS),), place="Rue des Demo 1")


def facts(label: str = "2026-W48", weeks: int = 0, state: WeekState = WeekState.PUBLISHED) -> WeekFacts:
    plan = PLAN.later(7 * weeks)
    return WeekFacts(
        1, label, state, plan.opens_at, plan.closes_at, plan.cap, plan.delivery_fee, plan.place, plan.slots
    )


def test_the_law_names_fourteen_allergens() -> None:
    assert len(ALLERGENS) == len(set(ALLERGENS)) == 14


@pytest.mark.parametrize(
    "wrong",
    [
        replace(PLAN, closes_at=FRIDAY),
        replace(PLAN, slots=(Slot(TUESDAY - HOURS, TUESDAY),)),
        replace(PLAN, slots=(Slot(THURSDAY, THURSDAY),)),
        replace(PLAN, slots=(Slot(THURSDAY, THURSDAY + timedelta(days=40)),)),
    ],
)
def test_times_follow_each_other(wrong: Plan) -> None:
    check_plan(PLAN)
    with pytest.raises(WrongTimes):
        check_plan(wrong)


def test_a_week_later_keeps_the_time_on_the_wall_through_both_clock_changes() -> None:
    before = replace(
        PLAN, opens_at=datetime(2027, 3, 19, 9, tzinfo=UTC), closes_at=datetime(2027, 3, 23, 17, tzinfo=UTC)
    )
    after = before.later(7)
    assert after.closes_at == datetime(2027, 3, 30, 16, tzinfo=UTC)
    autumn = replace(PLAN, closes_at=datetime(2027, 10, 26, 16, tzinfo=UTC)).later(7)
    assert autumn.closes_at == datetime(2027, 11, 2, 17, tzinfo=UTC)


def test_the_cap_holds_what_is_ordered() -> None:
    check_cap(55, 55)
    with pytest.raises(CapBelowOrdered) as refused:
        check_cap(54, 55)
    assert refused.value.ordered == 55


def test_an_ordered_line_keeps_its_price_and_its_portions() -> None:
    check_line_change(3, old_price=850, price=850, quota=24, taken=24, ordered=True)
    check_line_change(3, old_price=850, price=900, quota=None, taken=0, ordered=False)
    with pytest.raises(LineOrdered):
        check_line_change(3, old_price=850, price=900, quota=None, taken=0, ordered=True)
    with pytest.raises(QuotaBelowOrdered):
        check_line_change(3, old_price=850, price=850, quota=23, taken=24, ordered=True)


@pytest.mark.parametrize(
    ("plan", "kinds", "missing"),
    [
        (PLAN, [DishKind.STARTER], "main"),
        (replace(PLAN, slots=()), [DishKind.MAIN], "slot"),
        (replace(PLAN, place=""), [DishKind.MAIN], "place"),
    ],
)
def test_a_week_that_lacks_something_is_not_published(
    plan: Plan, kinds: list[DishKind], missing: str
) -> None:
    check_ready(PLAN, [DishKind.MAIN])
    with pytest.raises(WeekNotReady) as refused:
        check_ready(plan, kinds)
    assert refused.value.missing == missing


def test_letters_go_on_behind_the_last() -> None:
    assert next_letter([]) == "A"
    assert next_letter(["A", "C"]) == "D"
    with pytest.raises(MenuTooLong):
        next_letter(["Z"])


@given(quota=st.none() | st.integers(0, 99), taken=st.integers(0, 99), left=st.integers(0, 70))
def test_a_main_is_bounded_by_cap_and_quota_and_a_dessert_by_its_quota(
    quota: int | None, taken: int, left: int
) -> None:
    main = portions_left(DishKind.MAIN, quota, taken, left)
    dessert = portions_left(DishKind.DESSERT, quota, taken, left)
    assert main is not None
    assert 0 <= main <= left
    assert (dessert is None) == (quota is None)
    if quota is not None and dessert is not None:
        assert dessert == max(0, quota - taken)
        assert main == min(left, dessert)


def test_a_dish_without_a_name_in_a_language_is_said_in_french() -> None:
    assert said({"fr": "Poulet yassa", "en": "Chicken yassa"}, "en") == "Chicken yassa"
    assert said({"fr": "Poulet yassa", "ar": ""}, "ar") == "Poulet yassa"


def test_customers_see_the_open_week_then_the_next_then_the_last_until_its_end() -> None:
    last, this, following = facts("2026-W47", -1), facts(), facts("2026-W49", 1)
    every = [last, this, following]
    assert choose_current(every, FRIDAY) is this
    assert choose_current(every, TUESDAY) is following
    assert choose_current([last, this], TUESDAY) is this
    assert choose_current([last, this], THURSDAY + HOURS) is None
    assert choose_current([facts(state=WeekState.DRAFT)], FRIDAY) is None


def test_a_week_called_off_is_seen_until_another_one_stands() -> None:
    off, following = facts(state=WeekState.CANCELLED), facts("2026-W49", 1)
    assert choose_current([off], FRIDAY) is off
    assert choose_current([off], THURSDAY + HOURS) is None
    assert choose_current([off, following], FRIDAY) is following
    assert choose_at_work([off], FRIDAY) is None


def test_members_work_on_the_week_that_is_handed_over_although_the_next_is_published() -> None:
    this, following = facts(), facts("2026-W49", 1)
    assert choose_at_work([following, this], THURSDAY) is this
    assert choose_at_work([following, this], THURSDAY + HOURS) is following
