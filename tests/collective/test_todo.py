"""The treasurer's first page: who reads what, and that every button does what it says."""

import re
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from time_machine import Traveller

from shop.decisions.services import contest, propose
from shop.extensions import db
from shop.ledger.books.queries import balance
from shop.ledger.sharing.paying import pay_out
from shop.ledger.sharing.purses import purses
from shop.ledger.sharing.services import settle
from shop.orders import services as orders
from shop.pages import Role
from shop.settings.switches import use
from shop.transaction import transaction
from shop.treasury import services as treasury
from shop.treasury.rules import BOX, POCKETS, SUPPLIERS, CostKind, Spent
from tests.conftest import NOON
from tests.factories import SLOT, csrf, knock, make_order, make_week, sign_in
from tests.ledger.sharing.life import decide_needs, live_week, make_beneficiaries

HOME = "/treasury/"
TODAY = date(2026, 11, 23)
EVENING = SLOT + timedelta(hours=1)
ROLE = "treasurer"


def tasks(client: FlaskClient) -> list[str]:
    page = client.get(HOME)
    assert page.status_code == 200
    return re.findall(r'data-todo="(\w+)"', page.text)


@pytest.fixture
def treasurer(client: FlaskClient) -> FlaskClient:
    sign_in(client, [Role.TREASURER, ("beer", Role.TREASURER)])
    return client


def test_nothing_to_do_is_a_happy_page(treasurer: FlaskClient) -> None:
    page = treasurer.get(HOME).text
    assert "Tout est fait" in page
    assert "Les comptes sont justes" in page
    assert tasks(treasurer) == []


def owe(client: FlaskClient) -> int:
    """Hand over an order of 8.50 that is not paid; gives its number."""
    with client.application.app_context():
        number = make_order(make_week(), B=1, at=NOON).number
        with transaction():
            orders.hand_over(number, EVENING, ROLE, pay_later=True)
    return number


@pytest.mark.parametrize(("into", "account"), [("cash", BOX), ("bank", "550100"), ("elsewhere", BOX)])
def test_an_expected_payment_is_received_with_one_tap(
    treasurer: FlaskClient, clock: Traveller, into: str, account: str
) -> None:
    clock.move_to(EVENING)
    number = owe(treasurer)
    knock(treasurer, "Safran")
    assert tasks(treasurer)[0] == "receive"
    data = {"csrf_token": csrf(treasurer, "/settings/members"), "into": into}
    for _click in range(2):
        assert treasurer.post(f"/treasury/orders/{number}/receive", data=data).status_code == 303
    with treasurer.application.app_context():
        assert balance(account) == 850
    assert "receive" not in tasks(treasurer)
    assert treasurer.post("/treasury/orders/9999/receive", data=data).status_code == 404


def test_without_a_bank_nothing_lands_there(treasurer: FlaskClient, clock: Traveller) -> None:
    clock.move_to(EVENING)
    number = owe(treasurer)
    with treasurer.application.app_context(), transaction():
        use([], TODAY)
    knock(treasurer, "Safran")
    assert "par virement" not in treasurer.get(HOME).text
    data = {"csrf_token": csrf(treasurer, "/settings/members"), "into": "bank"}
    assert treasurer.post(f"/treasury/orders/{number}/receive", data=data).status_code == 303
    with treasurer.application.app_context():
        assert (balance(BOX), balance("550100")) == (850, 0)


def test_each_sentence_leads_where_it_is_done(treasurer: FlaskClient, clock: Traveller) -> None:
    clock.move_to(EVENING)
    with treasurer.application.app_context():
        live_week(0, 59950)
        week = make_week()
        with transaction():
            orders.close_week(week.id, EVENING)
            for number, (paid_from, seller) in enumerate(
                [(POCKETS, "meals"), (SUPPLIERS, "meals"), (BOX, "beer")]
            ):
                spent = Spent(CostKind.INGREDIENTS, paid_from, 1000, TODAY, "2026-W48", activity=seller)
                treasury.record_cost(f"{number}" * 32, spent, TODAY, ROLE, another=True)
    knock(treasurer, "Safran")
    assert tasks(treasurer) == ["share", "count", "repay", "pay", "hand_on", "lock"]
    page = treasurer.get(HOME).text
    ways = re.findall(r'<li class="todo".*?<a class="button" href="([^"#]+)', page, re.S)
    assert len(ways) == 6
    for way in ways:
        assert treasurer.get(way.replace("&amp;", "&")).status_code == 200, way


