"""A customer orders on the page, and finds the order again."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from shop.extensions import db
from shop.orders.models import Contact, Order
from shop.outbox import Letter
from tests.customer.ordering import dashed, form_of, marked, place_order, send_order
from tests.factories import CLOSES, make_plan, make_week


@pytest.fixture(autouse=True)
def _week(app: Flask) -> None:
    """A week of three dishes: 1 is a starter, 2 a main at 8.50, 3 a dessert; five mains in all."""
    with app.app_context():
        make_week(plan=make_plan(cap=5))


def orders(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Order)) or 0


def test_an_order_leads_to_its_ticket(client: FlaskClient) -> None:
    number = place_order(client, q_1=1, q_2=2)
    page = client.get(f"/o/{number}").text
    assert marked(page, "order-state") == "placed"
    assert marked(page, "amount-due") == "2000"
    assert f"{number}" in page
    assert "Rue de la Démo 1" in page, "the place stands on the private page"


def test_the_place_stands_on_no_public_page(client: FlaskClient) -> None:
    for path in ("/", "/menu.json", "/privacy"):
        assert "Rue de la Démo" not in client.get(path).text


def test_the_menu_shows_what_is_left(client: FlaskClient) -> None:
    assert marked(client.get("/").text, "mains-left") == "5"
    place_order(client, q_2=2)
    assert marked(client.get("/").text, "mains-left") == "3"
    menu = client.get("/menu.json").get_json()
    assert (menu["cap"], menu["mains_left"]) == (5, 3)
    assert [line["price"] for line in menu["lines"]] == [300, 850, 250]


def test_the_kept_menu_is_as_fresh_as_the_clock(client: FlaskClient, clock: time_machine.Traveller) -> None:
    clock.move_to(CLOSES - timedelta(milliseconds=1))
    assert 'action="/orders"' in client.get("/").text
    clock.move_to(CLOSES)
    assert 'action="/orders"' not in client.get("/").text


def test_each_visitor_gets_secrets_of_their_own(app: Flask) -> None:
    forms = [form_of(app.test_client().get("/").text, "/orders") for _ in range(2)]
    assert forms[0]["form_id"] != forms[1]["form_id"]
    assert forms[0]["csrf_token"] != forms[1]["csrf_token"]


@pytest.mark.parametrize(
    ("typed", "fact"),
    [
        ({"q_2": 6}, "MenuFull"),
        ({}, "NothingOrdered"),
        ({"q_99": 1}, "LineUnknown"),
        ({"q_2": 1, "phone": ""}, "FieldMissing"),
        ({"q_2": 1, "handover": "pickup-99"}, "SlotUnknown"),
        ({"q_2": 1, "handover": "anything"}, "SlotUnknown"),
        ({"q_2": 1, "handover": "delivery"}, "FieldMissing"),
    ],
)
def test_a_refused_order_says_why_and_keeps_what_was_typed(
    app: Flask, client: FlaskClient, typed: dict[str, object], fact: str
) -> None:
    answer = send_order(client, **({"name": "Zoé-Lou", "phone": "0499 12 34 56"} | typed))
    assert answer.status_code == 422
    assert marked(answer.text, "refusal") == fact
    assert 'value="Zoé-Lou"' in answer.text
    if "q_2" in typed:
        assert f'name="q-2" id="q-2" value="{typed["q_2"]}"' in answer.text
    assert orders(app) == 0


def test_the_mark_of_a_refused_form_stays(client: FlaskClient) -> None:
    fields = form_of(client.get("/").text, "/orders")
    answer = client.post("/orders", data=fields | {"name": "A", "phone": "049912345", "q-2": "6"})
    assert form_of(answer.text, "/orders")["form_id"] == fields["form_id"]


@pytest.mark.parametrize("text", ["1_000", "٣", "１", "9" * 30, "-1", "1.5", "1e3", "x", "\x00", "0x1"])
def test_a_quantity_is_plain_digits(app: Flask, client: FlaskClient, text: str) -> None:
    answer = send_order(client, name="A", phone="0499123456", q_2=text, q_1=1)
    assert answer.status_code == 422
    assert marked(answer.text, "refusal") == "QuantityOutOfRange"
    assert 'name="q-1" id="q-1" value="1"' in answer.text
    assert orders(app) == 0


def test_ten_clicks_are_one_order(app: Flask, client: FlaskClient) -> None:
    fields = form_of(client.get("/").text, "/orders")
    sent = fields | {"name": "A", "email": "a@example.org", "q-2": "1"}
    answers = [client.post("/orders", data=sent) for _ in range(10)]
    assert {answer.location for answer in answers} == {"/o/1001"}
    assert orders(app) == 1
    assert client.get("/o/1001").status_code == 200
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Letter)) == 1


def test_without_its_cookie_an_order_is_not_there(app: Flask, client: FlaskClient) -> None:
    number = place_order(client)
    stranger = app.test_client()
    shown = [stranger.get(f"/o/{other}") for other in (number, 4711, 2_000_000_000)]
    assert {answer.status_code for answer in shown} == {404}
    words = {re.sub(r'value="[^"]*"', "", answer.text) for answer in shown}
    assert len(words) == 1, "the same words for every number"
    assert stranger.get("/o/99999999999999999999999999").status_code in {200, 404}
    for verb in ("amend", "cancel", "erase"):
        token = form_of(stranger.get("/").text, "/orders")["csrf_token"]
        assert stranger.post(f"/o/{number}/{verb}", data={"csrf_token": token}).status_code == 404


def test_a_link_shows_one_button_and_opens_with_it(app: Flask, client: FlaskClient) -> None:
    number = place_order(client, name="Amélie")
    link = "/o/" + client.get_cookie(f"order-{number}", path="/o/").value  # type: ignore[union-attr]
    other = app.test_client()
    preview = other.get(link)
    assert preview.status_code == 200
    assert "Amélie" not in preview.text
    assert str(number) not in preview.text
    assert other.get_cookie(f"order-{number}", path="/o/") is None, "a preview opens nothing"
    opened = other.post(link, data=form_of(preview.text, link))
    assert opened.location == f"/o/{number}"
    assert other.get(f"/o/{number}").status_code == 200


def test_an_unknown_link_is_a_404_once_opened(client: FlaskClient) -> None:
    link = "/o/" + "x" * 22
    fields = form_of(client.get(link).text, link)
    assert client.post(link, data=fields).status_code == 404


def test_an_order_is_changed(client: FlaskClient) -> None:
    number = place_order(client, q_2=4)
    page = client.get(f"/o/{number}/change").text
    assert 'id="q-2" value="4"' in page
    assert "Amélie" in page
    fields = form_of(page, f"/o/{number}/amend")
    who = {"name": "Amélie", "phone": "0499 12 34 56"}
    answer = client.post(f"/o/{number}/amend", data=fields | who | dashed({"q_2": 5, "q_3": 1}))
    assert answer.status_code == 303, answer.text
    assert marked(client.get(f"/o/{number}").text, "amount-due") == str(5 * 850 + 250)
    too_many = client.post(f"/o/{number}/amend", data=fields | who | dashed({"q_2": 6}))
    assert too_many.status_code == 422
    assert marked(too_many.text, "refusal") == "MenuFull"
    assert 'id="q-2" value="6"' in too_many.text


def test_what_to_leave_out_is_kept_with_the_contact_and_goes_with_it(client: FlaskClient) -> None:
    number = place_order(client, q_2=1, without=["mustard", "celery", "bees"])
    page = client.get(f"/o/{number}").text
    assert "sans céleri, sans moutarde" in page
    assert "bees" not in page
    form = client.get(f"/o/{number}/change").text
    assert form.count('name="without"') == form.count('name="without" value="celery" checked') + 1 == 2
    fields = form_of(form, f"/o/{number}/amend") | {"name": "A", "phone": "0499123456", "q-2": "1"}
    client.post(f"/o/{number}/amend", data=fields | {"without": ["celery"]})
    assert "sans moutarde" not in client.get(f"/o/{number}").text
    client.post(f"/o/{number}/erase", data=fields)
    assert "sans céleri" not in client.get(f"/o/{number}").text


def test_a_refused_form_keeps_what_to_leave_out(client: FlaskClient) -> None:
    answer = send_order(client, without=["mustard"])
    assert answer.status_code == 422
    assert 'value="mustard" checked' in answer.text


def test_a_cancelled_order_frees_its_plates(client: FlaskClient) -> None:
    number = place_order(client, q_2=5)
    token = form_of(client.get("/").text, "/orders")["csrf_token"]
    assert client.post(f"/o/{number}/cancel", data={"csrf_token": token}).status_code == 303
    page = client.get(f"/o/{number}").text
    assert marked(page, "order-state") == "cancelled"
    assert marked(page, "amount-due") == "0"
    assert marked(client.get("/").text, "mains-left") == "5"


def test_after_the_cutoff_nothing_changes(client: FlaskClient, clock: time_machine.Traveller) -> None:
    number = place_order(client, q_2=1)
    page = client.get(f"/o/{number}/change").text
    fields = form_of(page, f"/o/{number}/amend") | {"name": "A", "phone": "0499123456", "q-2": "2"}
    clock.move_to(CLOSES)
    for verb in ("amend", "cancel"):
        answer = client.post(f"/o/{number}/{verb}", data=fields)
        assert answer.status_code == 422
        assert marked(answer.text, "refusal") == "CycleClosed"
    assert client.get(f"/o/{number}/change").status_code == 303
    assert marked(client.get(f"/o/{number}").text, "amount-due") == "850"


def test_what_is_held_is_shown_and_erased(app: Flask, client: FlaskClient) -> None:
    number = place_order(client, name="Amélie", phone="0499 12 34 56")
    page = client.get(f"/o/{number}").text
    assert "0499 12 34 56" in page
    token = form_of(client.get("/").text, "/orders")["csrf_token"]
    assert client.post(f"/o/{number}/erase", data={"csrf_token": token}).status_code == 303
    page = client.get(f"/o/{number}").text
    assert "0499" not in page
    assert "Amélie" not in page
    assert marked(page, "order-state") == "placed"
    with app.app_context():
        assert db.session.get(Contact, number) is None


def test_an_address_stays_until_the_door_is_found(app: Flask, client: FlaskClient) -> None:
    number = place_order(client, handover="delivery", street="Rue du Pont 3")
    token = form_of(client.get("/").text, "/orders")["csrf_token"]
    assert client.post(f"/o/{number}/erase", data={"csrf_token": token}).status_code == 422
    with app.app_context():
        assert db.session.get(Contact, number) is not None


def test_a_calendar_file_says_when_and_not_where(client: FlaskClient) -> None:
    number = place_order(client)
    answer = client.get(f"/o/{number}/calendar.ics")
    assert answer.mimetype == "text/calendar"
    assert "DTSTART:20261126T160000Z" in answer.text
    assert "Démo" not in answer.text
    assert "http://127.0.0.1:8000/o/" in answer.text.replace("\r\n ", "")


def test_a_forged_or_missing_token_is_refused(app: Flask, client: FlaskClient) -> None:
    fields = form_of(client.get("/").text, "/orders") | {"name": "A", "phone": "0499123456", "q-2": "1"}
    for forged in ({}, {"csrf_token": "x"}):
        sent = {name: value for name, value in fields.items() if name != "csrf_token"} | forged
        answer = client.post("/orders", data=sent)
        assert answer.status_code == 400
        assert 'id="q-2" value="1"' in answer.text, "a page left open too long loses nothing"
    assert orders(app) == 0


def test_fields_that_nobody_asked_for_change_nothing(client: FlaskClient) -> None:
    number = place_order(client, q_2=1, price="1", unit_price="1", paid="1", state="picked_up", role="admin")
    page = client.get(f"/o/{number}").text
    assert (marked(page, "order-state"), marked(page, "amount-due")) == ("placed", "850")


def test_what_turns_or_hides_text_is_dropped(client: FlaskClient) -> None:
    number = place_order(client, name="\u202eeilémA\u0000\u200b", phone="\u202a0499 12 34 56\u202c")
    page = client.get(f"/o/{number}").text
    assert "eilémA" in page
    assert "\u202e" not in page
    assert "\u200b" not in page


def test_a_text_that_is_too_long_is_refused_and_kept(client: FlaskClient) -> None:
    answer = send_order(client, name="x" * 41, phone="0499123456", q_2=1)
    assert answer.status_code == 422
    assert "x" * 41 in answer.text


def test_before_it_opens_the_menu_says_when(client: FlaskClient, clock: time_machine.Traveller) -> None:
    clock.move_to(CLOSES - timedelta(days=6))
    page = client.get("/").text
    assert "On peut commander à partir de vendredi 10" in page.replace("\xa0", " ")
    assert 'action="/orders"' not in page
