"""The first page of a new shop, and the settings that it leaves to be changed."""

import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shop.extensions import db
from shop.ledger.books.queries import balance
from shop.members.models import Activity, Member
from shop.menu.rhythms import rhythm_on
from shop.pages import Role
from shop.settings.naming import KEY, AidName, aid_name
from shop.settings.queries import rows_of
from shop.settings.regimes import Regime, regime_on
from shop.settings.switches import Switch, use, used
from shop.transaction import transaction
from shop.treasury.moving import move
from shop.treasury.rules import gift
from tests.conftest import NOON
from tests.factories import csrf, make_week, sign_in

START = "/settings/start"
TODAY = NOON.date()
TYPED = {
    "name": "La Louche",
    "contact": "0470 00 00 00",
    "place": "Rue de la Démo 1",
    "cap": "40",
    "opens_day": "4",
    "opens_time": "10:00",
    "closes_day": "1",
    "closes_time": "18:00",
    "fetched_day": "3",
    "fetched_time": "17:00",
    "until": "19:00",
    "slot_minutes": "60",
    "regime": "franchise",
    "aid_name": "aid",
    "meals-a570100": "300",
}


@pytest.fixture
def admin(client: FlaskClient) -> FlaskClient:
    """Sign in the first member, as the command line made them: nothing is used yet."""
    with client.application.app_context(), transaction():
        use([], TODAY)
    sign_in(client, [Role.ADMIN], "Thym")
    return client


def send(client: FlaskClient, path: str = START, **fields: Any) -> TestResponse:
    token = csrf(client, "/settings/members")
    return client.post(path, data={**TYPED, **fields, "csrf_token": token})


def amounts(seller: str, *codes: str) -> list[int]:
    return [balance(code, seller) for code in codes]


def test_the_first_member_is_led_to_the_first_page(admin: FlaskClient) -> None:
    assert f'href="{START}"' in admin.get("/collective/").text
    assert admin.get(START).status_code == 200


@pytest.mark.both_databases
def test_a_group_starts_in_one_form(admin: FlaskClient) -> None:
    answer = send(
        admin,
        uses=["bank", "funds", "bills", "beer"],
        **{
            "meals-a550100": "120,50",
            "meals-a489200": "20",
            "meals-a440000": "30,25",
            "meals-a489300": "8,5",
            "meals-a139500": "50",
            "meals-a140100": "100",
            "beer_name": "La Mousse",
            "beer_regime": "not_liable",
            "beer-a550200": "1500",
            "beer-a140200": "1500",
            "people-0-pseudonym": "cumin",
            "people-0-roles": ["organiser", "cook"],
            "people-1-pseudonym": "Sauge",
            "people-1-roles": ["treasurer", "beer-treasurer"],
        },
    )
    assert answer.status_code == 200
    assert answer.text.count("/welcome/") == 2
    assert "/welcome/" not in admin.get("/settings/members").text
    with admin.application.app_context():
        codes = ("570100", "550100", "489200", "440000", "489300", "139500", "140100", "100000")
        assert amounts("meals", *codes) == [30000, 12050, -2000, -3025, -850, -5000, -10000, -21175]
        assert amounts("beer", "550200", "140200", "100000") == [150000, -150000, 0]
        assert [one.name for one in db.session.query(Activity).order_by("code")] == ["La Mousse", "La Louche"]
        assert regime_on("meals", TODAY) is Regime.FRANCHISE
        assert used() == {"bank", "funds", "bills", "beer"}
        rhythm = rhythm_on(TODAY)
        assert rhythm
        assert (rhythm.cap, rhythm.place, len(rhythm.slots)) == (40, "Rue de la Démo 1", 2)
        sage = db.session.query(Member).filter_by(pseudonym="Sauge").one()
        assert sage.emblem == "sage"
        assert {(held.activity, held.role) for held in sage.roles} == {
            ("meals", Role.TREASURER),
            ("beer", Role.TREASURER),
        }


