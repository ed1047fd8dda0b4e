"""The desk's pages, as a browser without JavaScript uses them."""

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from shop.extensions import db
from shop.ledger.books.models import JournalEntry
from shop.ledger.books.queries import balance
from shop.ledger.books.rules import EntryKind
from shop.menu.models import Week
from shop.orders import queries, services
from shop.orders.queries import Ticket
from shop.orders.rules import Delivery, OrderState
from shop.pages import Role
from shop.transaction import transaction
from tests.factories import CLOSES, SLOT, csrf, knock, make_member, make_order, make_plan, make_week, sign_in

NAMES = [
    "Ana",
    "Bilal",
    "Chloé",
    "Dina",
    "Elif",
    "Fatou",
    "Gaël",
    "Hugo",
    "Ines",
    "Jo",
    "Kim",
    "Léa",
    "Max",
    "Nour",
    "Omar",
    "Pia",
    "Quin",
    "Rosa",
    "Sam",
    "Tia",
    "Uma",
]
DESK = "/collective/desk/2026-W48"
HOME = {"name": "Nour", "phone": "0470 11 22 33", "street": "Rue X 1", "bell": "Y"}


@pytest.fixture
def browser(app: Flask, client: FlaskClient, clock: time_machine.Traveller) -> FlaskClient:
    """Give an organiser's browser on Thursday evening, in a week without orders."""
    with app.app_context():
        make_week()
        db.session.remove()
    clock.move_to(SLOT)
    sign_in(client)
    return client


@contextmanager
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield
        db.session.remove()


def why_undone(browser: FlaskClient) -> set[str]:
    """Give the reasons that the reversals name."""
    with inside(browser.application):
        return set(
            db.session.scalars(select(JournalEntry.label).where(JournalEntry.kind == EntryKind.REVERSAL))
        )


def order(browser: FlaskClient, name: str = "Nour", **portions: int) -> int:
    """Place an order before the cutoff."""
    with inside(browser.application):
        week = db.session.get_one(Week, 1)
        delivered = portions.pop("delivered", 0)
        contact = {**HOME, "name": name} if delivered else {"name": name, "phone": "1"}
        handover = Delivery() if delivered else None
        when = SLOT - timedelta(days=3)
        return make_order(week, contact=contact, handover=handover, at=when, **portions).number


def send(browser: FlaskClient, path: str, **fields: object) -> TestResponse:
    data = {"csrf_token": csrf(browser, "/collective/desk"), **fields}
    return browser.post(path, data=data)


def found(browser: FlaskClient, number: int) -> Ticket:
    with inside(browser.application):
        one = queries.ticket(number)
    assert one
    return one


def box(browser: FlaskClient) -> int:
    with inside(browser.application):
        return balance("570100")


def test_an_evening_of_21_customers_takes_21_taps(browser: FlaskClient) -> None:
    numbers = [order(browser, name, B=1) for name in NAMES]
    page = browser.get("/collective/desk").text
    assert "0 sur 21" in page
    assert page.count("Remis et payé") == len(NAMES)
    taps = 0
    while match := re.search(r'action="(/collective/orders/\d+/hand-over)"', page):
        answer = send(browser, match[1])
        assert answer.status_code == 303
        page = browser.get(answer.location).text
        taps += 1
    assert taps == len(numbers) <= 25
    assert "21 sur 21" in page
    assert box(browser) == 21 * 850


def test_a_fifty_gets_its_change_and_change_can_be_kept(browser: FlaskClient) -> None:
    first, second = order(browser, B=3), order(browser, B=3)
    words = re.sub("<[^>]+>", "", browser.get(DESK).text)
    assert "50,00\u00a0€ → rendre 24,50\u00a0€" in words
    answer = send(browser, f"/collective/orders/{first}/hand-over", received="50,00")
    assert "Rendez 24,50" in browser.get(answer.location).text
    answer = send(browser, f"/collective/orders/{second}/hand-over", received="30", keep="y")
    assert "4,50" in browser.get(answer.location).text
    assert box(browser) == 2550 + 3000


def test_every_tap_can_be_undone(browser: FlaskClient) -> None:
    number = order(browser, B=1)
    for verb, state, owed in [
        ("hand-over", OrderState.PICKED_UP, 0),
        ("later", OrderState.PICKED_UP, 850),
        ("no-show", OrderState.NO_SHOW, 0),
    ]:
        answer = send(browser, f"/collective/orders/{number}/{verb}")
        assert (found(browser, number).state, found(browser, number).owed) == (state, owed)
        assert "Annuler ce que je viens de faire" in browser.get(answer.location).text
        assert send(browser, f"/collective/orders/{number}/undo").status_code == 303
        assert found(browser, number).state is OrderState.PLACED
    assert (box(browser), why_undone(browser)) == (0, {"never"})


