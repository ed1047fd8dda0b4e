"""Every route names who may see it; to everybody else it is not there."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from shop.extensions import csrf as csrf_protection
from shop.extensions import db
from shop.members import services
from shop.pages import ACCESS, Role
from shop.transaction import transaction
from tests.conftest import NOON
from tests.factories import csrf, knock, make_member
from tests.route_table import ACTORS, ALL, TABLE

ROLES = {
    "o": [Role.ORGANISER],
    "c": [Role.COOK],
    "r": [Role.COURIER],
    "t": [Role.TREASURER],
    "b": [("beer", Role.TREASURER)],
    "a": [Role.ADMIN],
}
NAMES = {"o": "Origan", "c": "Cumin", "r": "Romarin", "t": "Thym", "b": "Baies", "a": "Aneth", "x": "Anis"}
LET_THROUGH = 299

CHECKED_BY_THE_FORM = {"shop.customer.views.place", "shop.customer.own_order.amend"}
"""They show a customer what was typed again, and are tried with the customer's pages."""

pytestmark = pytest.mark.sqlite_only
"""The guard asks no database anything that another would answer differently."""


@pytest.fixture
def clients(app: Flask) -> dict[str, FlaskClient]:
    """Give a browser for each actor."""
    browsers = {actor: app.test_client() for actor in ACTORS}
    with app.app_context():
        for actor, name in NAMES.items():
            make_member(name, ROLES.get(actor, [Role.ORGANISER, Role.ADMIN]))
    for actor, name in NAMES.items():
        knock(browsers[actor], name)
    with app.app_context(), transaction():
        services.leave(db.session.scalar(db.select(services.Member.id).filter_by(pseudonym="Anis")), NOON)
    browsers["k"].set_cookie("order-1001", "a" * 22, path="/o/1001")
    return browsers


def rules(app: Flask) -> Iterator[tuple[Rule, str, str]]:
    """Give each route with a path that fits it and a method."""
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods or ()):
            if method not in {"HEAD", "OPTIONS"}:
                yield rule, fill(rule), method


def fill(rule: Rule, number: str = "1001", word: str = "2026-W48") -> str:
    path = re.sub(r"<int[^>]*>", number, rule.rule)
    path = re.sub(r"<any\('([^']+)'[^>]*>", r"\1", path)
    path = re.sub(r"<string\(minlength[^>]*>", "a" * 22, path)
    path = re.sub(r"<string\(length=6[^>]*>", "570100", path)
    return re.sub(r"<[^>]*>", word, path)


def stop_past_the_guard(app: Flask) -> None:
    """Let each request end as soon as the guard has let it through."""
    app.before_request_funcs[None].insert(1, lambda: ("", LET_THROUGH))


def test_every_route_stands_in_the_table_and_no_other(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(TABLE)


def test_every_view_says_who_may_see_it(app: Flask) -> None:
    assert [name for name, view in app.view_functions.items() if not hasattr(view, ACCESS)] == []


def wrong_cells(app: Flask, clients: dict[str, FlaskClient]) -> list[str]:
    wrong = []
    for rule, path, method in rules(app):
        for actor in ALL:
            expected = LET_THROUGH if actor in TABLE.get(rule.endpoint, "") else 404
            with clients[actor].open(path, method=method) as answer:
                if answer.status_code != expected:
                    wrong.append(f"{rule.endpoint} by {ACTORS[actor]}: {answer.status_code}")
    return wrong


@pytest.mark.reshapes
def test_each_actor_sees_what_the_table_says_and_nothing_else(
    app: Flask, clients: dict[str, FlaskClient]
) -> None:
    stop_past_the_guard(app)
    assert wrong_cells(app, clients) == []


@pytest.mark.reshapes
def test_the_control_without_the_guard_everybody_sees_everything(
    app: Flask, clients: dict[str, FlaskClient]
) -> None:
    stop_past_the_guard(app)
    app.before_request_funcs[None].pop(0)
    assert len(wrong_cells(app, clients)) > 100


def test_a_hidden_page_is_like_one_that_does_not_exist(app: Flask, clients: dict[str, FlaskClient]) -> None:
    """Neither another method, nor a slash, nor a missing token gives it away."""
    for rule, path, method in rules(app):
        if TABLE.get(rule.endpoint) == ALL:
            continue
        doubled = path[0] + path[1:].replace("/", "//")
        for how, address in ((method, path), ("PUT", path), (method, path + "/"), (method, doubled)):
            hidden = clients["s"].open(address, method=how)
            nowhere = clients["s"].open("/nowhere/at/all", method=how)
            assert hidden.status_code == 404, (how, address)
            assert hidden.text.replace(address, "") == nowhere.text.replace("/nowhere/at/all", "")


def test_every_post_needs_the_token_of_its_form(app: Flask, clients: dict[str, FlaskClient]) -> None:
    assert csrf_protection._exempt_views == CHECKED_BY_THE_FORM
    for rule, path, method in rules(app):
        view = app.view_functions[rule.endpoint]
        if method != "GET" and f"{view.__module__}.{view.__name__}" not in CHECKED_BY_THE_FORM:
            actor = TABLE[rule.endpoint][0]
            answer = clients[actor].open(path, method=method, data={"csrf_token": "forged"})
            assert answer.status_code == 400, rule.endpoint


def test_the_control_without_csrf_a_forged_post_goes_through(app: Flask) -> None:
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    client = app.test_client()
    assert client.post("/language", data={"language": "ar"}).status_code == 303


@pytest.mark.parametrize(
    ("number", "word"), [("0", "x"), ("9" * 30, "9" * 300), ("1", "2026-W99"), ("7", "é %00")]
)
def test_no_address_and_no_empty_form_gives_a_500(app: Flask, number: str, word: str) -> None:
    client = app.test_client()
    with app.app_context():
        make_member("Origan", [Role(role) for role in Role])
    knock(client, "Origan")
    token = csrf(client)
    for rule, _, method in rules(app):
        if rule.endpoint in {"static", "doors.sign_out"}:
            continue
        data = {"csrf_token": token, "next": word} if method == "POST" else None
        answer = client.open(fill(rule, number, word), method=method, data=data)
        assert answer.status_code < 500, (method, rule.rule, answer.status_code)
        if rule.endpoint == "members.end_sessions":
            knock(client, "Origan")
            token = csrf(client)
