"""What is off leaves no trace: no word, no field, no link on any page, and nothing sent gets through."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from shop.clock import now
from shop.extensions import db
from shop.ledger.books.models import Count, JournalEntry, Posting
from shop.members.models import Member
from shop.menu.models import Week
from shop.menu.services import change_week, plan_of
from shop.orders.models import Order
from shop.orders.services import hand_over
from shop.pages import Role
from shop.settings.switches import Switch, use, used, uses
from shop.transaction import transaction
from shop.treasury.opening import open_seller
from tests.conftest import NOON
from tests.factories import csrf, make_order, make_plan, make_week, sign_in

EVERY_ROLE = [*Role, ("beer", Role.TREASURER)]

TRACES = {
    Switch.DELIVERY: r"\blivr(?:é|ée|er|ez|ons|aisons?)\b|/rounds|#bike|delivery|name=\"(?:street|bell)\"",
    Switch.CREDIT: r"paiera plus tard|reste à payer\b|value=\"later\"|/later\b",
    Switch.BANK: r"\bbanques?\b|bancaire|virement|\b550[12]00\b|656000",
    Switch.BILLS: r"fournisseur|factures?\b|\b440000\b",
    Switch.RECEIPTS: r"\bphotos?\b|/receipts?\b|type=\"file\"",
    Switch.FUNDS: r"name=\"fund\"|\b139[1-5]00\b|\bfonds solid|caisse de solidarité|\bSECU\b",
    Switch.BEER: r"\bbière\b|\bbeer\b|\b570[23]00\b|\b499100\b",
    Switch.SOLIDARITY: r"\bprix solidaires?\b|price-bounds",
}
"""What speaks of each: words that people read, addresses, fields, accounts."""

WHERE_IT_IS_TURNED_ON = {"house.switches", "starting.show"}
ELSEWHERE = {"static", "exports.download", "doors.sign_in", "doors.ask_again", "house.vat"}
"""Files, and pages that say nothing of what is used."""

IDS = {"number": "1001", "code": "570100", "account": "570100", "year": "2026", "seller": "meals"}


@pytest.fixture
def lived_in(app: Flask, client: FlaskClient) -> FlaskClient:
    """Sign in somebody who may see everything, in a shop with money, an order and a sale."""
    with app.app_context():
        with transaction():
            open_seller("meals", {"570100": 30000, "489200": 1000}, NOON.date(), "admin")
        week = make_week(plan=make_plan(delivery_fee=None))
        waiting = make_order(db.session.get_one(Week, week.id), A=1)
        sold = make_order(db.session.get_one(Week, week.id), B=1)
        with transaction():
            hand_over(sold.number, now(), "organiser")
        db.session.remove()
    sign_in(client, EVERY_ROLE)
    token = csrf(client, "/settings/members")
    assert client.post(f"/o/{waiting.token}", data={"csrf_token": token}).status_code == 303
    return client


def turn(app: Flask, *switches: Switch) -> None:
    """Use these and nothing else."""
    with app.app_context(), transaction():
        use(switches, NOON.date())


def pages(app: Flask, client: FlaskClient) -> dict[str, str]:
    """Open every page there is, as far as it is there."""
    found = {}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in ELSEWHERE | WHERE_IT_IS_TURNED_ON:
            answer = client.get(address(rule.rule))
            if answer.status_code == 200:
                found[rule.rule] = unescape(answer.text)
    return found


def address(route: str) -> str:
    """Fill a route with what is there: an order, a week, an account, else the first of all."""
    for name, value in IDS.items():
        route = re.sub(rf"<[^>]*\b{name}>", value, route)
    return re.sub(r"<int[^>]*>", "1", route).replace("<label>", "2026-W48")


def traces(switch: Switch, found: dict[str, str]) -> list[str]:
    """Name the pages that speak of something, with what they say."""
    pattern = re.compile(TRACES[switch], re.IGNORECASE)
    return [f"{path}: {hit[0]}" for path, text in found.items() if (hit := pattern.search(text))]


def test_what_is_off_leaves_no_trace_on_any_page(app: Flask, lived_in: FlaskClient) -> None:
    turn(app)
    found = pages(app, lived_in)
    assert len(found) > 40
    assert {switch.value: traces(switch, found) for switch in Switch} == {one.value: [] for one in Switch}


def test_the_control_what_is_on_is_found(app: Flask, lived_in: FlaskClient) -> None:
    turn(app, *Switch)
    with app.app_context():
        make_week([], make_plan(1), published=False)
    found = pages(app, lived_in)
    assert [switch for switch in Switch if len(traces(switch, found)) < 1] == []


@pytest.mark.tampers
def test_an_error_page_stands_where_no_setting_can_be_read(app: Flask, lived_in: FlaskClient) -> None:
    with app.app_context():
        db.session.execute(text("DROP TABLE setting"))
        db.session.commit()
    answer = lived_in.get("/nowhere")
    assert answer.status_code == 404
    assert "/settings/members" in answer.text


def test_only_what_was_said_is_used_and_from_its_day_on(context: None) -> None:
    use([Switch.BANK], NOON.date())
    use([Switch.BEER], NOON.date() + timedelta(days=1))
    assert used() == {"bank"}
    assert (uses(Switch.BANK), uses(Switch.BEER)) == (True, False)


COST = {"kind": "ingredients", "paid_from": "570100", "spent_on": "2026-11-23", "payer": "1"}
MOVED = {"cents": "5", "happened_on": "2026-11-23"}
ORDER = {"name": "Nour", "phone": "0470 00 00 00", "q-1": "1", "street": "Rue 1", "handover": "delivery"}
WEEK = {
    "opens_day": "2026-11-27",
    "opens_time": "10:00",
    "closes_day": "2026-12-01",
    "closes_time": "18:00",
    "slots-0-day": "2026-12-03",
    "slots-0-starts": "17:00",
    "slots-0-ends": "18:00",
    "cap": "70",
    "place": "Ici",
    "delivers": "y",
    "delivery_fee": "2",
}

COSTS, GIFTS, DESK = "/treasury/costs", "/treasury/gifts", "/collective/desk/2026-W48"
SENT = {
    "order": ("/orders", ORDER),
    "spoken order": ("/collective/orders/new", ORDER),
    "carried off": ("/collective/orders/1001/later", {}),
    "sold on credit": (f"{DESK}/sale", {"q-2": "1", "for": "later"}),
    "cost by bank": (COSTS, COST | {"paid_from": "550100", "cents": "1"}),
    "bank's fee": (COSTS, COST | {"kind": "bank", "cents": "2"}),
    "gift at the bank": (GIFTS, MOVED | {"to_account": "550100"}),
    "transfer": ("/treasury/transfers", MOVED | {"direction": "to_bank"}),
    "bank checked": ("/treasury/checks", {"account": "550100", "cents": "5", "counted_on": "2026-11-23"}),
    "bill": (COSTS, COST | {"paid_from": "440000", "cents": "3"}),
    "beer's books": ("/settings/start/beer", {"money-a570200": "50"}),
    "cost of the beer": (COSTS, COST | {"seller": "beer", "paid_from": "570200", "cents": "4"}),
    "cost from its box": (COSTS, COST | {"paid_from": "570200", "cents": "5"}),
    "liaison": ("/treasury/liaison", MOVED | {"from_account": "570100", "to_account": "570200"}),
    "gift to the beer": (GIFTS, MOVED | {"to_account": "570200"}),
    "beer's box": ("/treasury/boxes/570200", {"n-500": "1", "holder": "1"}),
}
"""What somebody may send who remembers the form: a path and its fields."""


def test_what_is_off_is_not_taken(app: Flask, lived_in: FlaskClient) -> None:
    turn(app)
    assert taken(app, lived_in) == []


def test_the_control_what_is_on_is_taken(app: Flask, lived_in: FlaskClient) -> None:
    turn(app, *Switch)
    with app.app_context(), transaction():
        week = db.session.scalars(select(Week)).one()
        change_week(week.id, replace(plan_of(week), delivery_fee=200), {}, {slot.id for slot in week.slots})
    assert taken(app, lived_in) == list(SENT)


def taken(app: Flask, client: FlaskClient) -> list[str]:
    """Send all that, and name what wrote an order, an entry or a count, or ended in an error."""
    before, token, found = everything_written(app), csrf(client, "/settings/members"), []
    for number, (what, (path, typed)) in enumerate(SENT.items()):
        length = 32 if path == COSTS else 24
        answer = client.post(path, data={**typed, "form_id": f"{number:0{length}x}", "csrf_token": token})
        after = everything_written(app)
        if after != before or answer.status_code not in {303, 404, 422}:
            found.append(what)
        before = after
    return found


def test_a_gift_for_a_fund_that_is_off_is_a_plain_gift(app: Flask, lived_in: FlaskClient) -> None:
    turn(app)
    token = csrf(lived_in, "/settings/members")
    given = MOVED | {"to_account": "570100", "fund": "139500", "form_id": "a" * 24, "csrf_token": token}
    assert lived_in.post("/treasury/gifts", data=given).status_code == 303
    with app.app_context():
        assert not db.session.scalar(select(func.count()).where(Posting.account == "139500"))


def test_a_week_is_not_delivered_where_that_is_off(app: Flask, lived_in: FlaskClient) -> None:
    with app.app_context(), transaction():
        week = db.session.scalars(select(Week)).one()
        change_week(week.id, replace(plan_of(week), delivery_fee=200), {})
    turn(app)
    token = {"csrf_token": csrf(lived_in, "/settings/members")}
    assert lived_in.post("/collective/weeks/new", data=WEEK | token).status_code == 303
    assert lived_in.post("/collective/weeks/2026-W48/plan", data=WEEK | token).status_code in {303, 422}
    assert lived_in.post("/collective/weeks/copy", data=token).status_code == 303
    with app.app_context():
        fees = db.session.scalars(select(Week.delivery_fee).order_by(Week.label)).all()
    assert fees[1:] == [None, None]


def test_each_switch_has_a_box_and_nothing_else_is_used(app: Flask, lived_in: FlaskClient) -> None:
    page = lived_in.get("/settings/uses").text
    assert [switch for switch in Switch if f'value="{switch.value}"' not in page] == []
    sent = {"csrf_token": csrf(lived_in, "/settings/uses"), "uses": ["bank", "solidarity"]}
    assert lived_in.post("/settings/uses", data=sent).status_code == 303
    assert lived_in.post("/settings/uses", data=sent | {"uses": ["wings"]}).status_code == 422
    with app.app_context():
        assert used() == {"bank", "solidarity"}


def test_roles_of_what_is_off_are_not_given(app: Flask, lived_in: FlaskClient) -> None:
    turn(app)
    token = {"csrf_token": csrf(lived_in, "/settings/members")}
    sent = token | {"pseudonym": "Anis", "roles": ["cook", "courier", "beer-treasurer"]}
    assert lived_in.post("/settings/members", data=sent).status_code == 200
    with app.app_context():
        member = db.session.scalars(select(Member).where(Member.pseudonym == "Anis")).one()
        assert {held.role for held in member.roles} == {Role.COOK}


def everything_written(app: Flask) -> list[int | None]:
    """Count entries, orders and counts."""
    with app.app_context():
        kinds = (JournalEntry, Order, Count)
        counted = [db.session.scalar(select(func.count()).select_from(one)) for one in kinds]
        db.session.remove()
    return counted