def test_who_organises_reads_what_concerns_the_week(client: FlaskClient) -> None:
    sign_in(client, [Role.ORGANISER])
    with client.application.app_context():
        live_week(0, 59950)
        with transaction():
            spent = Spent(CostKind.INGREDIENTS, SUPPLIERS, 1000, TODAY, "2026-W48")
            treasury.record_cost("a" * 32, spent, TODAY, ROLE)
    assert tasks(client) == ["share", "count"]
    page = client.get(HOME).text
    assert "Les comptes sont justes" not in page
    assert "gauge" not in page
    assert client.get("/treasury/proof").status_code == 404


def test_who_keeps_the_beers_books_reads_nothing_of_the_meals(client: FlaskClient) -> None:
    sign_in(client, [("beer", Role.TREASURER)])
    with client.application.app_context():
        live_week(0, 59950)
    page = client.get(HOME).text
    assert tasks(client) == ["lock"]
    assert "570100" not in page
    assert "570200" in page


def test_others_find_no_page(client: FlaskClient) -> None:
    sign_in(client, [Role.COOK, Role.COURIER, Role.ADMIN])
    assert client.get(HOME).status_code == 404


def test_who_keeps_the_books_of_what_is_not_sold_any_more_lands_elsewhere(client: FlaskClient) -> None:
    sign_in(client, [("beer", Role.TREASURER)])
    with client.application.app_context(), transaction():
        use([], TODAY)
    assert client.get(HOME).location == "/settings/members"


def test_who_organises_for_the_beer_counts_its_box(client: FlaskClient) -> None:
    sign_in(client, [("beer", Role.ORGANISER)])
    with client.application.app_context():
        live_week(0, 59950)
        with transaction():
            treasury.open_seller("beer", {"570200": 10000}, TODAY, ROLE)
    assert tasks(client) == ["count"]
    assert "570100" not in client.get(HOME).text


@pytest.mark.tampers
def test_books_that_somebody_changed_are_told(treasurer: FlaskClient) -> None:
    with treasurer.application.app_context():
        live_week(0, 59950)
        with transaction():
            db.session.execute(text("UPDATE cycle SET closed_seq = 99"))
    assert tasks(treasurer)[0] == "broken"
    page = treasurer.get("/treasury/proof").text
    assert "Les comptes ne sont plus justes" in page
    assert "shop verify" in page


def told(client: FlaskClient) -> list[str]:
    """List the sentences about decisions and parts."""
    return [task for task in tasks(client) if task in {"confirm", "talk", "hand_out"}]


def test_what_was_decided_and_shared_is_told_until_it_is_done(treasurer: FlaskClient) -> None:
    with treasurer.application.app_context():
        ids = make_beneficiaries()
        decide_needs(ids)
        week = live_week(0, 59950)
        with transaction():
            settle([week], None, TODAY, ROLE)
            number = propose("advance-bound", 2000, TODAY, NOON, written_by=ids["Cumin"]).id
    assert [one for one in tasks(treasurer) if one in {"confirm", "talk", "hand_out"}] == [
        "confirm",
        "hand_out",
    ]
    assert "4 enveloppes à remettre" in treasurer.get(HOME).text
    with treasurer.application.app_context(), transaction():
        contest(number, NOON)
        for form, purse in enumerate(purses(TODAY)):
            pay_out(f"{form}" * 32, purse.member.id, purse.proposed, TODAY, ROLE)
    assert told(treasurer) == ["talk"]
    ways = re.findall(r'data-todo="talk".*?<a class="button" href="([^"#]+)', treasurer.get(HOME).text, re.S)
    assert treasurer.get(ways[0]).status_code == 200
    with treasurer.application.app_context(), transaction():
        propose("advance-bound", 1000, TODAY, NOON, written_by=ids["Cumin"])
    assert "talk" not in tasks(treasurer)
