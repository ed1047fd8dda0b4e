"""The treasurer's pages of the books."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shop.ledger.books.rules import Leg
from shop.ledger.books.services import reverse
from shop.pages import Role
from shop.transaction import transaction
from tests.factories import sign_in
from tests.ledger.books.entries import DAY, book, open_box

PATHS = ("/treasury/journal", "/treasury/balances", "/treasury/entries/1")


@pytest.fixture
def treasurer(app: Flask, client: FlaskClient) -> FlaskClient:
    """Give a treasurer's browser."""
    sign_in(client, [Role.TREASURER])
    return client


@pytest.mark.parametrize("path", PATHS)
def test_who_may_not_see_it_finds_nothing(app: Flask, path: str) -> None:
    with app.app_context():
        open_box()
    stranger, cook = app.test_client(), app.test_client()
    sign_in(cook, [Role.COOK, Role.ORGANISER, Role.COURIER, Role.ADMIN])
    assert stranger.get(path).status_code == cook.get(path).status_code == 404


def test_empty_books_say_so(treasurer: FlaskClient) -> None:
    assert "Rien n’est encore inscrit" in treasurer.get("/treasury/journal").text
    assert "Les comptes sont vides" in treasurer.get("/treasury/balances").text
    assert treasurer.get("/treasury/entries/1").status_code == 404


def test_the_journal_goes_back_page_by_page(app: Flask, treasurer: FlaskClient) -> None:
    with app.app_context():
        for number in range(60):
            book(key=str(number))
    first = treasurer.get("/treasury/journal").text
    assert "/treasury/entries/60" in first
    assert '/treasury/entries/10"' not in first
    assert "before=11" in first
    second = treasurer.get("/treasury/journal?before=11").text
    assert all(f'/treasury/entries/{number}"' in second for number in range(1, 11))
    assert "before=" not in second
    for nonsense in ("-1", "x", "٣", "99999999999", ""):
        assert treasurer.get("/treasury/journal", query_string={"before": nonsense}).status_code == 200


def test_an_entry_shows_its_legs_and_what_undid_it_and_no_subject(app: Flask, treasurer: FlaskClient) -> None:
    with app.app_context():
        open_box()
        seq = book(("643100", 300), Leg("489110", -300, subject="opaque-subject"))
        with transaction():
            undone = reverse(seq, DAY, DAY, "treasurer")
    page = treasurer.get(f"/treasury/entries/{seq}").text
    assert "489110" in page
    assert f'/treasury/entries/{undone}"' in page
    assert "opaque" not in page
    assert f'/treasury/entries/{seq}"' in treasurer.get(f"/treasury/entries/{undone}").text
    assert treasurer.get("/treasury/entries/99999999999").status_code == 404


def test_both_sides_of_the_balances_are_the_same_sum(app: Flask, treasurer: FlaskClient) -> None:
    with app.app_context():
        open_box()
        book()
    page = treasurer.get("/treasury/balances").text
    assert 'data-debit="30850"' in page
    assert 'data-credit="30850"' in page