def test_who_pays_later_pays_later(browser: FlaskClient) -> None:
    number = order(browser, B=1)
    send(browser, f"/collective/orders/{number}/later")
    assert "doit 8,50" in re.sub("<[^>]+>", "", browser.get(DESK).text)
    send(browser, f"/collective/orders/{number}/pay")
    assert (found(browser, number).owed, box(browser)) == (0, 850)
    send(browser, f"/collective/orders/{number}/unpay")
    assert (found(browser, number).owed, box(browser)) == (850, 0)
    assert why_undone(browser) == {"never"}
    send(browser, f"/collective/orders/{number}/undo")
    send(browser, f"/collective/orders/{number}/no-show", stays_due="y")
    assert found(browser, number).owed == 850


def test_a_second_tap_changes_nothing_and_says_so(browser: FlaskClient) -> None:
    number = order(browser, B=1)
    send(browser, f"/collective/orders/{number}/hand-over")
    answer = send(browser, f"/collective/orders/{number}/hand-over")
    assert answer.status_code == 422
    assert 'data-refusal="OrderFinal"' in answer.text
    assert box(browser) == 850


def test_of_a_double_click_one_payment_is_undone(browser: FlaskClient) -> None:
    number = order(browser, B=1)
    send(browser, f"/collective/orders/{number}/hand-over", received="5")
    send(browser, f"/collective/orders/{number}/pay")
    assert f'action="/collective/orders/{number}/unpay"' in browser.get(DESK).text
    answers = [send(browser, f"/collective/orders/{number}/unpay", seen="0") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 422]
    assert 'data-refusal="NothingOwed"' in answers[1].text
    assert re.search(r'/pay">.*?name="seen" value="350"', browser.get(DESK).text, re.DOTALL)
    assert box(browser) == 500


def test_everybody_came_but(browser: FlaskClient) -> None:
    numbers = [order(browser, name, B=1) for name in NAMES[:4]]
    answer = send(browser, f"{DESK}/rest", **{"except": [str(numbers[0]), "x", "99999999999"]})
    assert answer.status_code == 303
    states = [found(browser, number).state for number in numbers]
    assert states == [OrderState.PLACED] + [OrderState.PICKED_UP] * 3


def test_before_the_cutoff_nobody_says_that_everybody_came(
    browser: FlaskClient, clock: time_machine.Traveller
) -> None:
    number = order(browser, B=1)
    clock.move_to(CLOSES - timedelta(seconds=1))
    knock(browser, "Safran")
    for path in (f"{DESK}/rest", "/collective/weeks/2026-W48/close/come"):
        answer = send(browser, path)
        assert (answer.status_code, 'data-refusal="WeekStillOpen"' in answer.text) == (422, True)
    assert found(browser, number).state is OrderState.PLACED


def test_three_letters_find_a_line_without_a_script(browser: FlaskClient) -> None:
    for name in ("Chloé", "Nour"):
        order(browser, name, B=1)
    page = browser.get(DESK, query_string={"q": "chlo"}).text
    assert "Chloé" in page
    assert "Nour" not in page
    assert "Nour" in browser.get(DESK, query_string={"q": "1002"}).text
    assert browser.get(DESK, query_string={"q": "zz"}).status_code == 200


