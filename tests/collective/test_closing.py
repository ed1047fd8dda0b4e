"""The close page: four steps, each done or with its button."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from shop.extensions import db
from shop.ledger.books.queries import balance
from shop.ledger.sharing.queries import standing
from shop.ledger.sharing.services import decide_weights
from shop.menu.models import Week
from shop.orders.queries import open_orders
from shop.orders.rules import OrderSource, PickUp
from shop.orders.services import place_order
from shop.pages import Role
from shop.transaction import transaction
from shop.treasury.services import open_books
from tests.factories import (
    CLOSES,
    OPENS,
    csrf,
    make_dish,
    make_member,
    make_order,
    make_plan,
    make_week,
    sign_in,
)

NEEDS = {"Basilic": 100, "Cumin": 130, "Gingembre": 180, "Menthe": 210}
CLOSE = "/collective/weeks/2026-W48/close"


@pytest.fixture
def organiser(client: FlaskClient, clock) -> FlaskClient:
    """Sign an organiser in on Friday after a week of two orders: 2 mains and a starter, 20.00 in all."""
    with client.application.app_context():
        with transaction():
            open_books(30000, OPENS.date(), "treasurer")
        week = make_week()
        ids = {name: make_member(name, [Role.COOK]).id for name in NEEDS}
        with transaction():
            decide_weights({ids[name]: weight for name, weight in NEEDS.items()}, OPENS)
        week = db.session.get(Week, week.id)
        starter, main, _dessert = [line.id for line in week.lines]
        with transaction():
            for number, wanted in enumerate(({main: 2}, {starter: 1})):
                place_order(
                    week.id,
                    wanted,
                    PickUp(week.slots[0].id),
                    {"name": "Ana"},
                    form_id=f"form-{number}",
                    source=OrderSource.SPOKEN,
                    language="fr",
                    now=OPENS,
                )
    clock.move_to(CLOSES + timedelta(days=3))
    sign_in(client, [Role.ORGANISER])
    return client


def send(client: FlaskClient, path: str, **fields: str) -> object:
    return client.post(f"{CLOSE}/{path}", data={"csrf_token": csrf(client, CLOSE), **fields})


def test_a_week_settles_its_own_orders_only(organiser: FlaskClient) -> None:
    with organiser.application.app_context():
        later = make_week([make_dish("Dahl")], make_plan(weeks=1))
        number, week_id = make_order(later, A=1, source=OrderSource.SPOKEN).number, later.id
        db.session.remove()
    for what in ("come", "miss"):
        assert send(organiser, f"orders/{number}/{what}").status_code == 422
    with organiser.application.app_context():
        assert open_orders(week_id) == [number]


def pieces(text: str) -> list[str]:
    return re.findall(r'data-member="(\w+)" data-share="(\d+)"', text)


def test_a_week_is_closed_in_four_steps(organiser: FlaskClient) -> None:
    assert organiser.get("/collective/close").location == CLOSE
    page = organiser.get(CLOSE).text
    assert "2 commandes sont encore ouvertes" in page
    assert page.count("step-done") == 0

    assert send(organiser, "come").status_code == 303
    form_id = re.search(r'name="form_id"[^>]*value="(\w+)"', organiser.get(CLOSE).text)[1]
    cost = {
        "cents": "4,00",
        "kind": "ingredients",
        "paid_from": "570100",
        "payer": "1",
        "spent_on": "2026-11-25",
    }
    assert send(organiser, "spend", form_id=form_id, **cost).status_code == 303
    assert send(organiser, "share", amount="16,00").status_code == 422
    assert send(organiser, "count", **{"n-5000": "6", "n-1000": "1", "n-200": "3"}).status_code == 303
    page = organiser.get(CLOSE).text
    assert page.count("step-done") == 3
    assert "À partager 16,00\u00a0€" in page
    assert "Dans la caisse 316,00\u00a0€, dont 300,00\u00a0€ de fonds de roulement" in page
    assert "Préparez 4 enveloppes" in page

    answer = send(organiser, "share", amount="16,00")
    assert answer.status_code == 303
    assert send(organiser, "share", amount="16,00").location == answer.location
    other = send(organiser, "share", amount="6,20")
    assert (other.status_code, 'data-refusal="AlreadySettled"' in other.text) == (422, True)
    split = organiser.get(answer.location).text
    assert pieces(split) == [("Basilic", "258"), ("Cumin", "335"), ("Gingembre", "465"), ("Menthe", "542")]
    done = organiser.get(CLOSE).text
    assert done.count("step-done") == 4
    assert "Partagé : 16,00 €" in done.replace("\u00a0", " ")
    assert "À partager" not in done
    with organiser.application.app_context():
        assert len(standing()) == 1
        assert balance("489110") == -1600


def test_a_part_is_shared_and_the_rest_waits(organiser: FlaskClient) -> None:
    send(organiser, "come")
    send(organiser, "count", **{"n-5000": "6", "n-2000": "1"})
    part = organiser.get(f"{CLOSE}?amount=6,20").text
    assert pieces(part) == [("Basilic", "100"), ("Cumin", "130"), ("Gingembre", "180"), ("Menthe", "210")]

    send(organiser, "finish")
    assert organiser.get("/collective/close").location == CLOSE
    split = organiser.get(send(organiser, "share", amount="6,20").location).text
    assert "13,80" in split


def test_one_order_came_and_one_did_not(organiser: FlaskClient) -> None:
    assert send(organiser, "orders/1001/come").status_code == 303
    assert send(organiser, "orders/1002/miss").status_code == 303
    assert send(organiser, "orders/1002/miss").status_code == 422
    assert send(organiser, "orders/1009/miss").status_code == 422
    with organiser.application.app_context():
        assert balance("570100") == 31700


@pytest.mark.parametrize(
    ("path", "fields", "fact"),
    [
        ("share", {"amount": "1,00"}, "CashNotCounted"),
        ("share", {"amount": "1,005"}, "NotAnAmount"),
        ("share", {}, "NotAnAmount"),
        ("finish", {}, "CashNotCounted"),
        ("count", {"n-5000": "٣"}, "PiecesOutOfRange"),
        ("count", {"n-5000": "-1"}, "PiecesOutOfRange"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(
    organiser: FlaskClient, path: str, fields: dict[str, str], fact: str
) -> None:
    answer = send(organiser, path, **fields)

    assert answer.status_code == 422
    assert f'data-refusal="{fact}"' in answer.text
    with organiser.application.app_context():
        assert balance("570100") == 30000
        assert standing() == []


def test_orders_left_open_are_said_after_the_count(organiser: FlaskClient) -> None:
    send(organiser, "count", **{"n-5000": "6"})

    answer = send(organiser, "finish")
    assert (answer.status_code, 'data-refusal="OrdersOpen"' in answer.text) == (422, True)
    assert send(organiser, "share", amount="999999").status_code == 422


def test_more_than_there_is_is_refused(organiser: FlaskClient) -> None:
    send(organiser, "come")
    send(organiser, "count", **{"n-5000": "6", "n-2000": "1"})

    answer = send(organiser, "share", amount="20,01")
    assert (answer.status_code, 'data-refusal="MoreThanDistributable"' in answer.text) == (422, True)
    assert f'href="{CLOSE}#step-4"' in answer.text
    assert "data-refusal" not in organiser.get(CLOSE).text


def test_a_week_with_a_loss_is_put_off(organiser: FlaskClient) -> None:
    for number in (1001, 1002):
        send(organiser, f"orders/{number}/miss")
    send(organiser, "count", **{"n-5000": "5"})
    assert "Tout reporter" in organiser.get(CLOSE).text

    answer = send(organiser, "share", amount="0,00")
    assert answer.status_code == 303
    assert "Rien n’a été partagé" in organiser.get(answer.location).text


@pytest.mark.parametrize("roles", [[Role.COOK], [Role.COURIER], [("beer", Role.TREASURER)], [Role.ADMIN]])
def test_others_find_no_page(client: FlaskClient, roles: list[Role]) -> None:
    with client.application.app_context():
        make_week()
    sign_in(client, roles)

    for path in ("/collective/close", CLOSE):
        assert client.get(path).status_code == 404
    for path in ("come", "spend", "repeat", "count", "finish", "share", "orders/1001/come"):
        assert client.post(f"{CLOSE}/{path}").status_code == 404


def test_a_week_that_is_not_there(client: FlaskClient) -> None:
    sign_in(client, [Role.TREASURER])

    assert "Rien à clôturer" in client.get("/collective/close").text
    assert client.get("/collective/weeks/2026-W47/close").status_code == 404
