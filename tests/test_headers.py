"""Every answer of every status carries the same guards; cookies are those of the house."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import create_engine

from shop import create_app
from shop.errors import Busy
from shop.extensions import db
from shop.pages import HEADERS, public
from tests.conftest import environment
from tests.factories import csrf, knock, make_member

pytestmark = pytest.mark.sqlite_only
ADDRESS = "https://plats.example.org"


@pytest.fixture
def production(app: Flask, database_url: str) -> Iterator[Flask]:
    """Give the same shop as it stands behind nginx, with a page for each way to fail."""
    there = create_app({**environment(database_url), "BASE_URL": ADDRESS})
    there.extensions["vault"] = app.extensions["vault"]
    for status in (400, 403, 405, 413, 422, 429, 503):
        there.add_url_rule(f"/fails/{status}", f"fails_{status}", public(_failing(status)))
    there.add_url_rule("/fails/busy", "fails_busy", public(_raising(Busy())))
    there.add_url_rule("/fails/500", "fails_500", public(_raising(ZeroDivisionError())))
    yield there
    with there.app_context():
        db.session.remove()
        db.engine.dispose()


def _failing(status: int):  # type: ignore[no-untyped-def]
    return lambda: abort(status)


def _raising(error: Exception):  # type: ignore[no-untyped-def]
    def view() -> str:
        raise error

    return view


def check(answer) -> None:  # type: ignore[no-untyped-def]
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, answer.request.path
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("status", [400, 403, 405, 413, 422, 429, 500, 503, "busy"])
def test_each_failure_is_a_page_with_headers(production: Flask, status: int | str) -> None:
    answer = production.test_client().get(f"/fails/{status}", base_url=ADDRESS)
    assert answer.status_code == (503 if status == "busy" else status)
    check(answer)
    assert "<h1>" in answer.text
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    assert answer.headers["Cache-Control"] == "no-store"


def test_every_route_answers_every_method_with_headers(app: Flask) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?\w+>", "1", rule.rule)
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"):
            answer = client.open(path, method=method)
            assert answer.status_code < 500, (method, path)
            check(answer)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/static/css/tablee.css", 200), ("/static/none.css", 404), ("/nowhere", 404), ("/sign-in", 200)],
)
def test_files_and_pages(client: FlaskClient, path: str, status: int) -> None:
    with client.get(path) as answer:
        assert answer.status_code == status
        check(answer)
        assert ("no-store" in answer.headers.get("Cache-Control", "")) == (not path.startswith("/static"))
        assert "Strict-Transport-Security" not in answer.headers


def test_redirects_and_refused_methods(client: FlaskClient) -> None:
    turned = client.post("/language", data={"language": "ar", "next": "/sign-in", "csrf_token": csrf(client)})
    assert (turned.status_code, turned.headers["Location"]) == (303, "/sign-in")
    check(turned)
    refused = client.put("/sign-in")
    assert refused.status_code == 405
    assert "GET" in refused.headers["Allow"]
    check(refused)


def test_a_long_form_is_refused(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"pseudonym": "a" * 2_000_000})
    assert answer.status_code == 413
    check(answer)


def test_ten_thousand_fields_are_refused(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={f"q-{number}": "1" for number in range(10_000)})
    assert 400 <= answer.status_code < 500
    check(answer)


def test_another_host_name_is_refused(production: Flask) -> None:
    answer = production.test_client().get("/sign-in", base_url="https://evil.example")
    assert answer.status_code == 400
    check(answer)


def test_pages_stand_where_the_database_is_gone(client: FlaskClient, app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        make_member()
    knock(client, "Safran")
    away = create_engine(f"sqlite:///{tmp_path}/no/such/folder.db")
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setitem(db.engines, None, away)
        answers = [client.get(path) for path in ("/settings/members", "/sign-in", "/nowhere")]
    assert [answer.status_code for answer in answers] == [503, 200, 404]
    for answer in answers:
        check(answer)
        assert "<h1>" in answer.text


def test_cookies_in_production(production: Flask) -> None:
    client = production.test_client()
    answer = client.get("/sign-in", base_url=ADDRESS)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in cookie
    assert "Domain" not in cookie


def test_behind_nginx_one_visitor_s_failures_are_not_another_s(production: Flask) -> None:
    def fail(address: str) -> int:
        client = production.test_client()
        came = {"base_url": ADDRESS, "headers": {"X-Forwarded-For": address, "Referer": f"{ADDRESS}/"}}
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in", **came).text)
        assert token
        data = {"csrf_token": token[1], "pseudonym": "0", "passphrase": "none of these"}
        return client.post("/sign-in", data=data, **came).status_code

    assert [fail("192.0.2.7") for _ in range(41)] == [*[422] * 40, 429]
    assert fail("192.0.2.8") == 422


def test_cookies_on_loopback_work_without_https(client: FlaskClient) -> None:
    cookie = client.get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("session=")
    assert "Secure" not in cookie
    assert "HttpOnly" in cookie


def test_the_control_sees_a_missing_header(client: FlaskClient, app: Flask) -> None:
    app.after_request_funcs[None].insert(0, lambda answer: answer.headers.remove("Referrer-Policy") or answer)
    with pytest.raises(AssertionError):
        check(client.get("/sign-in"))
