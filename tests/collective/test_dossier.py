"""Thursday's papers."""

from flask import Flask
from flask.testing import FlaskClient

from shop.orders.rules import Delivery
from shop.pages import Role
from tests.factories import csrf, make_order, make_week, sign_in

ADDRESS = {"name": "Léa", "phone": "0470 11 22 33", "street": "Rue Longue 5", "bell": "Dubois"}


def test_four_sheets_hold_what_thursday_needs_and_no_phone(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        week = make_week()
        make_order(week, B=2, contact={"name": "Nour", "phone": "0470 00 00 00", "note": "sans arachides"})
        make_order(week, A=1, B=1, handover=Delivery(), contact=ADDRESS)
    sign_in(client)
    path = "/collective/weeks/2026-W48/dossier"
    answer = client.post(path, data={"csrf_token": csrf(client, "/collective/")}, follow_redirects=True)
    page = answer.text
    assert answer.status_code == 200
    for said in (
        "Nour",
        "sans arachides",
        "Rue Longue 5",
        "Dubois",
        "13,50",
        "17,00",
        "30,50",
        "rien n’a changé",
    ):
        assert said in page, said
    assert "0470" not in page


def test_only_who_organises_prints_it(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_week()
    sign_in(client, [Role.COOK, Role.TREASURER, Role.COURIER, Role.ADMIN], "Menthe")
    assert client.get("/collective/weeks/2026-W48/dossier").status_code == 404
    assert client.get("/collective/weeks/2026-W48/announce").status_code == 404
