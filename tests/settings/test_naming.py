"""What the cooks receive has the name that the group chose, wherever it is read; never a forbidden word."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from shop.decisions.services import decide
from shop.extensions import db
from shop.ledger.books.label_views import AID, CHART, account_label
from shop.ledger.books.models import Account
from shop.ledger.books.names import CALLED, renamed
from shop.ledger.exports.formats import FORMATS
from shop.ledger.sharing.paying import advance
from shop.ledger.sharing.rules import ADVANCE_BOUND
from shop.settings.naming import AidName, call_it
from shop.transaction import transaction
from tests.conftest import NOON
from tests.factories import sign_in
from tests.ledger.exports.reading import export
from tests.ledger.exports.sheets import sheets
from tests.ledger.sharing.life import (
    MONDAY,
    SUNDAY,
    settled_week,
)
from tests.settings.test_switches import EVERY_ROLE
from tests.test_words import FORBIDDEN

CHARTS = re.compile(r"aide[ -](solidaire|attribu[ée]e)|avances[ -]sur[ -]aide", re.IGNORECASE)
CHOSEN = re.compile(r"soutien[ -](solidaire|attribu[ée])|avances[ -]sur[ -]soutien", re.IGNORECASE)
TODAY = NOON.date()


@pytest.fixture
def shared(app: Flask, client: FlaskClient) -> FlaskClient:
    """Sign in somebody who may see everything, where a week is shared and an advance handed out."""
    with app.app_context():
        ids = settled_week()
        with transaction():
            decide(ADVANCE_BOUND, 3000, MONDAY, NOON)
            advance("1" * 24, ids["Cumin"], 1000, SUNDAY, "treasurer")
        db.session.remove()
    sign_in(client, EVERY_ROLE)
    return client


def choose(app: Flask, name: AidName) -> None:
    with app.app_context(), transaction():
        call_it(name, TODAY)


def read(app: Flask, client: FlaskClient) -> dict[str, str]:
    """Read the pages that name accounts or what is shared, and every file."""
    accounts = [f"/treasury/accounts/{code}" for code in ("643100", "489110", "416100")]
    pages = [
        *accounts,
        "/treasury/balances",
        "/treasury/journal",
        "/treasury/report/2026/4",
        "/collective/history",
    ]
    pages += [f"/treasury/entries/{seq}" for seq in (4, 5)]
    pages += [
        "/collective/split/1",
        "/collective/split/1/sheet",
        "/collective/payouts/to/1",
        "/collective/payouts/1",
    ]
    answers = {page: client.get(page) for page in pages}
    assert {page: answer.status_code for page, answer in answers.items() if answer.status_code != 200} == {}
    found = {page: unescape(answer.text) for page, answer in answers.items()}
    with app.app_context():
        for name in FORMATS:
            content = export(name)
            found[name] = str(sheets(content)) if name.endswith("xlsx") else content.decode()
    return found


def saying(pattern: re.Pattern[str], found: dict[str, str]) -> set[str]:
    return {place for place, text in found.items() if pattern.search(text)}


def test_the_name_that_was_chosen_is_the_only_one_and_other_languages_have_theirs(
    app: Flask, shared: FlaskClient
) -> None:
    before = read(app, shared)
    places = saying(CHARTS, before)
    assert {"workbook.xlsx", "journal.csv", "hledger", "ledger", "beancount"} < places
    choose(app, AidName.SUPPORT)
    after = read(app, shared)
    assert saying(CHARTS, after) == set()
    headings = {
        "/collective/split/1/sheet",
        "/collective/history",
        *(page for page in after if "payouts" in page),
    }
    assert saying(CHOSEN, after) == places | headings
    assert "Expenses:643100-Soutien-solidaire:Meals" in after["hledger"]
    assert saying(FORBIDDEN["fr"], before | after) == set()

    shared.set_cookie("language", "en")
    for page in ("/treasury/balances", "/treasury/accounts/600100", "/treasury/journal"):
        text = shared.get(page).text
        assert ("Ingredients" in text, "Ingrédients" in text) == (True, False), page
    assert "Ingrédients" in after["journal.csv"], "files are French"


def test_every_account_of_the_chart_can_be_said_in_each_language(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        labels = set(db.session.scalars(select(Account.label)))
        known = {str(one) for one in (*CHART, *AID)}
        assert {one for one in labels if "Vottem" not in one} <= known
        assert {one for names in CALLED.values() for one in names} <= known
        assert CALLED[AidName.AID] == tuple(
            db.session.get_one(Account, code).label for code in ("643100", "489110", "416100")
        )
        assert account_label("Nos confitures") == "Nos confitures"
        assert renamed(AidName.AID) == {}, "the chart's own name leaves all as it is"
