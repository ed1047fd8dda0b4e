"""Making, publishing, moving and calling off a week."""

import re

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from shop.extensions import db
from shop.menu import queries
from shop.menu.rules import WeekFacts, WeekState
from shop.orders.placing import new_link
from shop.orders.queries import mains_taken, number_of, open_orders
from shop.outbox import Letter
from shop.transaction import transaction
from shop.vault import token_hash
from tests.factories import SLOT, csrf, make_dish, make_order, make_plan, make_week, sign_in


def send(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    return client.post(path, data={**fields, "csrf_token": csrf(client, "/collective/")})


def newest(app: Flask) -> WeekFacts:
    with app.app_context():
        return queries.weeks(1)[0]


def typed(page: str) -> dict[str, str]:
    """Read the fields of the page's form as a browser would send them."""
    inputs = re.findall(r"<input[^>]*>", page)
    pairs = [(re.search(r'name="([^"]+)"', one), re.search(r'value="([^"]*)"', one)) for one in inputs]
    return {
        name[1]: value[1] for name, value in pairs if name and value and name[1] not in {"dish", "delivers"}
    }


def test_the_first_week_is_made_of_tapped_cards(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        dishes = [make_dish("Dessert", "dessert").id, make_dish("Plat").id]
    sign_in(client)
    form = typed(client.get("/collective/weeks/new").text)
    form["place"] = "Rue de la Démo 1"
    answer = send(client, "/collective/weeks/new", **form, dish=[str(dish) for dish in [*dishes, "x"]])
    assert answer.headers["Location"] == "/collective/weeks/2026-W49/menu"
    week = newest(app)
    assert (week.label, week.state, week.cap, len(week.slots)) == ("2026-W49", WeekState.DRAFT, 70, 2)
    assert send(client, "/collective/weeks/2026-W49/publish").status_code == 303
    assert newest(app).state is WeekState.PUBLISHED
    again = send(client, "/collective/weeks/new", **form)
    assert again.status_code == 422
    assert 'data-refusal="WeekExists"' in again.text


def test_an_unready_week_is_not_published_and_says_what_it_lacks(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_week([make_dish("Soupe", "starter")], published=False)
    sign_in(client)
    answer = send(client, "/collective/weeks/2026-W48/publish")
    assert answer.status_code == 422
    assert "Il faut au moins un plat" in answer.text
    assert newest(app).state is WeekState.DRAFT


def test_a_copy_skips_the_weeks_that_are_over(
    app: Flask, client: FlaskClient, clock: time_machine.Traveller
) -> None:
    with app.app_context():
        make_week(plan=make_plan(-3))
    sign_in(client)
    assert "Recopier la dernière semaine" in client.get("/collective/").text
    answer = send(client, "/collective/weeks/copy")
    assert answer.headers["Location"] == "/collective/weeks/2026-W48/menu"
    assert "Poulet yassa" in client.get(answer.headers["Location"]).text


def test_the_cutoff_moves_and_a_wrong_one_is_kept_beside_its_field(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_week()
    sign_in(client)
    path = "/collective/weeks/2026-W48/cutoff"
    assert send(client, path, day="2026-11-25", time="12:00").status_code == 303
    assert newest(app).closes_at.isoformat() == "2026-11-25T11:00:00+00:00"
    refused = send(client, path, day="2026-11-27", time="12:00")
    assert refused.status_code == 422
    assert "premier retrait" in refused.text
    assert 'value="2026-11-27"' in refused.text


def test_calling_a_week_off_cancels_its_orders_and_says_whom_to_tell(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        week = make_week()
        week_id, number = week.id, make_order(week, B=3).number
        written = make_order(week, B=1, contact={"name": "Simon", "email": "simon@example.org"}).number
    sign_in(client)
    answer = send(client, "/collective/weeks/2026-W48/cancel")
    assert answer.status_code == 303
    page = client.get("/collective/").text
    assert str(number) in page
    assert str(written) not in page
    with app.app_context():
        letters = db.session.scalars(select(Letter)).all()
        assert [letter.key for letter in letters] == [f"order:{written}:called-off"]
        assert letters[0].sealed
        text = letters[0].sealed.value["text"]
        assert "pas de repas jeudi 26 novembre" in text
        link = re.search(r"http://127\.0\.0\.1:8000/o/([\w-]{22})\n", text)
        assert link
        assert number_of(token_hash(link[1])) == written
        assert (open_orders(week_id), mains_taken(week_id)) == ([], 0)
    assert newest(app).state is WeekState.CANCELLED
    assert "Pas de repas cette semaine" in app.test_client().get("/").text
    assert app.test_client().get("/menu.json").get_json()["lines"] == []
    assert send(client, "/collective/weeks/2026-W48/cancel").status_code == 422
    assert send(client, "/collective/weeks/2026-W48/wall").status_code == 422


def test_a_letter_has_no_link_that_a_members_new_one_stopped(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        number = make_order(make_week(), B=1, contact={"name": "Simon", "email": "simon@example.org"}).number
        with transaction():
            new_link(number)
    sign_in(client)
    send(client, "/collective/weeks/2026-W48/cancel")
    with app.app_context():
        letter = db.session.scalars(select(Letter)).one()
        assert letter.sealed
        assert "/o/" not in letter.sealed.value["text"] + letter.sealed.value["html"]


def test_the_walls_link_is_shown_once_and_leads_there(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_week()
    sign_in(client)
    page = send(client, "/collective/weeks/2026-W48/wall").text
    link = re.search(r"http://127\.0\.0\.1:8000(/kitchen/wall/[\w-]{22})", page)
    assert link
    assert app.test_client().get(link[1]).status_code == 200


def test_a_week_that_is_over_waits_to_be_closed(
    app: Flask, client: FlaskClient, clock: time_machine.Traveller
) -> None:
    with app.app_context():
        make_week()
    clock.move_to(SLOT.replace(hour=18))
    sign_in(client)
    page = client.get("/collective/").text
    assert "attend d’être clôturée" in page
    assert "/collective/weeks/2026-W48/close" in page
