"""Dishes and weeks, on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from shop.decisions.services import decide
from shop.errors import (
    CapBelowOrdered,
    CapOutOfBounds,
    DishOnMenu,
    KindFixed,
    LineOrdered,
    SlotOrdered,
    WeekExists,
    WeekNotReady,
    WeekOver,
    WrongTimes,
)
from shop.extensions import db
from shop.menu import queries, services
from shop.menu.models import Week
from shop.menu.rules import DishKind, WeekState
from shop.transaction import transaction
from tests.conftest import NOON
from tests.factories import CLOSES, OPENS, SLOT, make_dish, make_plan, make_week

pytestmark = pytest.mark.usefixtures("context")


def letters(week: Week) -> str:
    return "".join(line.letter for line in queries.menu_lines(week.id))


def test_a_week_is_named_by_the_day_of_its_first_slot() -> None:
    assert make_week().label == "2026-W48"
    with pytest.raises(WeekExists), transaction():
        services.make_week(make_plan())


def test_a_drafts_letters_follow_the_courses() -> None:
    dessert, main, starter = make_dish("D", "dessert"), make_dish("M"), make_dish("S", "starter")
    week = make_week([dessert, main, starter], published=False)
    assert [line.names["fr"] for line in queries.menu_lines(week.id)] == ["S", "M", "D"]
    assert letters(week) == "ABC"


def test_what_was_published_keeps_its_letter() -> None:
    week = make_week()
    starter = make_dish("Samoussas", "starter", 350)
    with transaction():
        services.add_line(week.id, starter.id)
    assert letters(week) == "ADBC"


def test_a_dish_stands_on_a_menu_once() -> None:
    dish = make_dish()
    week = make_week([dish])
    with pytest.raises(DishOnMenu), transaction():
        services.add_line(week.id, dish.id)


def test_a_copy_keeps_dishes_prices_and_times_on_the_wall() -> None:
    week = make_week(quotas=[9])
    with transaction():
        copy = services.copy_week(week.id)
    lines = queries.menu_lines(copy.id)
    assert (copy.label, copy.state, copy.place) == ("2026-W49", WeekState.DRAFT, week.place)
    assert copy.closes_at == CLOSES + timedelta(days=7)
    assert [(line.letter, line.price, line.quota) for line in lines] == [
        ("A", 300, 9),
        ("B", 850, None),
        ("C", 250, None),
    ]


def test_a_draft_without_a_main_is_not_published() -> None:
    week = make_week([make_dish("S", "starter")], published=False)
    with pytest.raises(WeekNotReady), transaction():
        services.publish(week.id, OPENS)


def test_a_week_past_its_cutoff_is_not_published() -> None:
    week = make_week(published=False)
    with pytest.raises(WrongTimes), transaction():
        services.publish(week.id, CLOSES)


def test_an_ordered_line_keeps_its_price_and_stays() -> None:
    week = make_week()
    main = queries.menu_lines(week.id)[1]
    with pytest.raises(LineOrdered), transaction():
        services.change_line(main.id, 900, None, taken=2, ordered=True)
    with pytest.raises(LineOrdered), transaction():
        services.remove_line(main.id, ordered=True)
    with transaction():
        services.change_line(main.id, 900, 12, taken=0, ordered=False)
    changed = queries.menu_lines(week.id)[1]
    assert (changed.price, changed.quota) == (900, 12)
    assert queries.cards()[1].price == 900


def test_the_cap_stays_above_the_mains_that_are_taken() -> None:
    week = make_week()
    starter, main, _ = queries.menu_lines(week.id)
    taken = {starter.id: 30, main.id: 24}
    with transaction():
        services.change_week(week.id, replace(services.plan_of(week), cap=24), taken)
    with pytest.raises(CapBelowOrdered), transaction():
        services.change_week(week.id, replace(services.plan_of(week), cap=23), taken)


def test_a_slot_that_somebody_comes_in_may_move_and_stays() -> None:
    week = make_week()
    plan = services.plan_of(week)
    first, second = plan.slots
    moved = replace(first, ends_at=first.ends_at + timedelta(minutes=15))
    with transaction():
        services.change_week(week.id, replace(plan, slots=(moved,)), {}, {first.id or 0})
    assert [slot.id for slot in services.plan_of(week).slots] == [first.id]
    with pytest.raises(SlotOrdered), transaction():
        services.change_week(week.id, replace(plan, slots=(second,)), {}, {first.id or 0})


def test_the_cutoff_moves_before_the_first_slot() -> None:
    week = make_week()
    with transaction():
        services.move_cutoff(week.id, CLOSES + timedelta(hours=1))
    found = queries.current_week(CLOSES)
    assert found is not None
    assert found.closes_at == CLOSES + timedelta(hours=1)
    with pytest.raises(WrongTimes), transaction():
        services.move_cutoff(week.id, SLOT + timedelta(minutes=1))


def test_a_draft_goes_away_and_a_published_week_is_called_off() -> None:
    draft, week = make_week(plan=make_plan(1), published=False), make_week()
    with transaction():
        services.cancel_week(draft.id)
        services.cancel_week(week.id)
    assert [(found.label, found.state) for found in queries.weeks()] == [("2026-W48", WeekState.CANCELLED)]
    with pytest.raises(WeekOver), transaction():
        services.publish(week.id, OPENS)


def test_a_main_that_was_published_stays_a_main() -> None:
    dish = make_dish()
    with transaction():
        services.save_dish(DishKind.STARTER, {"fr": "Soupe"}, 300, dish_id=dish.id)
        services.save_dish(DishKind.MAIN, {"fr": "Poulet"}, 850, dish_id=dish.id)
    make_week([dish])
    with pytest.raises(KindFixed), transaction():
        services.save_dish(DishKind.STARTER, {"fr": "Poulet"}, 300, dish_id=dish.id)


def test_the_walls_link_ends_with_the_week() -> None:
    week = make_week()
    with transaction():
        token = services.new_wall_link(week.id)
    found = queries.week_of_wall(token, SLOT)
    assert found is not None
    assert found.label == "2026-W48"
    assert queries.week_of_wall(token, SLOT + timedelta(hours=2)) is None
    assert queries.week_of_wall("another", SLOT) is None
    with transaction():
        services.new_wall_link(week.id)
    assert queries.week_of_wall(token, SLOT) is None


def test_customers_and_members_each_see_their_week() -> None:
    make_week()
    make_week([make_dish()], make_plan(1))
    shown, worked = queries.current_week(CLOSES), queries.week_at_work(CLOSES)
    assert shown is not None
    assert worked is not None
    assert (shown.label, worked.label) == ("2026-W49", "2026-W48")
    assert len(worked.slots) == 2


def test_a_published_week_that_is_over_waits_to_be_closed() -> None:
    make_week()
    make_week([make_dish()], make_plan(1), published=False)
    assert [week.label for week in queries.unfinished(OPENS)] == ["2026-W49"]
    assert [week.label for week in queries.unfinished(SLOT + timedelta(days=1))] == ["2026-W48", "2026-W49"]


def test_cards_remember_how_often_a_dish_was_cooked() -> None:
    dish = make_dish()
    make_week([dish])
    with transaction():
        services.copy_week(queries.weeks()[0].id)
        db.session.flush()
    card = queries.cards()[0]
    assert (card.times, card.last_label) == (1, "2026-W48")


def test_a_published_week_keeps_a_moment_to_come() -> None:
    week = make_week()
    without_slots = replace(make_plan(), slots=())
    with pytest.raises(WeekNotReady) as refused, transaction():
        services.change_week(week.id, without_slots, {})
    assert refused.value.missing == "slot"


@pytest.mark.usefixtures("context")
def test_the_cap_stays_within_what_was_decided() -> None:
    early = make_week(plan=make_plan(cap=70))
    with transaction():
        decide("cap-bounds", [40, 60], date(2026, 11, 23), NOON)

    for cap in (39, 61):
        with pytest.raises(CapOutOfBounds), transaction():
            services.make_week(make_plan(weeks=1, cap=cap))
        with pytest.raises(CapOutOfBounds), transaction():
            services.change_week(early.id, make_plan(cap=cap), {})
    with transaction():
        assert services.change_week(early.id, make_plan(cap=70), {}).cap == 70, "what stood before stays"
        assert services.copy_week(early.id, 2).cap == 60
        assert services.make_week(make_plan(weeks=1, cap=40)).cap == 40
