"""What no browser of ours sends is refused in a clear way, on both databases: never a 500."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from shop.extensions import db
from shop.menu.models import Week
from shop.menu.services import add_line
from shop.pages import Role
from shop.transaction import transaction
from tests.factories import csrf, make_dish, make_order, make_week, sign_in

WEEK = "/collective/weeks/2026-W48"


@pytest.fixture
def browser(app: Flask, client: FlaskClient) -> FlaskClient:
    """Sign in who may do most, in a published week."""
    with app.app_context():
        make_week()
        db.session.remove()
    client.keeper_id = sign_in(client, [Role.ORGANISER, Role.TREASURER, Role.ADMIN]).id
    return client


def send(browser: FlaskClient, path: str, **fields: str) -> int:
    return browser.post(path, data={**fields, "csrf_token": csrf(browser, "/settings/members")}).status_code


@pytest.mark.parametrize(("path", "status"), [("/sign-in", 400), ("/collective/desk", 404)])
def test_bytes_that_are_no_text_in_an_address(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path, environ_overrides={"QUERY_STRING": "next=\xff"})
    assert answer.status_code == status


def test_an_encoded_byte_that_is_no_text_is_a_word_like_any_other(browser: FlaskClient) -> None:
    assert browser.get("/collective/desk?q=%ff%00%ed%a0%80").status_code == 200


@pytest.mark.parametrize("names", ["x{}", "q-1"])
@pytest.mark.parametrize("kind", ["multipart/form-data", "application/x-www-form-urlencoded"])
def test_two_thousand_fields_are_too_many(browser: FlaskClient, kind: str, names: str) -> None:
    fields = MultiDict((names.format(number), "1") for number in range(2000))
    fields["csrf_token"] = csrf(browser, "/settings/members")
    assert browser.post("/orders", data=fields, content_type=kind).status_code == 413


@pytest.mark.parametrize("number", ["²", "٣", "9" * 5000, "1000", ""])
@pytest.mark.parametrize("path", ["/collective/weeks/new", f"{WEEK}/plan"])
def test_a_row_whose_number_is_none(browser: FlaskClient, path: str, number: str) -> None:
    assert send(browser, path, **{f"slots-{number}-day": "2026-11-26"}) == 422


def test_a_week_that_is_over_has_no_other_cutoff(browser: FlaskClient) -> None:
    assert send(browser, f"{WEEK}/cancel") == 303
    assert send(browser, f"{WEEK}/cutoff", day="2026-11-24", time="12:00") == 422


def test_a_form_id_is_32_signs_and_no_line_more(browser: FlaskClient) -> None:
    cost = {"cents": "1", "kind": "ingredients", "source": "pocket", "spent_on": "2026-11-23"}
    who = {"payer": str(browser.keeper_id)}
    assert send(browser, "/treasury/costs", form_id="0" * 32 + "\n", **cost, **who) == 422


def test_a_pseudonym_is_not_longer_in_capitals(browser: FlaskClient) -> None:
    assert send(browser, "/settings/members", pseudonym="ß" + "a" * 23, roles="cook") == 422


def test_a_sum_that_no_column_holds(app: Flask, browser: FlaskClient) -> None:
    with app.app_context():
        week = db.session.scalars(select(Week)).one()
        truffles = make_dish("Truffes", "dessert", 99_999_999)
        with transaction():
            add_line(week.id, truffles.id)
        number = make_order(week, D=999).number
        holds = db.engine.dialect.name == "sqlite"
        db.session.remove()
    assert send(browser, f"/collective/orders/{number}/hand-over") == (303 if holds else 400)