def test_a_sale_without_an_order_and_the_teams_meal(browser: FlaskClient) -> None:
    page = browser.get(f"{DESK}/sale").text
    mark = re.search(r'name="form_id" value="([^"]+)"', page)
    assert mark
    fields = {"form_id": mark[1], "q-2": "2", "received": "20"}
    answers = [send(browser, f"{DESK}/sale", **fields) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert box(browser) == 1700
    send(browser, f"{DESK}/sale", **{"form_id": "team-of-this-evening", "q-2": "3", "for": "team"})
    assert (found(browser, 1002).amount, found(browser, 1002).mains, box(browser)) == (0, 3, 1700)
    assert "1 sur 1" in browser.get(DESK).text


def test_an_evening_on_paper_is_one_form(browser: FlaskClient) -> None:
    paid, later, absent, unknown = (order(browser, name, B=1) for name in NAMES[:4])
    page = browser.get(f"{DESK}/sheet").text
    assert page.count('value="came" checked') == 4
    fields = {
        f"mark-{paid}": "came",
        f"given-{paid}": "10",
        f"mark-{later}": "later",
        f"mark-{absent}": "absent",
        f"mark-{unknown}": "not",
        "q-1": "2",
        "form_id": "a-sheet-of-paper",
    }
    assert send(browser, f"{DESK}/sheet", **fields, **{f"given-{later}": "ten"}).status_code == 422
    assert box(browser) == 0
    for _ in range(2):
        assert send(browser, f"{DESK}/sheet", **fields).status_code == 303
    states = [found(browser, number).state.value for number in (paid, later, absent, unknown)]
    assert states == ["picked_up", "picked_up", "no_show", "placed"]
    assert box(browser) == 850 + 600


def test_a_spoken_order_needs_a_name_and_dishes_only(browser: FlaskClient) -> None:
    page = browser.get("/collective/orders/new").text
    slot = re.search(r'value="(pickup-\d+)"[^>]* checked', page)
    mark = re.search(r'name="form_id" value="([^"]+)"', page)
    assert slot
    assert mark
    fields = {"form_id": mark[1], "handover": slot[1], "q-2": "2"}
    assert send(browser, "/collective/orders/new", **fields).status_code == 422
    fields["without"] = "mustard"
    answers = [send(browser, "/collective/orders/new", name="Zoé", **fields) for _ in range(2)]
    assert [one.location for one in answers] == ["/collective/orders/1001"] * 2
    for path in (answers[0].location, DESK, f"{DESK}/slips", "/collective/weeks/2026-W48/dossier"):
        page = browser.get(path).text
        assert "Zoé" in page
        assert "sans moutarde" in page


def test_a_spoken_order_meets_the_same_cap(browser: FlaskClient) -> None:
    fields = {"form_id": "a-spoken-order-form", "handover": "pickup-1", "name": "Zoé"}
    answer = send(browser, "/collective/orders/new", **fields, **{"q-2": "71"})
    assert answer.status_code == 422
    assert 'data-refusal="MenuFull"' in answer.text
    assert 'value="71"' in answer.text
    assert 'value="Zoé"' in answer.text


def test_members_change_cancel_and_give_a_new_link(browser: FlaskClient) -> None:
    number = order(browser, A=1, B=2)
    assert 'name="q-2" id="q-2" value="2"' in browser.get(f"/collective/orders/{number}/change").text
    send(browser, f"/collective/orders/{number}/change", **{"q-1": "0", "q-2": "3"})
    assert found(browser, number).amount == 2550
    refused = send(browser, f"/collective/orders/{number}/change", **{"q-2": "0"})
    assert (refused.status_code, 'data-refusal="NothingOrdered"' in refused.text) == (422, True)
    before = found(browser, number).token_hash
    assert "/o/" in send(browser, f"/collective/orders/{number}/link").text
    assert found(browser, number).token_hash != before
    send(browser, f"/collective/orders/{number}/cancel")
    assert found(browser, number).state is OrderState.CANCELLED
    again = send(browser, f"/collective/orders/{number}/cancel")
    assert (again.status_code, 'data-refusal="OrderFinal"' in again.text) == (422, True)


def test_slips_say_the_allergens_and_no_address(browser: FlaskClient) -> None:
    number = order(browser, A=1, B=1, delivered=1)
    for path in (f"/collective/orders/{number}/slip", f"{DESK}/slips"):
        page = browser.get(path).text
        assert "moutarde" in page
        assert "céleri" in page
        assert "Rue X" not in page
        assert "0470" not in page


def test_the_round_has_the_phone_as_a_button_that_is_not_printed(browser: FlaskClient) -> None:
    order(browser, B=1, delivered=1)
    order(browser, "Ana", B=1)
    page = browser.get("/rounds/2026-W48").text
    assert "Rue X 1" in page
    assert "10,50" in page
    assert "Ana" not in page
    phones = [tag for tag in re.findall(r"<p[^>]*>.*?</p>", page, re.DOTALL) if "0470" in tag]
    assert len(phones) == 1
    assert "no-print" in phones[0]
    assert page.count("0470112233") == 1


def test_an_order_on_paper_has_no_phone(browser: FlaskClient) -> None:
    number = order(browser, B=1, delivered=1)
    page = browser.get(f"/collective/orders/{number}").text
    rows = [row for row in re.findall(r"<div[^>]*><dt>.*?</div>", page) if "0470" in row]
    assert len(rows) == 1
    assert rows[0].startswith('<div class="no-print">')


def test_a_courier_sees_todays_round_and_nothing_else(
    browser: FlaskClient, clock: time_machine.Traveller
) -> None:
    number = order(browser, B=1, delivered=1)
    with inside(browser.application):
        make_member("Curcuma", [Role.COURIER])
    courier = browser.application.test_client()
    knock(courier, "Curcuma")
    assert "Rue X 1" in courier.get("/rounds/").text
    for path in (DESK, "/collective/orders/new", f"/collective/orders/{number}", f"{DESK}/slips"):
        assert courier.get(path).status_code == 404
    clock.move_to(SLOT + timedelta(hours=9))
    knock(courier, "Curcuma")
    assert courier.get("/rounds/2026-W48").status_code == 404
    assert "Rue X 1" not in courier.get("/rounds/").text


@pytest.mark.parametrize("role", [Role.TREASURER, Role.COOK, Role.ADMIN])
def test_who_only_keeps_money_cooks_or_sets_never_sees_an_address(
    app: Flask, client: FlaskClient, clock: time_machine.Traveller, role: Role
) -> None:
    with inside(app):
        make_order(make_week(), handover=Delivery(), contact=HOME, B=1)
    clock.move_to(SLOT)
    sign_in(client, [role])
    for path in (DESK, "/rounds/", "/rounds/2026-W48", "/collective/orders/1001", f"{DESK}/sheet"):
        assert client.get(path).status_code == 404
    token = csrf(client, "/collective/")
    for verb in ("hand-over", "cancel", "link"):
        assert client.post(f"/collective/orders/1001/{verb}", data={"csrf_token": token}).status_code == 404


def test_no_name_waits_in_a_cookie(browser: FlaskClient) -> None:
    number = order(browser, "Zénobie", B=1)
    answer = send(browser, f"/collective/orders/{number}/hand-over")
    cookie = answer.headers["Set-Cookie"].split(";")[0].partition("=")[2].lstrip(".").split(".")[0]
    assert b"nobie" not in base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4))


