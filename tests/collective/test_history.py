"""The weeks beside each other, for whoever shares; never a figure of one person."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from shop.collective.history.queries import past_weeks
from shop.ledger.sharing.services import settle
from shop.orders.services import close_week, hand_over
from shop.pages import Role
from shop.transaction import transaction
from shop.treasury.rules import BOX, CostKind, Spent
from shop.treasury.services import record_cost
from tests.factories import CLOSES, OPENS, make_order, make_week, sign_in
from tests.ledger.sharing.life import SUNDAY, decide_needs, live_week, make_beneficiaries

HERE = "/collective/history"


def lived() -> None:
    """Live three weeks: a profit, a loss, and one that is not shared yet."""
    ids = make_beneficiaries()
    decide_needs(ids)
    for number, sales, costs in ((0, 59950, 29390), (1, 1000, 3000), (2, 20000, 5000)):
        week = live_week(number, sales, costs)
        if number == 0:
            with transaction():
                settle([week], None, SUNDAY, "treasurer")


def test_each_week_says_what_it_brought(client: FlaskClient) -> None:
    with client.application.app_context():
        lived()
        weeks = past_weeks(12)
        assert [(one.sales, one.costs, one.left, one.parts) for one in weeks] == [
            (59950, 29390, 30560, 30560), (1000, 3000, -2000, 0), (20000, 5000, 15000, 0),
        ]  # fmt: skip
        assert [one.plates for one in weeks] == [None] * 3, "nobody ordered here"
        assert [one.sales for one in past_weeks(2)] == [1000, 20000]
    sign_in(client, [Role.COOK], "Origan")
    page = client.get(HERE).text
    assert "305,60" in page
    assert not re.search("Basilic|Cumin|Menthe|49,29|64,08", page)
    for span in ("52", "all", "7", "x"):
        assert client.get(HERE, query_string={"span": span}).status_code == 200


def test_parts_of_fewer_than_three_are_not_told(client: FlaskClient) -> None:
    with client.application.app_context():
        ids = make_beneficiaries()
        decide_needs(ids, {"Basilic": 100, "Cumin": 130})
        week = live_week(0, 59950)
        with transaction():
            settle([week], None, SUNDAY, "treasurer")
        assert [one.parts for one in past_weeks(12)] == [None]


@pytest.mark.parametrize("customers", [2, 3])
def test_a_week_of_two_customers_tells_its_costs_alone(client: FlaskClient, customers: int) -> None:
    """It was closed a week late: what it sold and bought is its own all the same."""
    with client.application.app_context():
        ids = make_beneficiaries()
        decide_needs(ids)
        week, late = make_week(), CLOSES + timedelta(days=9)
        for _ in range(customers):
            number = make_order(week, at=OPENS, A=1).number
            with transaction():
                hand_over(number, late, "organiser", received=10_000, keep_change=True)
        with transaction():
            spent = Spent(CostKind.KITCHEN, BOX, 1234, late.date(), week.label)
            record_cost("a" * 32, spent, late.date(), "organiser")
            settle([close_week(week.id, late).id], None, late.date(), "treasurer")
        (told,) = past_weeks(12)
    figures = (told.plates, told.sales, told.costs, told.left, told.parts)
    assert figures == ((None, None, 1234, None, None) if customers < 3 else (3, 30_000, 1234, 28_766, 28_766))
    sign_in(client, [Role.COOK], "Origan")
    page = client.get(HERE).text
    assert page.count("12,34") == 2, "the week's and all the weeks'"
    assert page.count("–</td>") == (4 if customers < 3 else 0)


@pytest.mark.parametrize("roles", [[Role.COURIER], [Role.ADMIN], [("beer", Role.TREASURER)]])
def test_others_find_no_page(client: FlaskClient, roles: list[Role]) -> None:
    sign_in(client, roles)
    assert client.get(HERE).status_code == 404


def test_nothing_yet(client: FlaskClient) -> None:
    sign_in(client, [Role.COOK], "Origan")
    assert "Pas encore de semaine clôturée" in client.get(HERE).text
