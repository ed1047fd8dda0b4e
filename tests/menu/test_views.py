"""The cards of dishes."""

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shop.extensions import db
from shop.menu.models import Dish
from shop.menu.queries import cards, menu_lines
from tests.factories import csrf, make_week, sign_in

CARD = {"kind": "main", "name_fr": "Poulet yassa, riz", "price": "8,50"}


def send(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    return client.post(path, data={**fields, "csrf_token": csrf(client, "/collective/")})


def test_a_card_remembers_names_contents_and_allergens_in_the_order_of_the_law(
    app: Flask, client: FlaskClient
) -> None:
    sign_in(client)
    answer = send(
        client,
        "/collective/dishes/new",
        **CARD,
        contents_fr="poulet, oignons",
        name_ar="دجاج ياسا",
        diets=["halal"],
        allergens=["mustard", "celery", "gluten"],
    )
    assert answer.status_code == 303
    with app.app_context():
        dish = db.session.get(Dish, cards()[0].id)
        assert dish
        assert dish.names == {"fr": "Poulet yassa, riz", "ar": "دجاج ياسا"}
        assert dish.contents == {"fr": "poulet, oignons"}
        assert (dish.price, dish.diets) == (850, ["halal"])
        assert dish.allergens == ["gluten", "celery", "mustard"]
    page = client.get(f"/collective/dishes/{dish.id}").text
    assert page.count("checked") == 5
    assert "Anhydride sulfureux" in page


def test_a_card_written_for_a_week_stands_on_its_menu(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        week_id = make_week().id
    sign_in(client)
    answer = send(client, "/collective/dishes/new?week=2026-W48", **CARD | {"name_fr": "Mafé"})
    assert answer.headers["Location"] == "/collective/weeks/2026-W48/menu"
    with app.app_context():
        assert [line.names["fr"] for line in menu_lines(week_id)][2] == "Mafé"


WRONG: tuple[dict[str, object], ...] = (
    {"name_fr": ""},
    {"name_fr": "x" * 61},
    {"price": "gratuit"},
    {"price": "1000"},
    {"price": ""},
    {"kind": "soup"},
    {"allergens": ["arsenic"]},
    {"diets": ["keto"]},
)


def test_a_wrong_card_is_kept_as_typed(app: Flask, client: FlaskClient) -> None:
    sign_in(client)
    for wrong in WRONG:
        answer = send(client, "/collective/dishes/new", **CARD | {"contents_fr": "gardé"} | wrong)
        assert answer.status_code == 422, wrong
        assert 'value="gardé"' in answer.text
    with app.app_context():
        assert cards() == []


def test_a_published_dish_stays_in_its_course(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        main = menu_lines(make_week().id)[1].dish_id
    sign_in(client)
    answer = send(client, f"/collective/dishes/{main}", **CARD | {"kind": "dessert"})
    assert answer.status_code == 422
    assert "reste dans sa catégorie" in answer.text
    assert send(client, f"/collective/dishes/{main}", **CARD | {"price": "9"}).status_code == 303


def test_a_dish_that_does_not_exist_is_not_found(client: FlaskClient) -> None:
    sign_in(client)
    for dish in ("77", "9" * 30):
        assert client.get(f"/collective/dishes/{dish}").status_code == 404
