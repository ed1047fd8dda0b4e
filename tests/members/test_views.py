"""The members' pages, seen from browsers."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from shop.extensions import db
from shop.members import services
from shop.members.limits import _salts, address_of_the_hour
from shop.pages import Role
from shop.transaction import transaction
from tests.conftest import NOON
from tests.factories import PASSPHRASE, csrf, knock, make_member, sign_in

PAGE = "/settings/members"


def press(client: FlaskClient, path: str, **fields: object):  # type: ignore[no-untyped-def]
    return client.post(path, data={"csrf_token": csrf(client), **fields})


def test_two_members_make_a_link_for_who_forgot(app: Flask) -> None:
    first, second, third = (app.test_client() for _ in range(3))
    forgetful = sign_in(first, [Role.COOK], "Safran")
    sign_in(second, [Role.COURIER], "Aneth")
    sign_in(third, [Role.TREASURER], "Thym")
    assert press(second, f"{PAGE}/1/ask-link").status_code == 303
    assert "Vous avez demandé" in second.get(PAGE).text
    alone = press(second, f"{PAGE}/1/confirm-link")
    assert (alone.status_code, 'data-refusal="OneMemberTwice"' in alone.text) == (422, True)
    shown = press(third, f"{PAGE}/1/confirm-link")
    path = re.search(r"http://127.0.0.1:8000(/welcome/[\w-]{22})", shown.text)
    assert path
    for _ in range(3):
        assert forgetful.pseudonym in first.get(path[1]).text
    stranger = app.test_client()
    short = stranger.post(path[1], data={"csrf_token": csrf(stranger, path[1]), "passphrase": "court"})
    assert (short.status_code, 'data-refusal="PassphraseTooShort"' in short.text) == (422, True)
    done = stranger.post(path[1], data={"csrf_token": csrf(stranger, path[1]), "passphrase": "x" * 12})
    assert done.status_code == 303
    assert stranger.get(PAGE).status_code == 200
    assert first.get(PAGE).status_code == 404
    assert stranger.get(path[1]).status_code == 404


def test_an_admin_adds_a_member_and_changes_roles(client: FlaskClient) -> None:
    sign_in(client, [Role.ADMIN])
    shown = press(client, PAGE, pseudonym="Aneth", roles=["cook"])
    assert "/welcome/" in shown.text
    again = press(client, PAGE, pseudonym="aneth", roles=["cook"])
    assert again.status_code == 422
    assert 'data-refusal="PseudonymTaken"' in again.text
    assert 'value="aneth"' in again.text
    assert press(client, f"{PAGE}/2/roles", roles=["courier", "organiser"]).status_code == 303
    assert press(client, f"{PAGE}/2/roles").status_code == 422
    assert press(client, f"{PAGE}/2/roles", roles=["king"]).status_code == 422
    last = press(client, f"{PAGE}/1/roles", roles=["cook"])
    assert 'data-refusal="LastAdmin"' in last.text
    assert press(client, f"{PAGE}/2/leave").status_code == 303
    assert "Aneth" not in client.get(PAGE).text


def test_extra_fields_change_nothing(client: FlaskClient) -> None:
    sign_in(client, [Role.COOK])
    press(client, f"{PAGE}/emblem", emblem="sage", roles=["admin"], activity="meals", id="2")
    assert press(client, PAGE, pseudonym="Aneth", roles=["admin"]).status_code == 404
    with client.application.app_context():
        member = db.session.get_one(services.Member, 1)
        assert member.emblem == "sage"
        assert [held.role for held in member.roles] == [Role.COOK]


def test_a_member_ends_their_own_sessions_and_not_another_s(app: Flask) -> None:
    first, second = app.test_client(), app.test_client()
    sign_in(first, [Role.COOK], "Safran")
    sign_in(second, [Role.COOK], "Aneth")
    assert press(second, f"{PAGE}/1/end-sessions").status_code == 404
    elsewhere = app.test_client()
    knock(elsewhere, "Safran")
    assert press(first, f"{PAGE}/1/end-sessions").status_code == 303
    assert first.get(PAGE).status_code == elsewhere.get(PAGE).status_code == 404
    assert second.get(PAGE).status_code == 200


def test_an_admin_ends_anybody_s_sessions(app: Flask) -> None:
    first, admin = app.test_client(), app.test_client()
    sign_in(first, [Role.COOK], "Safran")
    sign_in(admin, [Role.ADMIN], "Aneth")
    assert press(admin, f"{PAGE}/1/end-sessions").status_code == 303
    assert first.get(PAGE).status_code == 404


def test_who_keeps_the_beer_s_books_reads_no_pseudonym_of_the_meals(app: Flask) -> None:
    beer, cook = app.test_client(), app.test_client()
    sign_in(cook, [Role.COOK], "Safran")
    sign_in(beer, [("beer", Role.TREASURER)], "Aneth")
    assert "Safran" not in beer.get(PAGE).text
    assert press(beer, f"{PAGE}/1/ask-link").status_code == 404


def test_a_session_ends_after_12_hours(client: FlaskClient, clock: time_machine.Traveller) -> None:
    sign_in(client, [Role.COOK])
    clock.shift(timedelta(hours=12) - timedelta(seconds=1))
    assert client.get(PAGE).status_code == 200
    clock.shift(timedelta(seconds=1))
    assert client.get(PAGE).status_code == 404


def test_a_treasurer_s_session_ends_after_half_an_hour_unused(
    client: FlaskClient, clock: time_machine.Traveller
) -> None:
    sign_in(client, [Role.TREASURER])
    for _ in range(3):
        clock.shift(timedelta(minutes=29))
        assert client.get(PAGE).status_code == 200
    clock.shift(timedelta(minutes=30))
    assert client.get(PAGE).status_code == 404


def test_signing_in_begins_a_new_session(client: FlaskClient) -> None:
    with client.application.app_context():
        make_member("Safran")
    before = csrf(client)
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    knock(client, "Safran")
    with client.session_transaction() as session:
        assert set(session) == {"_user_id", "_fresh", "proved", "seen"}
    assert client.post("/sign-out", data={"csrf_token": before}).status_code == 400


def test_a_copied_cookie_is_worth_nothing_after_signing_out(client: FlaskClient, app: Flask) -> None:
    sign_in(client)
    copied = client.get_cookie("session")
    assert copied
    press(client, "/sign-out")
    thief = app.test_client()
    thief.set_cookie("session", copied.value)
    assert thief.get(PAGE).status_code == 404


@pytest.mark.parametrize(
    ("wanted", "then"),
    [
        (PAGE, PAGE),
        ("/collective/", "/collective/"),
        ("https://evil.example/", None),
        ("//evil.example", None),
        ("/\\evil.example", None),
        ("javascript:alert(1)", None),
        ("/nowhere", None),
        ("/sign-out", None),
        ("", None),
    ],
)
def test_one_goes_on_to_pages_of_the_shop_only(client: FlaskClient, wanted: str, then: str | None) -> None:
    with client.application.app_context():
        make_member("Safran")
    answer = press(client, "/sign-in", pseudonym="Safran", passphrase=PASSPHRASE, next=wanted)
    assert answer.headers["Location"] == (then or "/collective/")


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "/language"]
)
def test_the_language_is_changed_on_the_same_page_and_nowhere_else(client: FlaskClient, wanted: str) -> None:
    answer = press(client, "/language", language="ar", next=wanted)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert press(client, "/language", language="xx").status_code == 400
    assert 'lang="ar" dir="rtl"' in client.get("/sign-in").text


def test_a_house_is_not_locked_out_and_a_guesser_is(
    client: FlaskClient, clock: time_machine.Traveller
) -> None:
    with client.application.app_context():
        make_member("Safran")
    for _ in range(7 * 5):
        assert press(client, "/sign-in", pseudonym="Safran", passphrase="mistyped again").status_code == 422
    knock(client, "Safran")
    press(client, "/sign-out")
    for _ in range(5):
        press(client, "/sign-in", pseudonym="Safran", passphrase="a guess, and another")
    refused = press(client, "/sign-in", pseudonym="Safran", passphrase=PASSPHRASE)
    assert refused.status_code == 429
    assert "<h1>" in refused.text
    assert client.get("/").status_code == 200
    clock.shift(timedelta(minutes=11))
    knock(client, "Safran")


def test_an_address_is_named_anew_every_hour(app: Flask, clock: time_machine.Traveller) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.7"}):
        first = address_of_the_hour()
        assert first == address_of_the_hour()
        assert "192.0.2.7" not in first
        clock.shift(timedelta(hours=1))
        assert address_of_the_hour() != first
        assert len(_salts) == 1


def test_a_visitor_without_sign_in_costs_one_statement(client: FlaskClient, app: Flask) -> None:
    seen = []
    with app.app_context():
        engine = db.engine
    client.get("/sign-in")
    db.event.listen(engine, "before_cursor_execute", lambda *what: seen.append(what[2]))
    client.get("/sign-in")
    assert [statement.split()[0] for statement in seen if "FROM" in statement] == ["SELECT"]
    assert "activity" in "".join(seen)


def test_a_member_page_knows_its_viewer_by_one_statement(client: FlaskClient, app: Flask) -> None:
    sign_in(client)
    seen = []
    with app.app_context():
        db.event.listen(db.engine, "before_cursor_execute", lambda *what: seen.append(what[2]))
    client.get("/sign-in")
    assert len([statement for statement in seen if "sign_in" in statement]) == 1


def test_the_first_page_of_a_forgotten_link(client: FlaskClient) -> None:
    with client.application.app_context(), transaction():
        token = services.add_member("Safran", [("meals", Role.COOK)], NOON - timedelta(days=7))
    assert client.get(f"/welcome/{token}").status_code == 404
    assert client.get("/welcome/" + "a" * 22).status_code == 404


def test_the_command_prints_a_link_that_opens(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    said = run(args=["shop", "member", "add", "safran", "--role", "admin", "--role", "cook"])
    assert said.exit_code == 0, said.output
    assert app.test_client().get(said.output.strip().removeprefix("http://127.0.0.1:8000")).status_code == 200
    for alias, words in (("safran", "another member"), ("0487", "2 to 24 letters")):
        refused = run(args=["shop", "member", "add", alias, "--role", "cook"])
        assert refused.exit_code == 1
        assert words in refused.stderr
