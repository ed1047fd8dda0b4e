"""The pages of purchases and counts."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from shop.ledger.books.queries import balance
from shop.pages import Role
from shop.transaction import transaction
from shop.treasury.queries import recent_costs
from shop.treasury.services import open_books
from tests.factories import csrf, sign_in

COSTS, COUNTS = "/treasury/costs", "/treasury/counts"
COST = {
    "cents": "46,80",
    "kind": "ingredients",
    "paid_from": "570100",
    "spent_on": "2026-11-20",
    "shop": "Marché",
}


@pytest.fixture
def keeper(client: FlaskClient) -> FlaskClient:
    """Sign a treasurer in, with 300.00 in the box."""
    with client.application.app_context(), transaction():
        open_books(30000, date(2026, 11, 20), "treasurer")
    client.keeper_id = sign_in(client, [Role.TREASURER]).id
    return client


def record(client: FlaskClient, **fields: str) -> object:
    form_id = re.search(r'name="form_id"[^>]*value="(\w+)"', client.get(COSTS).text)[1]
    typed = {**COST, "payer": str(client.keeper_id), "form_id": form_id, **fields}
    return client.post(COSTS, data={"csrf_token": csrf(client, COSTS), **typed})


def test_a_cost_is_recorded_and_shown_with_the_way_to_undo_it(keeper: FlaskClient) -> None:
    assert record(keeper).status_code == 303
    page = keeper.get(COSTS).text
    assert 'data-cost="4680"' in page
    assert "Marché" in page
    assert 'href="/treasury/entries/2/undo"' in page


def test_a_double_click_is_one_cost(keeper: FlaskClient) -> None:
    for _ in range(2):
        assert record(keeper, form_id="a" * 32).status_code == 303
    with keeper.application.app_context():
        assert len(recent_costs()) == 1


def test_a_form_that_served_for_something_else_is_refused(keeper: FlaskClient) -> None:
    form_id = "f" * 32
    assert record(keeper, form_id=form_id).status_code == 303
    again = record(keeper, form_id=form_id, cents="1,00")
    assert again.status_code == 422
    assert 'data-refusal="KeyReused"' in again.text
    assert "a déjà servi" in again.text
    with keeper.application.app_context():
        assert [cost.cents for cost in recent_costs()] == [4680]


def test_a_pocket_is_repaid(keeper: FlaskClient) -> None:
    record(keeper, paid_from="489200")
    page = keeper.get(COSTS).text
    assert "À rembourser" in page
    assert "de la poche de" in page

    assert keeper.post(f"{COSTS}/1/repay", data={"csrf_token": csrf(keeper, COSTS)}).status_code == 303
    assert "À rembourser" not in keeper.get(COSTS).text
    with keeper.application.app_context():
        assert balance("570100") == 30000 - 4680


@pytest.mark.parametrize(
    "wrong",
    [
        {"cents": ""},
        {"cents": "0"},
        {"cents": "0,005"},
        {"cents": "-1"},
        {"cents": "٣"},
        {"cents": "1_000"},
        {"cents": "300,01"},
        {"cents": "9" * 30},
        {"kind": "salary"},
        {"paid_from": "bank"},
        {"paid_from": "489200", "payer": "999"},
        {"payer": "x"},
        {"spent_on": "2027-11-20"},
        {"spent_on": "0001-01-01"},
        {"spent_on": "2026-08-21"},
        {"spent_on": "yesterday"},
        {"shop": "x" * 41},
        {"form_id": "../x"},
        {"form_id": ""},
    ],
)
def test_bad_input_is_refused_and_kept(keeper: FlaskClient, wrong: dict[str, str]) -> None:
    answer = record(keeper, **wrong)

    assert answer.status_code == 422
    assert "46,80" in answer.text or "cents" in wrong
    folded = re.search(r"<details([^>]*)>\s*<summary[^>]*>[^<]*Pour quoi et quel jour", answer.text)[1]
    assert ("open" in folded) is bool({"kind", "spent_on"} & set(wrong))
    with keeper.application.app_context():
        assert recent_costs() == []
        assert balance("570100") == 30000


def test_the_box_is_counted(keeper: FlaskClient) -> None:
    typed = {"n-5000": "5", "n-2000": "2", "n-500": "1"}
    answer = keeper.post(COUNTS, data={"csrf_token": csrf(keeper, COUNTS), **typed})

    assert answer.status_code == 303
    assert "il manquait 5,00\u00a0€" in keeper.get(COUNTS).text
    with keeper.application.app_context():
        assert balance("570100") == 29500
    wrong = keeper.post(COUNTS, data={"csrf_token": csrf(keeper, COUNTS), **typed, "n-5000": "1e3"})
    assert wrong.status_code == 422
    assert 'value="1e3"' in wrong.text


def test_without_a_token_nothing_happens(keeper: FlaskClient) -> None:
    for path in (COSTS, COUNTS, "/treasury/entries/2/undo", f"{COSTS}/1/repay"):
        assert keeper.post(path, data=COST).status_code == 400
