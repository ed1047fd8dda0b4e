"""A quarter on one page: sums that meet the books, and nobody who stands out."""

import re
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from shop.collective.report.queries import report
from shop.collective.report.rules import Cooked, Line, Money, Quarter, Weeks, lines, quarter_of
from shop.ledger.books.services import close_year
from shop.ledger.sharing.services import settle
from shop.orders import services as orders
from shop.pages import Role
from shop.transaction import transaction
from tests.conftest import NOON
from tests.factories import SLOT, make_order, make_week, sign_in
from tests.ledger.sharing.life import SUNDAY, decide_needs, live_week, make_beneficiaries, settled_week

TODAY = date(2026, 11, 23)
AUTUMN = Quarter(2026, 4)
PAGE = "/treasury/report/2026/4"
SUMS = {"700100": 59950, "731000": 500, "749900": 3, "600100": 25000, "616100": 4390, "643100": 30560}


@pytest.mark.parametrize(
    ("day", "quarter", "first", "last"),
    [
        (date(2026, 1, 1), Quarter(2026, 1), date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 6, 30), Quarter(2026, 2), date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 11, 23), Quarter(2026, 4), date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_a_quarter_has_its_days(day: date, quarter: Quarter, first: date, last: date) -> None:
    assert quarter_of(day) == quarter
    assert (quarter.first, quarter.last) == (first, last)
    assert quarter.before.after == quarter.after.before == quarter


def test_parts_of_few_people_and_few_gifts_are_told_within_a_bigger_sum() -> None:
    many, few = Money(SUMS, people=3, gifts=3), Money(SUMS, people=2, gifts=2)

    assert many.income == {"sales": 59950, "gifts": 500, "other": 3}
    assert few.income == {"sales": 59950, "other": 503}
    assert many.uses == {"shared": 30560, "left": 503}
    assert few.uses == {"shared_and_left": 31063}
    assert many.ten_euros == {"food": 417, "running": 73, "cooks": 510}
    assert few.ten_euros is None
    for money in (many, few):
        assert money.earned - money.spent == sum(money.uses.values())


def test_what_was_shared_of_earlier_weeks_is_told() -> None:
    assert Money({"700100": 100, "643100": 150}, people=4).uses == {"shared": 150, "drawn": -50}


def test_funds_are_neither_a_cost_nor_income() -> None:
    money = Money({"731000": 5000, "691100": 2000, "643200": 500, "791100": 500}, gifts=9)
    assert (money.earned, money.spent) == (5000, 0)
    assert money.uses == {"funds": 2000, "shared_and_left": 3000}


def test_two_quarters_stand_beside_each_other() -> None:
    assert lines({"a": 1, "b": 2}, {"b": 3, "c": 4}) == [Line("a", 1, 0), Line("b", 2, 3), Line("c", 0, 4)]


def test_plates_of_two_customers_are_not_counted() -> None:
    week = Cooked(TODAY, {"main": 4}, 2)
    assert not Weeks((week,)).told
    assert Weeks((week, Cooked(TODAY, {"main": 1}, 1))).told


@pytest.mark.usefixtures("context")
def test_the_page_has_the_sums_of_the_books() -> None:
    ids = make_beneficiaries()
    decide_needs(ids)
    weeks = [live_week(0, 59950, 29390), live_week(-2, 10000, 1000)]
    with transaction():
        settle(weeks[:1], 30560, SUNDAY, "treasurer")
        close_year("meals", 2026, date(2027, 1, 5), "treasurer")

    found = report("meals", AUTUMN, TODAY)
    assert found.money.income == {"sales": 59950}
    assert found.money.costs == {"600100": 29390}
    assert found.money.uses == {"shared": 30560}
    assert found.money.people == 4
    assert found.before.income == {"sales": 10000}
    assert report("beer", AUTUMN, TODAY).money.sums == {}


@pytest.mark.usefixtures("context")
def test_plates_are_counted_by_the_day_of_the_food() -> None:
    week = make_week()
    numbers = [make_order(week, A=1, B=2, at=NOON).number for _guest in range(3)]
    with transaction():
        for number in numbers:
            orders.hand_over(number, SLOT + timedelta(hours=1), "organiser")
        orders.team_meal(week.id, {week.lines[1].id: 1}, SLOT, "team")

    found = report("meals", AUTUMN, TODAY).weeks
    assert found.cooked == (Cooked(date(2026, 11, 26), {"starter": 3, "main": 7}, 3),)
    assert (found.orders, found.total, found.plates) == (3, 10, {"main": 7, "starter": 3})
    assert report("meals", AUTUMN.before, TODAY).weeks.cooked == ()


@pytest.mark.parametrize("role", [Role.COURIER, Role.TREASURER])
def test_every_member_of_the_meals_reads_sums_and_no_pseudonym(client: FlaskClient, role: Role) -> None:
    sign_in(client, [role])
    with client.application.app_context():
        ids = settled_week()
    page = client.get(PAGE).text
    told = dict(re.findall(r'data-line="(\w+)" data-cents="(-?\d+)"', page))
    assert told == {"sales": "59950", "600100": "29390", "shared": "30560"}
    assert not set(ids) & set(re.findall(r"\w+", page))
    assert client.get(f"{PAGE}?seller=beer").status_code == 404
    assert client.get("/treasury/report").location.startswith(PAGE)


def test_who_keeps_the_beers_books_reads_the_beers_quarter(client: FlaskClient) -> None:
    sign_in(client, [("beer", Role.TREASURER)])
    with client.application.app_context():
        live_week(0, 59950)
    page = client.get(PAGE).text
    assert "Rien ce trimestre" in page
    assert "599" not in page
    assert client.get(f"{PAGE}?seller=meals").status_code == 404


@pytest.mark.parametrize("path", ["2026/0", "2026/5", "2027/1", "10000/1"])
def test_a_quarter_that_is_none_or_to_come(client: FlaskClient, path: str) -> None:
    sign_in(client, [Role.TREASURER])
    assert client.get(f"/treasury/report/{path}").status_code == 404
