"""What the pages cost, counted in statements, and that five years of weeks make none of them dearer."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shop.extensions import db
from shop.pages import Role
from shop.verify import State, run
from tests.conftest import fresh_database, make_app
from tests.counting import Counted, counted
from tests.customer.ordering import form_of
from tests.factories import knock, make_dish, make_member, make_week
from tests.load.history import Past, write_past

DISHES = [("Soupe", "starter"), ("Yassa", "main"), ("Mafé", "main"), ("Salade", "dessert")]
TYPED = {"name": "Nour", "phone": "0470 00 00 00", "email": "nour@example.org"}

YESTERDAY = Past(weeks=1, orders=20, postings=600)
"""What a shop holds that has just begun: the same accounts hold something, on more than one page."""

PAST = Past(weeks=260, orders=20, postings=50_000)
"""Five years of weeks and a sample of their books; `dev.py campaign history` writes a million postings."""

DEARER = 1.25
Visit = Callable[[FlaskClient], None]


@pytest.fixture
def shop(request: pytest.FixtureRequest, tmp_path: Path, clock: object) -> Iterator[Flask]:
    """Give a shop on SQLite, where the database counts itself, with a week of four dishes."""
    with fresh_database(request, "sqlite", tmp_path) as url:
        app = make_app(url, tmp_path)
        with app.app_context():
            write_past(YESTERDAY)
        open_a_week(app)
        yield app
        with app.app_context():
            db.engine.dispose()


def open_a_week(app: Flask) -> None:
    """Make the week, and a treasurer who is also an organiser."""
    with app.app_context():
        make_week([make_dish(name, kind) for name, kind in DISHES])
        make_member(roles=[Role.TREASURER, Role.ORGANISER])
        db.session.remove()


def menu(client: FlaskClient) -> None:
    """Open the menu."""
    assert client.get("/").status_code == 200


def order(client: FlaskClient) -> None:
    """Open the form, order four dishes with an e-mail, and look at the order."""
    page = client.get("/").text
    dishes = dict.fromkeys(re.findall(r'name="(q-[0-9]+)"', page), "1")
    assert len(dishes) == len(DISHES)
    answer = client.post("/orders", data=form_of(page, "/orders") | dishes | TYPED)
    assert answer.status_code == 303, answer.text
    assert client.get(answer.location).status_code == 200


def private_page(client: FlaskClient) -> None:
    """Look at one's own order again."""
    assert client.get("/o/" + _own_number(client)).status_code == 200


def balances(client: FlaskClient) -> None:
    """Look at the balances."""
    assert client.get("/treasury/balances").status_code == 200


def journal(client: FlaskClient) -> None:
    """Look at the journal, and look for something in it."""
    rare = ("?kind=opening", "?kind=opening&until=2026-11-22")
    for search in ("", "?account=570100", "?until=2026-11-22", "?cents=5,00", "?text=1001", *rare):
        assert client.get(f"/treasury/journal{search}").status_code == 200


def account(client: FlaskClient) -> None:
    """Look at an account, and at what it held before."""
    page = client.get("/treasury/accounts/570100").text
    older = re.search(r'before=([^"&]+)', page)
    assert older
    assert client.get(f"/treasury/accounts/570100?before={older[1]}").status_code == 200


def undoing(client: FlaskClient) -> None:
    """Ask what would follow from undoing a payment."""
    assert "data-effect" in client.get("/treasury/entries/10/undo").text


def proof(client: FlaskClient) -> None:
    """Prove the books quickly."""
    with client.application.app_context():
        assert [one for one in run(quick=True) if one.state == State.BROKEN] == []


MEMBERS = (balances, journal, account, undoing)
VISITS = (menu, order, private_page, *MEMBERS, proof)


def _own_number(client: FlaskClient) -> str:
    cookies = client._cookies or {}
    return next(key[2].removeprefix("order-") for key in cookies if key[2].startswith("order-"))


def cost(app: Flask, visit: Visit, *, steps: bool = False) -> Counted:
    """Count a visit by somebody who was there before, as the second of two: what is made once is made."""
    client = app.test_client()
    if visit in MEMBERS:
        knock(client, "Safran")
    order(client)
    with app.app_context():
        engine = db.engine
    visit(client)
    with counted(engine, steps) as found:
        visit(client)
    return found


@pytest.mark.parametrize(
    ("visit", "most"),
    [(menu, 10), (order, 40), (private_page, 10), (balances, 10), (journal, 70), (account, 20)],
)
def test_a_visit_takes_few_statements(shop: Flask, visit: Visit, most: int) -> None:
    found = cost(shop, visit)
    assert 0 < len(found.statements) <= most, shortened(found)


def test_a_menu_made_anew_takes_few_statements(shop: Flask) -> None:
    shop.extensions.pop("kept_menus", None)
    with shop.app_context():
        engine = db.engine
    with counted(engine) as found:
        menu(shop.test_client())
    assert 4 <= len(found.statements) <= 10, shortened(found)


@pytest.mark.slow
@pytest.mark.tampers
def test_five_years_make_nothing_dearer(shop: Flask, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    with fresh_database(request, "sqlite", old) as url:
        past = make_app(url, old)
        with past.app_context():
            write_past(PAST)
        open_a_week(past)
        assert dearer(shop, past) == []
        with past.app_context():
            db.engine.dispose()


def dearer(fresh: Flask, old: Flask) -> list[str]:
    """Compare an equal shop without history: name the visits that cost more than 1.25 times as much."""
    found = []
    for visit in VISITS:
        without, within = (cost(app, visit, steps=True) for app in (fresh, old))
        sys.stdout.write(f"{visit.__name__}: {_ratio(within, without)}\n")
        if len(within.statements) > len(without.statements) or within.steps > DEARER * without.steps:
            found.append(f"{visit.__name__}: {_ratio(within, without)}")
    return found


def shortened(found: Counted) -> str:
    """List the statements by how they begin."""
    return "\n".join(" ".join(statement.split())[:100] for statement in found.statements)


def _ratio(within: Counted, without: Counted) -> str:
    statements = f"{len(without.statements)} → {len(within.statements)} statements"
    return f"{statements}, {without.steps} → {within.steps} steps ({within.steps / without.steps:.2f})"