def test_a_closed_week_is_only_read_but_debts_are_still_paid(browser: FlaskClient) -> None:
    number = order(browser, B=1)
    send(browser, f"/collective/orders/{number}/later")
    with inside(browser.application), transaction():
        services.close_week(1, SLOT)
    page = browser.get(DESK).text
    assert "undo" not in page
    assert send_to_closed(browser, f"/collective/orders/{number}/undo").status_code == 422
    assert send_to_closed(browser, f"/collective/orders/{number}/pay").status_code == 303
    assert box(browser) == 850


def send_to_closed(browser: FlaskClient, path: str) -> TestResponse:
    return browser.post(path, data={"csrf_token": csrf(browser, DESK)})


BAD = ["-1", "1_000", "٣", "１", "9" * 30, "1e3", "<script>", "a\x00b", "NaN", "0x10", "1,234"]


def test_bad_input_is_refused_and_changes_nothing(browser: FlaskClient) -> None:
    number = order(browser, B=1)
    token = csrf(browser, DESK)
    for text in BAD:
        for path, fields in with_bad(text, number):
            answer = browser.post(path, data={"csrf_token": token, **fields})
            assert answer.status_code == 422, (path, fields)
    assert (found(browser, number).amount, found(browser, number).state) == (850, OrderState.PLACED)
    assert box(browser) == 0


def with_bad(text: str, number: int) -> list[tuple[str, dict[str, str]]]:
    """Put a text into each field of each form that takes a number or an amount."""
    common = {"form_id": "a-form-of-this-evening", "handover": "pickup-1", "name": "N"}
    return [
        (f"/collective/orders/{number}/hand-over", {"received": text}),
        (f"/collective/orders/{number}/change", {"q-2": text}),
        ("/collective/orders/new", {**common, "q-2": text}),
        (f"{DESK}/sale", {**common, "q-2": text}),
        (f"{DESK}/sale", {**common, "q-2": "1", "received": text}),
        (f"{DESK}/sheet", {**common, "q-2": text}),
        (f"{DESK}/sheet", {**common, f"mark-{number}": "came", f"given-{number}": text}),
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/collective/orders/99/hand-over",
        "/collective/orders/99/cancel",
        "/collective/orders/99/change",
        "/collective/orders/99999999999999999999/cancel",
        "/collective/orders/1/steal",
        "/collective/desk/2026-W01/rest",
        "/collective/desk/%00/sheet",
        "/collective/desk/2026-W01/sale",
    ],
)
def test_what_is_not_there_is_a_404(browser: FlaskClient, path: str) -> None:
    assert send(browser, path).status_code in {404, 405}


def test_without_a_token_nothing_is_done(browser: FlaskClient) -> None:
    number = order(browser, B=1)
    for path in (f"/collective/orders/{number}/hand-over", f"{DESK}/rest", f"{DESK}/sheet"):
        assert browser.post(path).status_code == 400
    assert found(browser, number).state is OrderState.PLACED


def test_a_shop_without_a_week_says_what_to_do(app: Flask, client: FlaskClient) -> None:
    sign_in(client)
    for path in ("/collective/desk", "/collective/orders/new"):
        assert "Pas de semaine en cours" in client.get(path).text
    assert "Pas de tournée" in client.get("/rounds/").text


def test_the_desk_stays_until_the_week_is_closed(browser: FlaskClient, clock: time_machine.Traveller) -> None:
    order(browser, "Ana", B=1)
    with inside(browser.application):
        make_week([], make_plan(1), published=False)
    clock.move_to(SLOT + timedelta(days=2))
    knock(browser, "Safran")
    assert "Ana" in browser.get("/collective/desk").text