def test_it_starts_once(admin: FlaskClient) -> None:
    assert send(admin).status_code == 303
    again = send(admin, name="Autre", **{"meals-a570100": "999"})
    assert (again.status_code, again.location) == (303, "/settings/house")
    assert admin.get(START).status_code == 303
    with admin.application.app_context():
        assert amounts("meals", "570100", "100000") == [30000, -30000]
        assert db.session.get_one(Activity, "meals").name == "La Louche"
    assert START not in admin.get("/collective/").text


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, "Remplissez ce champ."),
    ({"meals-a570100": "0,005"}, "Écrivez un montant comme 12,50."),
    ({"meals-a140100": "300,01"}, "Il manque 0,01"),
    ({"meals-a550100": "5"}, "Cochez d’abord ce que vous utilisez"),
    ({"beer-a570200": "5"}, "Cochez d’abord la bière"),
    ({"regime": ""}, "Choisissez."),
    ({"until": "17:00"}, "Le retrait finit après avoir commencé."),
    ({"slot_minutes": "-5"}, "choix valide"),
    ({"slot_minutes": "9" * 30}, "choix valide"),
    ({"cap": "0"}, "Écrivez plus que 0."),
    ({"slot_minutes": "30", "until": "20:00"}, "Quatre moments au plus"),
    ({"people-0-pseudonym": "R2D2"}, "sans chiffre"),
    ({"people-0-pseudonym": "Thym", "people-0-roles": "cook"}, "porte déjà ce pseudonyme"),
    ({"people-0-pseudonym": "Anis", "people-0-roles": []}, "Cochez au moins un rôle."),
    ({"people-0-pseudonym": "Anis", "people-0-roles": "beer-treasurer"}, "Cochez d’abord la bière"),
    (
        {
            "people-0-pseudonym": "Anis",
            "people-0-roles": "cook",
            "people-1-pseudonym": "anis",
            "people-1-roles": "cook",
        },
        "Deux membres, deux pseudonymes.",
    ),
    ({"uses": "zeppelin"}, "choix valide"),
    ({"name": " \u200b"}, "Remplissez ce champ."),
    ({"cap": " "}, "Remplissez ce champ."),
]


def test_what_is_wrong_is_said_and_nothing_is_lost(admin: FlaskClient) -> None:
    token = csrf(admin, "/settings/members")
    for wrong, words in WRONG:
        sent = {**TYPED, "contact": "au marché", "place": "Rue du Pot 3", **wrong, "csrf_token": token}
        answer = admin.post(START, data=sent)
        assert answer.status_code == 422, wrong
        for said in (words, "au marché", "Rue du Pot 3"):
            assert said in answer.text, wrong
    with admin.application.app_context():
        assert amounts("meals", "570100") == [0]
        assert regime_on("meals", TODAY) is None
        assert db.session.query(Member).count() == 1


def test_without_javascript_the_float_is_shown_and_nothing_written(admin: FlaskClient) -> None:
    answer = send(admin, look="1", **{"meals-a140100": "100,50"})
    assert answer.status_code == 200
    assert "199,50" in answer.text
    with admin.application.app_context():
        assert amounts("meals", "570100") == [0]


def test_the_first_week_is_proposed_as_was_said(admin: FlaskClient) -> None:
    assert send(admin, opens_day="5", fetched_day="2", until="18:30").status_code == 303
    sign_in(admin, [Role.ORGANISER], "Origan")
    page = admin.get("/collective/weeks/new").text
    for value in ("2026-11-28", "2026-12-01", "2026-12-02", "17:00", "18:30", "40", "Rue de la Démo 1"):
        assert f'value="{value}"' in page


def test_what_was_said_is_changed_later(admin: FlaskClient) -> None:
    send(admin)
    assert 'value="La Louche"' in admin.get("/settings/house").text
    assert send(admin, "/settings/house", name="Le Pot", regime="charges").status_code == 303
    assert "ces comptes ne suffisent pas" in admin.get("/settings/house").text
    assert send(admin, "/settings/house", name="").status_code == 422
    with admin.application.app_context():
        assert db.session.get_one(Activity, "meals").name == "Le Pot"
        assert regime_on("meals", TODAY) is Regime.CHARGES
        assert (aid_name(), rows_of(KEY)) == (AidName.AID, []), "nobody chose yet"
    assert re.findall(r'name="aid_name"[^>]* value="(\w+)"', admin.get("/settings/house").text) == [*AidName]
    assert send(admin, "/settings/house", aid_name="Salaire").status_code == 422
    assert send(admin, "/settings/house", aid_name="support").status_code == 303
    with admin.application.app_context():
        assert [(row.holds_from, row.value) for row in rows_of(KEY)] == [(TODAY, "support")]
    send(admin, "/settings/uses", uses="beer")
    assert 'name="beer_name"' in admin.get("/settings/house").text
    assert send(admin, "/settings/house", beer_name="La Mousse", beer_regime="franchise").status_code == 303
    with admin.application.app_context():
        assert db.session.get_one(Activity, "beer").name == "La Mousse"
        assert regime_on("beer", TODAY) is Regime.FRANCHISE


