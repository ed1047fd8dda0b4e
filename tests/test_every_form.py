"""Every form of the shop is sent what no browser of ours sends: a clear refusal, nothing changed, no 500."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from shop.extensions import db
from shop.menu.models import Week
from shop.pages import Role
from tests.factories import csrf, make_order, make_week, sign_in

LABEL = "2026-W48"
JUNK = [
    *("1_000", "٣", "１", "9" * 30, "-1", "1.5", "1e3", "²", "", " "),
    *("\x00", "\u202eabc", "👩🏽‍🍳" * 50, "\r\nBcc: a@b.be", "=1+1", "<script>", "a" * 5000),
    *("NaN", "2026-02-30", "25:61", "https://example.com", "//example.com"),
]
"""Numbers that `int()` would take or choke on, text that hides or turns, days and hours that do not exist."""

READ = {
    *("/", "/sign-in", "/settings/members", "/collective/orders/new", "/collective/dishes/new"),
    *("/collective/weeks/new", f"/collective/weeks/{LABEL}/menu", f"/collective/weeks/{LABEL}/close"),
    *(f"/collective/desk/{LABEL}/sheet", f"/collective/desk/{LABEL}/sale", "/collective/desk"),
    *("/settings/start", "/settings/start/meals", "/settings/house", "/settings/uses", "/settings/vat"),
    *("/treasury/costs", "/treasury/counts", "/treasury/locks", "/collective/split/try", "/collective/"),
    *("/treasury/gifts", "/treasury/transfers", "/treasury/debts", "/treasury/boxes/570100"),
    "/treasury/counts?account=550100",
}
"""Pages whose forms, together, have every field there is."""

EXTRA = ("price", "role", "roles", "paid", "state", "next", "amount", "member_id", "number")
LAST = ("erase", "cancel", "/link", "roles", "leave", "/end-sessions", "sign-out")
"""What ends the week, the order or the session comes after all else."""

CLEAR = {400, 403, 404, 409, 413, 422}


@pytest.fixture
def browser(app: Flask, client: FlaskClient) -> FlaskClient:
    """Sign in somebody with every role, in a week with an order."""
    with app.app_context():
        week = make_week()
        placed = make_order(db.session.get_one(Week, week.id), A=1, B=1)
        db.session.remove()
    sign_in(client, list(Role))
    opened = client.post(f"/o/{placed.token}", data={"csrf_token": csrf(client, "/settings/members")})
    assert opened.status_code == 303
    client.number = placed.number
    return client


def posts(app: Flask, number: int) -> list[str]:
    """Give the path of each form, with ids that exist; what ends things last."""
    paths: set[str] = set()
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()):
            continue
        path = re.sub(r"<int[^>]*:number>", str(number), rule.rule.replace("<account>", "570100"))
        path = re.sub(r"<int[^>]*>", "1", re.sub(r"<string[^>]*>", "a" * 22, path))
        verbs = re.search(r"<any\(([^)]*)\)[^>]*>", path)
        for verb in re.findall(r"'([^']+)'", verbs[1]) if verbs else [""]:
            paths.add(re.sub(r"<label>|<[^>]*>", LABEL, re.sub(r"<any\([^>]*>", verb, path)))
    return sorted(paths, key=lambda path: ([path.endswith(end) for end in reversed(LAST)], path))


def fields(browser: FlaskClient) -> list[str]:
    """Gather the names of all fields that the pages show, and some that nobody asked for."""
    found = {name for path in READ for name in re.findall(r'name="([^"]+)"', browser.get(path).text)}
    assert len(found) > 60
    return sorted((found | set(EXTRA)) - {"csrf_token", "viewport", "robots", "theme-color"})


def everything(app: Flask) -> dict[str, list[object]]:
    """Read each row of each table, but for the moment somebody was last seen."""
    with app.app_context():
        tables = {
            table.name: sorted(repr(row) for row in db.session.execute(select(table)))
            for table in db.metadata.sorted_tables
            if "session" not in table.name
        }
        db.session.remove()
    return tables


def junk_for(names: list[str], shift: int) -> Iterator[tuple[str, str]]:
    for place, name in enumerate(names):
        yield name, JUNK[(place + shift) % len(JUNK)]


@pytest.mark.parametrize("shift", [0, 11])
def test_junk_is_refused_and_changes_nothing(app: Flask, browser: FlaskClient, shift: int) -> None:
    names, before = fields(browser), everything(app)
    token = csrf(browser, "/settings/members")
    for path in posts(app, browser.number):
        answer = browser.post(path, data={**dict(junk_for(names, shift)), "csrf_token": token})
        assert answer.status_code in CLEAR | {303, 200}, f"{path}: {answer.status_code}"
        assert "example.com" not in answer.headers.get("Location", ""), path
        after = everything(app)
        assert answer.status_code in {303, 200} or after == before, f"{path} changed something"
        before = after


@pytest.mark.parametrize("token", [None, "", "forged", "IjEi.aaaaaa.bbbbbb", "\x00"])
def test_no_form_is_taken_without_its_token(app: Flask, browser: FlaskClient, token: str | None) -> None:
    before = everything(app)
    for path in posts(app, browser.number):
        answer = browser.post(path, data={} if token is None else {"csrf_token": token})
        assert answer.status_code in {400, 404, 422}, f"{path}: {answer.status_code}"
    assert everything(app) == before


LONG = b"name=" + b"a" * 1_100_000
MANY = b"".join(b'--x\r\nContent-Disposition: form-data; name="q-%d"\r\n\r\n1\r\n' % n for n in range(10_000))
BODIES = {
    "long": (LONG, "application/x-www-form-urlencoded"),
    "many": (MANY + b"--x--\r\n", "multipart/form-data; boundary=x"),
    "plain": (MANY[:99], "text/plain"),
    "broken": (MANY[:99], "multipart/form-data; boundary=y"),
}


@pytest.mark.parametrize("kind", BODIES)
def test_a_form_too_long_too_full_or_broken_is_refused(app: Flask, browser: FlaskClient, kind: str) -> None:
    body, content_type = BODIES[kind]
    before = everything(app)
    # One limit holds for all; to send each form ten thousand fields would take the longest of all tests.
    for path in posts(app, browser.number)[:: 1 if len(body) < 1000 else 5]:
        status = browser.post(path, data=body, content_type=content_type).status_code
        assert status in {400, 404, 413, 422}, f"{path}: {status}"
    assert everything(app) == before
