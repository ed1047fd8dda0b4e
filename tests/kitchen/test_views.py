"""The kitchen's sheet and wall."""

import re

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from shop.extensions import db
from shop.menu import services
from shop.menu.models import Week
from shop.orders.placing import cancel_order, erase_contact
from shop.pages import Role
from shop.transaction import transaction
from tests.conftest import NOON
from tests.factories import SLOT, csrf, make_order, make_week, sign_in


def a_week_with_orders(app: Flask, **quantities: int) -> str:
    """Make 2026-W48 with one order of a wall link; give the link's secret."""
    with app.app_context():
        week = make_week()
        make_order(week, **quantities)
        with transaction():
            return services.new_wall_link(week.id)


def portions(page: str) -> list[int]:
    return [int(found) for found in re.findall(r'data-portions="(\d+)"', page)]


def test_a_cook_sees_what_to_cook(app: Flask, client: FlaskClient) -> None:
    a_week_with_orders(app, A=3, B=24)
    sign_in(client, [Role.COOK], "Menthe")
    page = client.get("/kitchen/", follow_redirects=True)
    assert page.status_code == 200
    assert portions(page.text) == [3, 24, 0]


def test_a_new_print_says_what_changed_since_the_last(app: Flask, client: FlaskClient) -> None:
    a_week_with_orders(app, B=24)
    sign_in(client, [Role.COOK], "Menthe")
    sheet = "/kitchen/2026-W48"
    assert "pas encore imprimée" in client.get(sheet).text
    for _twice in range(2):
        client.post(f"{sheet}/print", data={"csrf_token": csrf(client, sheet)})
    assert "rien n’a changé" in client.get(sheet).text
    with app.app_context():
        make_order(db.session.scalars(select(Week)).one(), B=1)
    page = client.get(sheet).text
    assert "Version 2" in page
    assert "B +1" in page


def test_the_wall_shows_dishes_only_and_ends_with_the_week(
    app: Flask, client: FlaskClient, clock: time_machine.Traveller
) -> None:
    token = a_week_with_orders(app, B=2)
    page = client.get(f"/kitchen/wall/{token}")
    assert page.status_code == 200
    assert portions(page.text) == [0, 2, 0]
    for hidden in ("Nour", "0470", "Rue de la Démo", "1001", "€", "/sign-in"):
        assert hidden not in page.text
    assert client.get("/kitchen/wall/another").status_code == 404
    clock.move_to(SLOT.replace(hour=18))
    assert client.get(f"/kitchen/wall/{token}").status_code == 404


def test_the_sheet_counts_what_to_leave_out_and_names_nobody(app: Flask, client: FlaskClient) -> None:
    token = a_week_with_orders(app, B=24)
    asked = {"name": "Zoé", "phone": "1", "without": "peanuts milk"}
    with app.app_context():
        week = db.session.scalars(select(Week)).one()
        first, second = (make_order(week, A=1, B=many, contact=asked).number for many in (2, 3))
        gone = make_order(week, B=1, contact=asked).number
        with transaction():
            cancel_order(gone, NOON)
    page = client.get(f"/kitchen/wall/{token}").text
    assert f"dont 5 sans lait ({first}, {second})" in page
    assert page.index("sans arachides") < page.index("sans lait"), "in the order of the law"
    assert page.count(f"dont 2 sans arachides ({first}, {second})") == 1
    assert page.count("sans arachides") == 2, "the soup and the chicken, not the dessert"
    for hidden in ("Zoé", str(gone)):
        assert hidden not in page
    with app.app_context(), transaction():
        erase_contact(second)
    assert f"dont 2 sans lait ({first})" in client.get(f"/kitchen/wall/{token}").text


def test_the_wall_speaks_the_cooks_language_else_french(app: Flask, client: FlaskClient) -> None:
    token = a_week_with_orders(app, B=2)
    page = client.get(f"/kitchen/wall/{token}", headers={"Accept-Language": "ar"}).text
    assert 'dir="rtl"' in page
    assert "Poulet yassa" in page


def test_the_sheet_is_not_for_couriers_treasurers_and_strangers(app: Flask, client: FlaskClient) -> None:
    a_week_with_orders(app, B=2)
    assert client.get("/kitchen/2026-W48").status_code == 404
    sign_in(client, [Role.TREASURER, Role.COURIER], "Laurier")
    assert client.get("/kitchen/2026-W48").status_code == 404


def test_strange_labels_are_not_found(client: FlaskClient) -> None:
    sign_in(client, [Role.COOK], "Menthe")
    for label in ("2026-W99", "%00", "2026-W4٨", "x" * 3000):
        assert client.get(f"/kitchen/{label}").status_code == 404
