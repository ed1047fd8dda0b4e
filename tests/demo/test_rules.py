"""The demo's numbers and times, whatever the day."""

import itertools
from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from shop.demo.chance import draw_story
from shop.demo.dishes import recipes
from shop.demo.rules import CAP, PURCHASES, first_story, open_story, plan_around
from shop.menu.rules import ALLERGENS, DIETS, DishKind, check_plan
from shop.weeks import local, local_day, week_label

CARDS = {recipe.key: recipe for recipe in recipes()}


def sold(baskets: str) -> Counter[DishKind]:
    """Count portions by kind, for the demo's own menu."""
    kinds = [CARDS[key].kind for key in first_story().menu]
    return Counter(kinds["ABCDEFGH".index(letter)] for letter in baskets)


def test_the_first_week_sells_what_the_kitchen_sold() -> None:
    story = first_story()
    letters = "".join(guest.basket for guest in story.guests)
    prices = [CARDS[key].price for key in story.menu]

    assert Counter(letters) == dict(zip("ABCDEFGH", (9, 10, 5, 24, 14, 17, 11, 7), strict=True))
    assert len(letters) == 97
    assert sold(letters)[DishKind.MAIN] == 55
    assert len({guest.name for guest in story.guests}) == len(story.guests) == 21
    assert sum(guest.delivered for guest in story.guests) == 6
    assert sum(prices["ABCDEFGH".index(letter)] for letter in letters) == 58750


def test_the_first_week_buys_what_the_kitchen_bought() -> None:
    assert len(PURCHASES) == 25
    assert sum(cents for _, cents, _ in PURCHASES) == 27290
    assert sum(receipt.cents for receipt in first_story().receipts) == 27290 + 1500 + 600


def test_the_open_week_has_39_of_70_mains_left() -> None:
    story = open_story()
    assert len(story.guests) == 12
    assert sold("".join(guest.basket for guest in story.guests))[DishKind.MAIN] == 31


def test_every_card_is_in_three_languages_and_known_marks() -> None:
    for recipe in CARDS.values():
        assert set(recipe.names) == {"fr", "en", "ar"}
        assert set(recipe.allergens) <= set(ALLERGENS)
        assert set(recipe.diets) <= set(DIETS)
        assert recipe.contents


HOURS = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=5 * step) for step in range(24 * 73)]
"""A year in steps that meet every hour of every weekday, both clock changes and a long ISO year."""


def test_a_week_is_open_for_most_of_a_day_and_at_most_six_whatever_the_hour() -> None:
    for now in HOURS:
        plan = plan_around(now)
        check_plan(plan)
        assert plan.opens_at <= now
        assert timedelta(hours=17) < plan.closes_at - now < timedelta(days=6)
        assert local(plan.closes_at).hour == 18
        assert all(slot.starts_at > plan.closes_at for slot in plan.slots)


def test_the_weeks_before_follow_each_other_and_are_eaten_by_now() -> None:
    for now in HOURS:
        plan = plan_around(now)
        plans = [plan.later(-7 * ago) for ago in range(6, -1, -1)]
        assert plans[-2].slots[-1].ends_at < now
        assert len({week_label(local_day(one.handed_over_at)) for one in plans}) == 7
        for before, after in itertools.pairwise(plans):
            assert before.slots[-1].ends_at < after.opens_at


@pytest.mark.parametrize("seed", range(60))
def test_a_drawn_week_keeps_two_plates_for_the_team(seed: int) -> None:
    story = draw_story(Random(seed))
    letters = "".join(
        guest.amended + guest.basket if guest.amended else guest.basket for guest in story.guests
    )
    assert sum(letter in "DEF" for letter in "".join(guest.basket for guest in story.guests)) <= CAP - 2
    assert set(letters) <= set("ABCDEFGHI")
    assert len(story.menu) == len(set(story.menu)) == 9


def test_the_same_seed_draws_the_same_weeks() -> None:
    def three(seed: int) -> list[object]:
        chance = Random(seed)
        return [draw_story(chance) for _ in range(3)]

    assert three(7) == three(7) != three(8)
