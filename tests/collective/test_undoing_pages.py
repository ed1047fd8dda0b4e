"""The page that undoes an entry: what follows, why, and the act."""

import re
from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient

from shop.extensions import db
from shop.ledger.books.models import JournalEntry
from shop.ledger.books.queries import balance, head
from shop.pages import Role
from shop.transaction import transaction
from shop.treasury import services as treasury
from shop.treasury.queries import payers, pockets
from shop.treasury.rules import BOX, POCKETS, CostKind, Spent, gift
from tests.factories import csrf, sign_in

TODAY = date(2026, 11, 23)
COST = Spent(CostKind.KITCHEN, BOX, 100, TODAY, "2026-W48")


@pytest.fixture
def browser(client: FlaskClient) -> FlaskClient:
    """Sign a treasurer of the meals in: entry 1 opens the books, entry 2 is a cost of 46.80."""
    client.keeper = sign_in(client, [Role.TREASURER]).id
    with client.application.app_context():
        spend(client, BOX)
    return client


def spend(client: FlaskClient, paid_from: str, **more: object) -> None:
    spent = Spent(
        CostKind.INGREDIENTS,
        paid_from,
        4680,
        TODAY,
        "2026-W48",
        payer=getattr(client, "keeper", None),
        **more,
    )
    with transaction():
        treasury.open_books(30000, TODAY, "treasurer")
        treasury.record_cost("c" * 22, spent, TODAY, "treasurer", another=True)


def page_of(seq: int) -> str:
    return f"/treasury/entries/{seq}/undo"


def send(client: FlaskClient, seq: int, **data: str) -> tuple[int, str]:
    answer = client.post(page_of(seq), data={"csrf_token": csrf(client, "/settings/members"), **data})
    return answer.status_code, answer.text


def test_the_preview_says_what_follows_and_writes_nothing(browser: FlaskClient) -> None:
    page = browser.get(page_of(2)).text
    assert re.findall(r'data-effect="(\w+)" data-cents="(-?\d+)"', page) == [
        ("money", "4680"),
        ("to_share", "4680"),
    ]
    assert "Il y aura 46,80\u00a0€ de plus dans la caisse." in page
    assert "L’achat disparaît" in page
    with browser.application.app_context():
        assert head()[0] == 2


@pytest.mark.parametrize("reason", ["", "reversal"])
def test_without_a_reason_of_the_list_nothing_is_undone(browser: FlaskClient, reason: str) -> None:
    status, page = send(browser, 2, reason=reason)
    assert status == 422
    assert "Choisissez pourquoi" in page
    with browser.application.app_context():
        assert head()[0] == 2


def test_an_entry_is_undone_once_and_says_so(browser: FlaskClient) -> None:
    for _click in range(2):
        assert send(browser, 2, reason="amount")[0] == 303
    assert "déjà annulée" in browser.get(page_of(2)).text
    with browser.application.app_context():
        assert (head()[0], balance(BOX)) == (3, 30000)
        assert db.session.get_one(JournalEntry, 3).label == "amount"
    status, page = send(browser, 3, reason="never")
    assert status == 422
    assert "Notez à nouveau ce qui était juste" in page
    assert "Notez à nouveau ce qui était juste" in browser.get(page_of(3)).text


def test_what_would_overdraw_the_box_is_refused_in_words(browser: FlaskClient) -> None:
    status, page = send(browser, 1, reason="never")
    assert status == 422
    assert 'data-refusal="BoxOverdrawn"' in page
    assert "Il manquerait 46,80\u00a0€" in page


def test_whose_pocket_waits_again_is_asked(client: FlaskClient) -> None:
    client.keeper = sign_in(client, [Role.TREASURER]).id
    with client.application.app_context():
        spend(client, POCKETS)
        with transaction():
            treasury.repay(pockets()[0].id, TODAY, "treasurer")
    assert "De quelle poche" in client.get(page_of(3)).text
    assert send(client, 3, reason="never", payer=str(client.keeper))[0] == 303
    with client.application.app_context():
        assert [one.pseudonym for one in payers(pockets()).values()] == ["Safran"]


def test_who_keeps_other_books_undoes_nothing_here(client: FlaskClient) -> None:
    sign_in(client, [("beer", Role.TREASURER)])
    with client.application.app_context():
        spend(client, BOX)
    assert client.get(page_of(2)).status_code == 404
    assert send(client, 2, reason="never")[0] == 404


def test_who_only_lent_the_money_undoes_nothing(client: FlaskClient) -> None:
    sign_in(client, [("beer", Role.TREASURER)])
    with client.application.app_context():
        with transaction():
            treasury.open_seller("beer", {"570200": 10000}, TODAY, "treasurer")
        spend(client, "570200")
    assert "demandez à qui les tient" in client.get(page_of(3)).text
    assert send(client, 3, reason="never")[0] == 422


def test_an_organiser_undoes_costs_and_nothing_else(client: FlaskClient) -> None:
    client.keeper = sign_in(client, [Role.ORGANISER]).id
    with client.application.app_context():
        spend(client, POCKETS)
        with transaction():
            treasury.record_cost("b" * 22, replace(COST, activity="beer"), TODAY, "treasurer")
    for seq in (1, 3):
        assert (client.get(page_of(seq)).status_code, send(client, seq, reason="never")[0]) == (404, 404)
    assert 'href="/treasury/entries/2/undo"' in client.get("/treasury/costs").text
    assert "L’achat disparaît" in client.get(page_of(2)).text
    assert send(client, 2)[0] == 422
    done = client.post(page_of(2), data={"csrf_token": csrf(client, "/settings/members"), "reason": "twice"})
    assert (done.status_code, done.location) == (303, "/treasury/costs?seller=meals")
    with client.application.app_context():
        undone = db.session.get_one(JournalEntry, 4)
        assert (undone.reverses, undone.label, undone.role) == (2, "twice", "organiser")
    assert "déjà annulée" in client.get(page_of(2)).text


def test_who_organises_here_and_keeps_the_other_books_undoes_costs_only(client: FlaskClient) -> None:
    sign_in(client, [Role.ORGANISER, ("beer", Role.TREASURER)])
    with client.application.app_context():
        spend(client, BOX)
        with transaction():
            treasury.move("g" * 22, gift(500, TODAY, "570200", "139500"), TODAY, "treasurer")
            treasury.record_cost("d" * 22, replace(COST, paid_from="570200"), TODAY, "treasurer")
    assert send(client, 3, reason="never")[0] == 422
    assert "demandez à qui les tient" in client.get(page_of(3)).text
    assert send(client, 4, reason="never")[0] == 303
    with client.application.app_context():
        assert db.session.get_one(JournalEntry, 5).role == "organiser"


@pytest.mark.parametrize("seq", [99, "99999999999999999999"])
def test_an_entry_that_is_not_there(browser: FlaskClient, seq: int) -> None:
    assert browser.get(page_of(seq)).status_code == 404
