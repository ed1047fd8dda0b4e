"""What a first week is proposed from."""

from datetime import UTC, datetime, time

import pytest

from shop.menu.rhythm import Rhythm, Turn, first_plan, read, written
from shop.weeks import local

MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_as_nobody_said_it_a_week_opens_on_friday() -> None:
    plan = first_plan(MONDAY)
    assert f"{local(plan.opens_at):%a %d %H:%M}" == "Fri 27 10:00"
    assert f"{local(plan.closes_at):%a %d %H:%M}" == "Tue 01 18:00"
    assert [f"{local(slot.starts_at):%a %d %H}–{local(slot.ends_at):%H}" for slot in plan.slots] == [
        "Thu 03 17–18",
        "Thu 03 18–19",
    ]
    assert (plan.cap, plan.delivery_fee, plan.place) == (70, None, "")


def test_each_turn_comes_after_the_one_before() -> None:
    same_day = Rhythm(Turn(0, time(18)), Turn(0, time(12)), Turn(0, time(12)), time(13), 0, 40, "Ici")
    plan = first_plan(MONDAY, same_day)
    assert [local(one).day for one in (plan.opens_at, plan.closes_at, plan.slots[0].starts_at)] == [23, 30, 7]


def test_a_time_on_the_wall_stays_through_a_change_of_clocks() -> None:
    plan = first_plan(datetime(2027, 3, 25, 12, tzinfo=UTC))
    assert f"{local(plan.opens_at):%d %H:%M %z}" == "26 10:00 +0100"
    assert f"{local(plan.closes_at):%d %H:%M %z}" == "30 18:00 +0200"


@pytest.mark.parametrize(
    ("minutes", "until", "slots"), [(0, 19, 1), (30, 19, 4), (60, 19, 2), (60, 20, 3), (30, 17, 0)]
)
def test_a_pick_up_is_cut_into_slots(minutes: int, until: int, slots: int) -> None:
    found = Rhythm(until=time(until), slot_minutes=minutes).slots
    assert len(found) == slots
    assert not found or (found[0][0], found[-1][1]) == (time(17), time(until))


def test_the_last_slot_is_what_is_left() -> None:
    assert Rhythm(until=time(18, 30), slot_minutes=60).slots[-1] == (time(18), time(18, 30))


def test_a_rhythm_is_read_as_it_was_written() -> None:
    said = Rhythm(Turn(6, time(8, 15)), Turn(2, time(0)), Turn(4, time(11)), time(12), 30, 12, "Là")
    assert read(written(said)) == said
