"""What is undone at the desk gives back what it took, once, and no plate that somebody else has."""

from datetime import timedelta

import pytest

from shop.clock import now
from shop.collective.services import call_off
from shop.errors import NothingOwed, QuotaReached, WeekCancelled
from shop.ledger.books.queries import balance
from shop.menu.queries import week_by_id
from shop.orders import queries, services
from shop.transaction import transaction
from tests.factories import SLOT, make_order, make_week

pytestmark = pytest.mark.usefixtures("context")

AFTER = SLOT + timedelta(hours=1)
ROLE = "organiser"


def test_money_that_became_a_no_shows_sale_is_not_given_back() -> None:
    week = make_week()
    absent, waiting = make_order(week, B=1).number, make_order(week, B=1).number
    with transaction():
        for number in (absent, waiting):
            services.receive_payment(number, now(), ROLE)
        services.mark_no_show(absent, AFTER, ROLE)
    with transaction(), pytest.raises(NothingOwed):
        services.undo_payment(absent, AFTER, ROLE)
    assert (queries.owed(absent), balance("460100")) == (0, -850)


def test_a_no_show_who_paid_and_came_after_all_pays_once() -> None:
    number = make_order(make_week(), B=1).number
    with transaction():
        services.mark_no_show(number, AFTER, ROLE, stays_due=True)
        services.receive_payment(number, AFTER, ROLE)
    with transaction():
        services.undo_no_show(number, AFTER, ROLE)
    assert (queries.owed(number), balance("400000"), balance("570100")) == (850, 0, 0)
    with transaction():
        assert services.hand_over(number, AFTER, ROLE).kept == 850
    assert (queries.owed(number), balance("400000"), balance("570100")) == (0, 0, 850)


def test_what_was_paid_before_outlives_a_no_show_undone() -> None:
    number = make_order(make_week(), B=1).number
    with transaction():
        services.receive_payment(number, now(), ROLE)
        services.mark_no_show(number, AFTER, ROLE)
        services.undo_no_show(number, AFTER, ROLE)
    assert (queries.owed(number), balance("460100")) == (0, -850)


def test_a_no_show_is_not_undone_over_a_quota() -> None:
    week = make_week(quotas=[2])
    soup = week.lines[0].id
    number = make_order(week, A=2).number
    with transaction():
        services.mark_no_show(number, AFTER, ROLE)
        services.sell_at_desk(week.id, {soup: 1}, AFTER, ROLE, "desk")
    with transaction(), pytest.raises(QuotaReached) as refused:
        services.undo_no_show(number, AFTER, ROLE)
    assert refused.value.left == 1
    assert queries.taken(week.id) == {soup: 1}


def test_in_a_week_that_was_called_off_nothing_waits_again() -> None:
    week = make_week()
    came, absent = make_order(week, B=1).number, make_order(week, B=1).number
    with transaction():
        services.hand_over(came, AFTER, ROLE)
        services.mark_no_show(absent, AFTER, ROLE)
    facts = week_by_id(week.id)
    assert facts
    with transaction():
        call_off(facts, AFTER)
    with transaction():
        with pytest.raises(WeekCancelled):
            services.undo_hand_over(came, AFTER, ROLE)
        with pytest.raises(WeekCancelled):
            services.undo_no_show(absent, AFTER, ROLE)
    assert queries.open_orders(week.id) == []


def test_what_the_team_eats_costs_nothing_after_a_change_either() -> None:
    week = make_week()
    soup, main, _dessert = (line.id for line in week.lines)
    with transaction():
        number = services.team_meal(week.id, {main: 1}, AFTER, "team")
        services.undo_hand_over(number, AFTER, ROLE)
        services.amend_order(number, {main: 1, soup: 2}, None, None, AFTER, by_member=True)
    assert queries.owed(number) == 0


def test_a_transfer_lands_in_the_bank_to_the_cent_and_can_be_undone() -> None:
    number = make_order(make_week(), B=1, A=1).number
    with transaction():
        services.hand_over(number, AFTER, ROLE, pay_later=True)
        services.receive_payment(number, AFTER, ROLE, by_transfer=True)
    assert (balance("550100"), balance("570100"), queries.owed(number)) == (1150, 0, 0)
    with transaction():
        services.undo_payment(number, AFTER, ROLE, "place")
    assert (balance("550100"), queries.owed(number)) == (0, 1150)
