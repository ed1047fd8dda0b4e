"""The treasurer's pages of the books."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shop.ledger.books import services
from shop.ledger.books.rules import EntryKind, Leg
from shop.pages import Role
from shop.transaction import transaction
from tests.factories import sign_in
from tests.ledger.books.entries import BOX, DAY, FOOD, SALES, book, open_box

PATHS = ("/treasury/journal", "/treasury/balances", "/treasury/entries/1", "/treasury/accounts/570100")
BEER = (Leg("550200", 5000, "beer"), Leg("700200", -5000, "beer"))


@pytest.fixture
def treasurer(app: Flask, client: FlaskClient) -> FlaskClient:
    """Give the browser of who keeps the books of the meals."""
    sign_in(client, [Role.TREASURER])
    return client


@pytest.fixture
def both(app: Flask, client: FlaskClient) -> FlaskClient:
    """Give the browser of who keeps the books of both sellers."""
    sign_in(client, [("beer", Role.TREASURER), Role.TREASURER])
    return client


def numbers(page: str) -> list[int]:
    """Give the numbers of the entries that a page lists, in its order."""
    return [
        int(number) for number in re.findall(r'<td class="num"><a href="/treasury/entries/([0-9]+)"', page)
    ]


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
    assert treasurer.get("/treasury/accounts/570100").status_code == 404


def test_the_journal_goes_back_page_by_page(app: Flask, treasurer: FlaskClient) -> None:
    with app.app_context():
        for number in range(60):
            book(key=str(number))
    first = treasurer.get("/treasury/journal").text
    assert numbers(first) == list(range(60, 10, -1))
    assert "before=11" in first
    second = treasurer.get("/treasury/journal?before=11").text
    assert numbers(second) == list(range(10, 0, -1))
    assert "before=" not in second
    for nonsense in ("-1", "x", "٣", "99999999999", ""):
        assert treasurer.get("/treasury/journal", query_string={"before": nonsense}).status_code == 200


def test_each_seller_has_a_journal_and_accounts_of_its_own(app: Flask, both: FlaskClient) -> None:
    with app.app_context():
        open_box()
        book(*BEER, key="beer")
    assert numbers(both.get("/treasury/journal").text) == [1]
    assert numbers(both.get("/treasury/journal?seller=beer").text) == [2]
    assert 'data-debit="30000"' in both.get("/treasury/balances").text
    assert 'data-debit="5000"' in both.get("/treasury/balances?seller=beer").text
    assert "/treasury/accounts/550200?seller=beer" in both.get("/treasury/balances?seller=beer").text
    for path in (
        "journal?seller=tea",
        "balances?seller=tea",
        "accounts/550200",
        "accounts/570100?seller=beer",
    ):
        assert both.get(f"/treasury/{path}").status_code == 404


def test_who_keeps_one_book_sees_nothing_of_the_other(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        open_box()
        book(*BEER, key="beer")
        through = (Leg("499100", 700, "beer"), Leg("700200", -700, "beer"))
        shared = book((BOX, 700), ("499100", -700), *through, key="shared", document="paper:shared")
    sign_in(client, [("beer", Role.TREASURER)])
    assert numbers(client.get("/treasury/journal").text) == [3, 2]
    assert client.get("/treasury/entries/1").status_code == 404
    assert client.get("/treasury/journal?seller=meals").status_code == 404
    page = client.get(f"/treasury/entries/{shared}").text
    assert "700200" in page
    assert BOX not in page
    assert "L’autre partie" in page


def a_few(app: Flask) -> None:
    """Open the box, sell twice, buy once, undo the second sale, a month apart."""
    with app.app_context():
        open_box()
        book((BOX, 850), (SALES, -850), document="order:1001", day=date(2026, 10, 1))
        book((BOX, 2550), (SALES, -2550), key="b", document="order:1002")
        book((FOOD, 2550), (BOX, -2550), key="c", kind=EntryKind.COST, document="cost:x")
        with transaction():
            services.reverse(3, DAY, DAY, "treasurer", "twice")


SEARCHES = {
    "text=%23+1002": [5, 3],
    "text=order:1001": [2],
    "since=2026-10-01&until=2026-10-31": [2],
    "kind=reversal&text=1002": [5],
    f"cents=25.50&account={FOOD}": [4],
    "text=%00%E2%80%AE": [5, 4, 3, 2, 1],
    "text=9999": [],
    "cents=0,005": [],
    "cents=0": [],
    "since=2026-02-30": [],
    "kind=theft": [],
    "account=999999": [],
}


def test_the_journal_is_searched_and_what_makes_no_sense_finds_nothing(
    app: Flask, treasurer: FlaskClient
) -> None:
    a_few(app)
    pages = {search: treasurer.get(f"/treasury/journal?{search}").text for search in SEARCHES}
    assert {search: numbers(page) for search, page in pages.items()} == SEARCHES
    assert [search for search, page in pages.items() if "Rien ne correspond" in page] == list(SEARCHES)[6:]


def test_what_is_searched_stays_in_the_address_from_page_to_page(app: Flask, treasurer: FlaskClient) -> None:
    with app.app_context():
        for number in range(60):
            book(key=str(number), day=date(2026, 11, 1 + number % 20))
    address = "/treasury/journal?since=2026-11-01&account=700100"
    first = treasurer.get(address).text
    older = re.search(r'href="([^"]*before=[^"]*)"', first)
    assert older
    second = treasurer.get(older[1].replace("&amp;", "&")).text
    assert 'value="2026-11-01"' in second
    assert sorted(numbers(first) + numbers(second)) == list(range(1, 61))
    by_day = treasurer.get("/treasury/journal?since=2026-11-01").text
    older = re.search(r'href="([^"]*before=[^"]*)"', by_day)
    assert older
    rest = treasurer.get(older[1].replace("&amp;", "&")).text
    days = [1 + (number - 1) % 20 for number in numbers(by_day) + numbers(rest)]
    assert len(days) == 60
    assert days == sorted(days, reverse=True)


def test_an_entry_shows_its_legs_and_what_undid_it_and_no_subject(app: Flask, treasurer: FlaskClient) -> None:
    with app.app_context():
        open_box()
        seq = book((BOX, -300), Leg(FOOD, 300, subject="opaque-subject"))
    assert f"/treasury/entries/{seq}/undo" in treasurer.get(f"/treasury/entries/{seq}").text
    with app.app_context(), transaction():
        undone = services.reverse(seq, DAY, DAY, "treasurer", "twice")
    page = treasurer.get(f"/treasury/entries/{seq}").text
    assert FOOD in page
    assert f'/treasury/entries/{undone}"' in page
    assert "c’est inscrit deux fois" in page
    assert f"/treasury/entries/{seq}/undo" not in page
    assert "opaque" not in page + treasurer.get("/treasury/journal").text
    assert "opaque" not in treasurer.get(f"/treasury/accounts/{FOOD}").text
    reversal = treasurer.get(f"/treasury/entries/{undone}").text
    assert f'/treasury/entries/{seq}"' in reversal
    assert f"/treasury/entries/{undone}/undo" not in reversal
    assert treasurer.get("/treasury/entries/99999999999").status_code == 404


def test_both_sides_of_the_balances_are_the_same_sum(app: Flask, treasurer: FlaskClient) -> None:
    with app.app_context():
        open_box()
        book()
        book(key="old", day=date(2026, 10, 1))
    page = treasurer.get("/treasury/balances").text
    assert 'data-debit="31700"' in page
    assert 'data-credit="31700"' in page
    assert 'data-debit="850"' in treasurer.get("/treasury/balances?on=2026-10-31").text
    assert "étaient vides" in treasurer.get("/treasury/balances?on=2020-01-01").text
    for nonsense in ("2026-02-30", "x", "20261031", "+2026-1-1"):
        assert 'data-debit="31700"' in treasurer.get("/treasury/balances", query_string={"on": nonsense}).text


def test_an_account_tells_what_it_held_after_each_posting(app: Flask, treasurer: FlaskClient) -> None:
    with app.app_context():
        open_box(100)
        for number in range(60):
            book((BOX, 10), (SALES, -10), key=str(number))
        book((FOOD, 300), (BOX, -300), key="food")
    first = treasurer.get(f"/treasury/accounts/{BOX}").text
    assert 'data-held="400"' in first
    assert held(first)[:2] == ["4,00", "7,00"]
    older = re.search(r"before=([^\"&]+)", first)
    assert older
    second = treasurer.get(f"/treasury/accounts/{BOX}?before={older[1]}").text
    assert len(held(first)) == 50
    assert held(second) == [f"{cents // 100},{cents % 100:02}" for cents in range(210, 90, -10)]
    assert held(treasurer.get(f"/treasury/accounts/{SALES}").text)[0] == "6,00"
    forged = older[1][:-1] + ("A" if older[1][-1] != "A" else "B")
    assert held(treasurer.get(f"/treasury/accounts/{BOX}?before={forged}").text) == held(first)


def held(page: str) -> list[str]:
    """Give the last column of a page, without the sign of the euro."""
    return [text.strip() for text in re.findall(r"<bdi>([^<€]*)\u00a0€</bdi></td></tr>", page)]