def test_a_bound_of_the_law_gets_its_day(admin: FlaskClient) -> None:
    assert "25\u202f000,00" in admin.get("/settings/vat").text
    assert send(admin, "/settings/vat", holds_from="2027-01-01", cents="30000").status_code == 303
    page = admin.get("/settings/vat").text
    assert page.index("30\u202f000,00") < page.index("25\u202f000,00")
    assert send(admin, "/settings/vat", holds_from="2027-01-01", cents="x").status_code == 422


def test_a_treasurer_opens_books_that_wait(admin: FlaskClient) -> None:
    send(admin, uses="beer", **{"meals-a570100": ""})
    assert admin.get(f"{START}/meals").status_code == 404
    sign_in(admin, [Role.TREASURER], "Sauge")
    assert admin.get(f"{START}/beer").status_code == 404
    assert 'name="money-a550100"' not in admin.get(f"{START}/meals").text
    nothing = send(admin, f"{START}/meals", **{"money-a570100": "0"})
    assert 'data-refusal="NotAnAmount"' in nothing.text
    assert send(admin, f"{START}/meals", **{"money-a570100": "42", "money-a550100": "9"}).status_code == 303
    assert admin.get(f"{START}/meals").status_code == 404
    with admin.application.app_context():
        assert amounts("meals", "570100", "550100", "100000") == [4200, 0, -4200]


def test_books_that_run_already_are_asked_what_was_there_before(admin: FlaskClient) -> None:
    send(admin, **{"meals-a570100": ""})
    with admin.application.app_context(), transaction():
        move("a" * 24, gift(500, TODAY, "570100"), TODAY, "treasurer")
    sign_in(admin, [Role.TREASURER], "Sauge")
    assert "avant la première écriture" in admin.get(f"{START}/meals").text
    assert send(admin, f"{START}/meals", **{"money-a570100": "42"}).status_code == 303
    with admin.application.app_context():
        assert amounts("meals", "570100", "100000") == [4700, -4200]


def test_what_is_used_is_switched(admin: FlaskClient) -> None:
    send(admin)
    assert send(admin, "/settings/uses", uses=["bank", "rockets"]).status_code == 422
    assert send(admin, "/settings/uses", uses=["bank", "funds"]).status_code == 303
    with admin.application.app_context():
        assert used() == {"bank", "funds"}
    assert send(admin, "/settings/uses", uses=[]).status_code == 303


def test_what_holds_money_is_not_switched_off(admin: FlaskClient) -> None:
    money = {"meals-a550100": "9", "meals-a440000": "3", "meals-a139500": "2", "beer-a570200": "5"}
    every = {"bank", "bills", "funds", "beer"}
    assert send(admin, uses=list(every), beer_regime="franchise", **money).status_code == 303
    for switch in every:
        refused = send(admin, "/settings/uses", uses=list(every - {switch}))
        assert 'data-refusal="StillHeld"' in refused.text, switch
    assert "il y reste 9,00" in send(admin, "/settings/uses", uses=[]).text
    with admin.application.app_context():
        assert used() == every


def test_who_still_brings_food_does_not_stop(admin: FlaskClient) -> None:
    with admin.application.app_context():
        with transaction():
            use([Switch.DELIVERY], date(2026, 11, 22))
            use([Switch.DELIVERY], TODAY)
        make_week()
    refused = send(admin, "/settings/uses", uses=[])
    assert 'data-refusal="StillDelivering"' in refused.text
    assert "2026-W48" in refused.text


def test_a_member_keeps_the_beer_s_books(admin: FlaskClient, app: Flask) -> None:
    send(admin, uses="beer")
    token = csrf(admin, "/settings/members")
    roles = {"csrf_token": token, "pseudonym": "Baies", "roles": "beer-treasurer"}
    assert admin.post("/settings/members", data=roles).status_code == 200
    assert "Baies" in admin.get("/settings/members").text
    with app.app_context():
        member = db.session.query(Member).filter_by(pseudonym="Baies").one()
        assert [(held.activity, held.role) for held in member.roles] == [("beer", Role.TREASURER)]
