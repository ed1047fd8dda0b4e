"""The page that locks days and closes years."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shop.ledger.books import queries, years
from shop.ledger.books.rules import Leg
from shop.pages import Role
from tests.factories import csrf, sign_in
from tests.ledger.books.entries import book, open_box

LOCKS = "/treasury/locks"
NEW_YEAR = datetime(2027, 1, 10, 12, tzinfo=UTC)


@pytest.fixture
def both(app: Flask, client: FlaskClient, clock: time_machine.Traveller) -> FlaskClient:
    """Give the browser of who keeps both books, in January, with sales of both sellers in November."""
    with app.app_context():
        open_box()
        book()
        book(Leg("550200", 5000, "beer"), Leg("700200", -5000, "beer"), key="beer")
    clock.move_to(NEW_YEAR)
    sign_in(client, [("beer", Role.TREASURER), Role.TREASURER])
    return client


def send(client: FlaskClient, path: str, **data: str) -> TestResponse:
    """Send a form of the page."""
    return client.post(path, data={**data, "csrf_token": csrf(client, LOCKS)})


def lock(client: FlaskClient, until: str) -> TestResponse:
    return send(client, LOCKS, until=until, for_good="y")


def test_days_are_locked_for_good(app: Flask, both: FlaskClient) -> None:
    assert 'value="2026-12-31"' in both.get(LOCKS).text
    assert lock(both, "2026-11-30").status_code == 303
    assert "30 nov. 2026" in both.get(LOCKS).text
    refused = lock(both, "2026-11-29")
    assert refused.status_code == 422
    assert 'data-refusal="PeriodLocked"' in refused.text
    with app.app_context():
        assert years.locked_until() == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"until": "2027-01-10", "for_good": "y"}, "aujourd’hui reste toujours ouvert"),
        ({"until": "2028-01-01", "for_good": "y"}, "aujourd’hui reste toujours ouvert"),
        ({"until": "2026-12-31"}, "Remplissez ce champ"),
        ({"until": "2026-02-30", "for_good": "y"}, ""),
        ({}, "Remplissez ce champ"),
    ],
)
def test_what_cannot_be_locked_is_said(
    app: Flask, both: FlaskClient, data: dict[str, str], words: str
) -> None:
    answer = send(both, LOCKS, **data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert words in answer.text
    with app.app_context():
        assert years.locked_until() is None


def test_each_seller_closes_its_year_and_then_it_can_be_locked(app: Flask, both: FlaskClient) -> None:
    page = both.get(LOCKS).text
    assert "Elle laisse 8,50" in page
    assert "Elle laisse 50,00" in page
    for seller in ("meals", "beer"):
        assert "clôturée partout" not in both.get(LOCKS).text
        answer = send(both, "/treasury/years/2026/close", seller=seller)
        assert answer.status_code == 303
        assert "Clôture de l’année" in both.get(answer.location).text
    page = both.get(LOCKS).text
    assert "clôturée partout" in page
    assert "/treasury/years/" not in page
    with app.app_context():
        assert (queries.balance("140100"), queries.balance("140200")) == (-850, -5000)
        assert queries.distributable("meals") == 850


@pytest.mark.parametrize(
    ("year", "status", "fact"),
    [("2027", 422, "YearNotOver"), ("2025", 422, "NothingToClose"), ("0", 404, ""), ("1", 404, "")],
)
def test_a_year_that_cannot_be_closed_is_said(both: FlaskClient, year: str, status: int, fact: str) -> None:
    answer = send(both, f"/treasury/years/{year}/close")
    assert answer.status_code == status
    assert f'data-refusal="{fact}"' in answer.text or not fact


def test_who_keeps_one_book_closes_that_one_alone(app: Flask, both: FlaskClient) -> None:
    client = app.test_client()
    sign_in(client, [("beer", Role.TREASURER)], "Houblon")
    page = client.get(LOCKS).text
    assert "50,00" in page
    assert "8,50" not in page
    assert send(client, "/treasury/years/2026/close", seller="meals").status_code == 404
    with app.app_context():
        assert queries.balance("140100") == 0
