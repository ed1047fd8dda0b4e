"""The page of exports: each treasurer takes away the books of the sellers they keep, and no others."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shop.extensions import db
from shop.ledger.books.rules import Leg
from shop.ledger.exports.formats import FORMATS
from shop.pages import Role
from tests.counting import counted
from tests.factories import sign_in
from tests.ledger.books.entries import SALES, book, open_box
from tests.ledger.exports.reading import rows

PAGE = "/treasury/exports"
BEER = [("beer", Role.TREASURER)]
BOTH = [*BEER, Role.TREASURER]


@pytest.fixture
def books(app: Flask) -> None:
    """Book something of each seller."""
    with app.app_context():
        open_box()
        book()
        both = Leg("499100", 500), Leg(SALES, -500), Leg("570200", 500, "beer"), Leg("499100", -500, "beer")
        book(*both, key="both")


@pytest.mark.usefixtures("books")
class TestPage:
    def test_every_button_gives_its_file(self, client: FlaskClient) -> None:
        sign_in(client, [Role.TREASURER])
        page = client.get(PAGE).text
        paths = re.findall(r'formaction="([^"]+)"', page)
        assert paths[0].rpartition("/")[2] == "livre-journal.xlsx"
        assert {path.rpartition("/")[2] for path in paths} == set(FORMATS)
        for path in paths:
            answer = client.get(
                path, query_string={"seller": "meals", "from": "2026-01-01", "to": "2026-12-31"}
            )
            assert answer.status_code == 200, path
            assert answer.data, path
            assert "attachment" in answer.headers["Content-Disposition"]
            assert answer.headers["Cache-Control"] == "no-store"

    def test_wrong_days_are_said_and_nothing_is_given(self, client: FlaskClient) -> None:
        sign_in(client, [Role.TREASURER])
        for start, end in (
            ("2026-12-01", "2026-11-01"),
            ("2026-02-30", ""),
            ("=1+1", "NaN"),
            ("\0", "9" * 30),
        ):
            for path in (PAGE, f"{PAGE}/etat.csv"):
                answer = client.get(path, query_string={"from": start, "to": end})
                assert answer.status_code == 422, (start, end)
                assert 'role="alert"' in answer.text

    def test_a_treasurer_of_the_beer_gets_nothing_of_the_meals(self, client: FlaskClient) -> None:
        sign_in(client, BEER)
        page = client.get(PAGE)
        assert 'value="beer"' in page.text
        assert "settlements.csv" not in page.text
        assert client.get(f"{PAGE}/settlements.csv").status_code == 404
        for name in FORMATS.keys() - {"settlements.csv"}:
            assert client.get(f"{PAGE}/{name}?seller=meals").status_code == 404
            assert b"meals" not in client.get(f"{PAGE}/{name}").data.lower()
        assert [row["Compte"] for row in rows(client.get(f"{PAGE}/journal.csv").data)] == ["570200", "499100"]

    def test_who_keeps_both_has_all_in_one_journal(self, client: FlaskClient) -> None:
        sign_in(client, BOTH)
        assert len(rows(client.get(f"{PAGE}/journal.csv").data)) == 8
        assert len(rows(client.get(f"{PAGE}/journal.csv?seller=beer").data)) == 2
        assert "Caisse bière" in client.get(f"{PAGE}/livre-journal.csv?seller=beer").text
        assert client.get(f"{PAGE}/journal.doc").status_code == 404

    def test_an_old_sign_in_is_asked_again_and_the_page_itself_is_not(
        self, client: FlaskClient, clock
    ) -> None:  # type: ignore[no-untyped-def]
        sign_in(client, [Role.TREASURER])
        clock.shift(timedelta(minutes=11))
        answer = client.get(f"{PAGE}/hledger")
        assert (answer.status_code, answer.data[:5]) == (303, b"<!doc")
        assert client.get(PAGE).status_code == 200


def test_the_first_line_comes_before_a_posting_is_read(app: Flask, client: FlaskClient) -> None:
    sign_in(client, [Role.TREASURER])
    year = {"from": "2026-01-01", "to": "2026-12-31"}
    for name in FORMATS:
        if name.endswith(".xlsx"):
            continue
        with app.app_context(), counted(db.engine) as asked:
            pieces = client.get(f"{PAGE}/{name}", query_string=year, buffered=False).iter_encoded()
            assert next(pieces)
            assert not any(" posting" in one for one in asked.statements), name
            for _ in pieces:
                pass
            assert name == "funds.csv" or any(" posting" in one for one in asked.statements), name
