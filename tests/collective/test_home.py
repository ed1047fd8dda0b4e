"""This week's page, as each role sees it."""

import time_machine
from flask import Flask
from flask.testing import FlaskClient

from shop import clock as shop_clock
from shop.orders.placing import amend_order, cancel_order
from shop.pages import Role
from shop.transaction import transaction
from tests.conftest import NOON
from tests.factories import CLOSES, make_dish, make_order, make_week, sign_in


def test_an_empty_shop_says_what_to_do_next(app: Flask, client: FlaskClient) -> None:
    sign_in(client)
    assert "Écrire le premier plat" in client.get("/collective/").text
    with app.app_context():
        make_dish()
    assert "Faire la première semaine" in client.get("/collective/").text


def test_the_week_says_plates_orders_and_what_moved(
    app: Flask, client: FlaskClient, clock: time_machine.Traveller
) -> None:
    with app.app_context():
        week = make_week()
        kept, gone = make_order(week, B=30), make_order(week, B=1)
        lines = {line.letter: line.id for line in week.lines}
    sign_in(client)
    page = client.get("/collective/").text
    assert "31 plats sur 70" in page
    assert "2 commandes" in page
    assert "dernière visite" not in page
    clock.shift(3600)
    with app.app_context():
        with transaction():
            amend_order(kept.number, {lines["B"]: 32}, None, None, shop_clock.now())
            cancel_order(gone.number, shop_clock.now())
        make_order(week, A=1)
    page = client.get("/collective/").text
    assert "dernière visite\u00a0: <b>+1</b>, 1 changée, 1 annulée" in page


def test_the_visit_is_kept_in_the_browser_alone(client: FlaskClient) -> None:
    sign_in(client)
    cookie = client.get("/collective/").headers["Set-Cookie"]
    assert cookie.startswith(f"visits=0-{int(NOON.timestamp())};")
    assert "HttpOnly" in cookie
    assert "Path=/collective/" in cookie


def test_the_text_to_paste_says_all_but_the_place(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_week()
    sign_in(client)
    for path in ("/collective/", "/collective/weeks/2026-W48/announce"):
        page = client.get(path).text
        for said in (
            "B. Poulet yassa, riz\u00a0: 8,50",
            "mardi 24 novembre, 18",
            "http://127.0.0.1:8000",
            "Ou livré",
        ):
            assert said in page, said
        assert "Rue de la Démo" not in page


def test_the_dossier_waits_for_the_cutoff(
    app: Flask, client: FlaskClient, clock: time_machine.Traveller
) -> None:
    with app.app_context():
        make_week()
    sign_in(client)
    assert "Préparer le dossier" not in client.get("/collective/").text
    clock.move_to(CLOSES)
    sign_in(client, pseudonym="Thym")
    assert "Préparer le dossier" in client.get("/collective/").text


def test_cooks_couriers_and_treasurers_find_their_own_pages(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_week()
    for role, link in (
        (Role.COOK, "/kitchen/2026-W48"),
        (Role.COURIER, "/rounds/"),
        (Role.TREASURER, "/treasury/"),
    ):
        other = app.test_client()
        sign_in(other, [role], {Role.COOK: "Menthe", Role.COURIER: "Cumin"}.get(role, "Laurier"))
        page = other.get("/collective/").text
        assert link in page
        for kept_back in ("/collective/orders/new", "Copier le texte", "/dossier", "Déplacer"):
            assert kept_back not in page
    assert client.get("/collective/").status_code == 404
