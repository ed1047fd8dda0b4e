"""Signing in, seen from the browser."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from werkzeug.test import TestResponse

from shop.members import services as members
from shop.members.fresh import fresh_sign_in
from shop.pages import Role, for_members
from shop.transaction import transaction
from tests.conftest import NOON
from tests.factories import PASSPHRASE, csrf, make_member, sign_in


def test_sign_in_and_out(client: FlaskClient) -> None:
    sign_in(client)
    page = client.get("/sign-in").text
    assert "Safran" in page
    client.post("/sign-out", data={"csrf_token": csrf(client)})
    assert "Safran" not in client.get("/sign-in").text


def test_a_wrong_passphrase_and_an_unknown_pseudonym_get_the_same_answer(client: FlaskClient) -> None:
    with client.application.app_context():
        make_member("Safran", [Role.COOK])
    token = csrf(client)
    answers = []
    for pseudonym, passphrase in (("Safran", "not this one, surely"), ("Aneth", PASSPHRASE)):
        data = {"pseudonym": pseudonym, "passphrase": passphrase, "csrf_token": token}
        answer = client.post("/sign-in", data=data)
        answers.append((answer.status_code, answer.text.replace(pseudonym, "…")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 422
    assert 'data-refusal="SignInFailed"' in answers[0][1]


def prove(client: FlaskClient, passphrase: str, to: str = "") -> TestResponse:
    data = {"csrf_token": csrf(client, "/sign-in/again"), "passphrase": passphrase, "next": to}
    return client.post("/sign-in/again", data=data)


@pytest.fixture
def vault_room(app: Flask) -> str:
    """Add a page of files and a file that asks for a fresh sign-in; give the file's address."""
    app.add_url_rule("/treasury/files", "files", for_members(lambda: "take one"))
    app.add_url_rule(
        "/treasury/files/books", "books", for_members(fresh_sign_in("files")(lambda: "the books"))
    )
    return "/treasury/files/books?from=2026-01-01&_scheme=javascript"


@pytest.mark.reshapes
def test_what_leaves_the_shop_asks_for_the_passphrase_again(
    client: FlaskClient, vault_room: str, clock: time_machine.Traveller
) -> None:
    sign_in(client)
    assert client.get(vault_room).text == "the books"
    clock.shift(timedelta(minutes=9, seconds=59))
    assert client.get(vault_room).text == "the books"
    clock.shift(timedelta(seconds=1))
    asked = client.get(vault_room)
    assert asked.status_code == 303
    files = vault_room.replace("/books", "")
    assert f'value="{escape(files)}"' in client.get(asked.location).text
    assert prove(client, "not this one, surely", files).status_code == 422
    assert client.get(vault_room).status_code == 303
    proved = prove(client, PASSPHRASE, files)
    assert (proved.status_code, proved.location) == (303, files)
    assert client.get(vault_room).text == "the books"


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example/", "/nowhere", "/sign-out?x=1", ""])
def test_the_passphrase_leads_to_pages_of_the_shop_only(client: FlaskClient, to: str) -> None:
    sign_in(client)
    assert prove(client, PASSPHRASE, to).location in {"/collective/", "/treasury/"}


def test_another_member_s_passphrase_proves_nothing(client: FlaskClient) -> None:
    sign_in(client)
    with client.application.app_context(), transaction():
        token = members.add_member("Thym", [], NOON)
        members.choose_passphrase(token, "une autre phrase de passe", NOON)
    assert prove(client, "une autre phrase de passe").status_code == 422


def test_trying_passphrases_is_limited_on_both_pages_together(client: FlaskClient) -> None:
    sign_in(client)
    token = csrf(client, "/sign-in/again")
    data = {"csrf_token": token, "passphrase": "not this one, surely", "pseudonym": "Safran"}
    paths = ["/sign-in/again", "/sign-in"] * 21
    assert [client.post(path, data=data).status_code for path in paths] == [*[422] * 40, 429, 429]
