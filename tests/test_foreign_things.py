"""What an address names belongs to somebody: to others who may open such pages, it is not there."""

import re
from dataclasses import asdict, dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shop.extensions import db
from shop.ledger.books.queries import head
from shop.orders.models import Order
from shop.pages import Role
from shop.transaction import transaction
from shop.treasury import receipts
from shop.treasury.drawing import Drawn
from shop.treasury.rules import CostKind, Spent
from shop.treasury.services import open_seller, record_cost
from tests.conftest import NOON
from tests.customer.ordering import place_order
from tests.factories import csrf, knock, make_member, make_week
from tests.route_table import TABLE
from tests.test_routes import rules

pytestmark = pytest.mark.sqlite_only

TODAY = NOON.date()
SELLERS = {"meals": ("Thym", "570100", "489200"), "beer": ("Baies", "570200", "489200")}

OF_A_SELLER = {
    "books.account": "/treasury/accounts/{box}",
    "books.entry": "/treasury/entries/{entry}",
    "books.close_year": "/treasury/years/2025/close?seller={seller}",
    "undoing.preview": "/treasury/entries/{entry}/undo",
    "undoing.act": "/treasury/entries/{entry}/undo",
    "treasury.box": "/treasury/boxes/{box}",
    "treasury.hand_over": "/treasury/boxes/{box}",
    "treasury.repay": "/treasury/costs/{cost}/repay",
    "treasury.pay": "/treasury/costs/{cost}/pay",
    "treasury.repay_member": "/treasury/pockets/{payer}/repay?seller={seller}",
    "receipts.pages": "/treasury/costs/{cost}/receipt",
    "receipts.change": "/treasury/costs/{cost}/receipt",
    "receipts.picture": "/treasury/receipts/{token}",
    "receipts.small_picture": "/treasury/receipts/{token}/small",
    "exports.download": "/treasury/exports/journal.csv?seller={seller}",
    "opening.show": "/settings/start/{seller}",
    "opening.open_books": "/settings/start/{seller}",
}
"""Pages of both treasurers, with what is one seller's."""

OF_NOBODY = {"report.quarter"}
"""What such a page names is the same for all."""

GONE_ONCE_USED = {"opening.show", "opening.open_books"}
"""Of books that are open already, the start is not there even for who keeps them."""


@dataclass(frozen=True)
class Things:
    """What a seller has, as addresses name it."""

    seller: str
    box: str
    payer: int
    entry: int
    cost: int
    token: str


@pytest.fixture
def things(app: Flask) -> dict[str, Things]:
    """Give each seller an opening, a cost out of a pocket, and its receipt."""
    with app.app_context():
        return {seller: _things(seller) for seller in SELLERS}


def _things(seller: str) -> Things:
    who, box, pocket = SELLERS[seller]
    payer = make_member(who, [(seller, Role.TREASURER)]).id
    form = seller[0] * 32
    with transaction():
        open_seller(seller, {box: 5000}, TODAY, "treasurer")
        entry = head()[0]
        receipts.keep(form, seller, [Drawn(b"page", b"small")], TODAY)
        spent = Spent(
            CostKind.INGREDIENTS, pocket, 700, TODAY, "2026-W48", "Colruyt", activity=seller, payer=payer
        )
        cost = record_cost(form, spent, TODAY, "treasurer").id
        token = receipts.shown([form])[form][0].token
    return Things(seller, box, payer, entry, cost, token)


def ask(client: FlaskClient, endpoint: str, method: str, these: Things, token: str) -> int:
    """Ask for a page about these things; gives the status."""
    path = OF_A_SELLER[endpoint].format(**asdict(these))
    with client.open(path, method=method, data={"csrf_token": token} if method == "POST" else None) as answer:
        return answer.status_code


def test_the_list_has_every_page_of_both_treasurers_that_names_something(app: Flask) -> None:
    named = {
        rule.endpoint
        for rule, _, _ in rules(app)
        if "<" in rule.rule and {"t", "b"} <= set(TABLE[rule.endpoint])
    }
    open_to_all = {name for name in named if {"k", "s"} & set(TABLE[name])}
    of_members = {name for name in named if name.startswith("members.")}
    assert named - open_to_all - of_members == set(OF_A_SELLER) | OF_NOBODY


def test_each_treasurer_finds_their_own_and_not_the_other_s(app: Flask, things: dict[str, Things]) -> None:
    found = set()
    for seller, (who, _, _) in SELLERS.items():
        client = app.test_client()
        knock(client, who)
        token = csrf(client, "/settings/members")
        other = next(one for name, one in things.items() if name != seller)
        before = _books(app)
        asked = [(rule.endpoint, method) for rule, _, method in rules(app) if rule.endpoint in OF_A_SELLER]
        for endpoint, method in asked:
            assert ask(client, endpoint, method, other, token) == 404, (who, endpoint, method)
        assert _books(app) == before
        found |= {(seller, *one) for one in asked if ask(client, *one, things[seller], token) != 404}
    there = {(seller, endpoint) for seller in SELLERS for endpoint in OF_A_SELLER}
    assert {endpoint for _, endpoint in there - {one[:2] for one in found}} == GONE_ONCE_USED


def _books(app: Flask) -> tuple[int, str]:
    with app.app_context():
        return head()


def test_a_customer_finds_their_own_order_and_not_another_s(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_week()
    stranger = app.test_client()
    own, other = place_order(client), place_order(stranger)
    pages = [(rule, method) for rule, _, method in rules(app) if "/<int(max=2000000000):number>" in rule.rule]
    pages = [(rule.rule, method) for rule, method in pages if rule.endpoint.startswith("own_order.")]
    assert len(pages) >= 6
    data = {"csrf_token": csrf(client, f"/o/{own}")}
    for rule, method in pages:
        path = re.sub(r"<[^>]*>", str(other), rule)
        assert client.open(path, method=method, data=data).status_code == 404, (rule, method)
        mine = client.open(re.sub(r"<[^>]*>", str(own), rule), method=method, data=data)
        assert mine.status_code != 404, (rule, method)
    with app.app_context():
        assert db.session.get_one(Order, other).state == "placed"
