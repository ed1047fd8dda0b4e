"""With weights hidden: every page, sheet and file, read by each role for what is another's."""

import html
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shop.decisions.services import decide
from shop.ledger.books import legs, searching
from shop.ledger.exports.formats import FORMATS
from shop.ledger.sharing.paying import pay_out
from shop.ledger.sharing.rules import WEIGHTS_SHOWN
from shop.pages import Role
from shop.transaction import transaction
from tests.conftest import NOON
from tests.factories import PASSPHRASE, knock, make_member
from tests.ledger.exports.judges import judge
from tests.ledger.exports.reading import cents, export, read
from tests.ledger.sharing.life import SUNDAY, settled_week
from tests.test_canaries import readable

PARTS = {"Basilic": 4929, "Cumin": 6408, "Gingembre": 8872, "Menthe": 10351}
WEIGHTS = {"Cumin": "1,3", "Gingembre": "1,8", "Menthe": "2,1"}

ROLES = {
    "Thym": [Role.ORGANISER, Role.ADMIN, Role.COURIER],
    "Sauge": [Role.TREASURER, ("beer", Role.TREASURER)],
}
"""Who has no part: with a cook who has one, together every role."""

BEGINNINGS = (
    *("/", "/collective", "/collective/split", "/collective/decisions/new?kind=weights", "/kitchen"),
    *("/collective/payouts", "/collective/payouts/mine", "/settings/members", "/treasury/"),
    *("/treasury/journal", "/treasury/accounts/489110"),
    *("/treasury/exports/settlements.csv", "/treasury/exports/journal.csv"),
)
"""Where walks begin; links lead to the rest."""

LINK = re.compile(r'href="([^"#]+)')
ASIDE = re.compile(r"/static/.*|/treasury/report/20[01]\d/\d|/treasury/report/202[0-5]/\d")
"""What no walk needs: pictures, and the quarters before there were any books."""

WHOEVER_PAYS = re.compile(r"/collective/payouts/(to/)?\d+(/advance)?")
"""The screens of one person's envelope: whoever hands it over counts it."""


@pytest.fixture
def ids(client: FlaskClient) -> dict[str, int]:
    """Live the demo's week, settle it, hand over some of a part, and hide the weights; gives the ids."""
    with client.application.app_context():
        ids = settled_week()
        with transaction():
            pay_out("e" * 32, ids["Cumin"], 2000, SUNDAY, "treasurer")
            decide(WEIGHTS_SHOWN, False, SUNDAY, NOON)
        for name, roles in ROLES.items():
            make_member(name, roles)
    return ids


def written(name: str) -> re.Pattern[str]:
    """Make a pattern of a person's part and weight, however they are written."""
    euros, rest = divmod(PARTS[name], 100)
    weight = rf"|{WEIGHTS[name].replace(',', '[.,]')}0?" if name in WEIGHTS else ""
    return re.compile(rf"(?<![\d.,])({euros}[.,]?{rest:02}{weight})(?![\d.,])")


def words_of(page: str) -> str:
    """Give what a page says, and the values of its fields and marks: everything but its drawings."""
    return re.sub(r"<svg.*?</svg>|<(path|circle|rect)[^>]*>", "", page, flags=re.DOTALL)


def walk(app: Flask, name: str) -> Iterator[tuple[str, str]]:
    """Follow every link from page to page as a member, without what comes after a question mark."""
    client, waiting = app.test_client(), list(BEGINNINGS)
    seen: set[str] = set()
    knock(client, name, PASSPHRASE)
    while waiting:
        path = waiting.pop()
        page = urlsplit(path).path
        if path in seen or ASIDE.fullmatch(page):
            continue
        seen |= {path, page} if path not in BEGINNINGS else {path}
        with client.get(path) as answer:
            if answer.status_code in {302, 303}:
                waiting.append(urlsplit(answer.location).path)
            if answer.status_code != 200:
                continue
            text = readable(page, answer.data).decode(errors="replace")
        yield page, words_of(text)
        if answer.mimetype == "text/html":
            links = (urljoin(page, html.unescape(link)) for link in LINK.findall(text))
            waiting += [urlsplit(link).path for link in links if link.startswith("/")]


def leaks(pages: Mapping[str, str], name: str) -> set[tuple[str, str]]:
    """Say on which pages a member reads the part or the weight of whom."""
    others = {who: written(who) for who in PARTS if who != name}
    return {
        (page, who)
        for page, text in pages.items()
        for who, mark in others.items()
        if mark.search(text) and not WHOEVER_PAYS.fullmatch(page)
    }


def test_no_page_tells_a_member_what_is_anothers(
    client: FlaskClient, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = {name: dict(walk(client.application, name)) for name in ("Cumin", *ROLES)}
    for name, pages in read.items():
        assert leaks(pages, name) == set(), name
    assert written("Cumin").search(read["Cumin"]["/collective/split/1"]), "one's own is there"
    assert len(read["Sauge"]) > 50

    monkeypatch.setattr(legs, "cents_as_one", lambda: legs.Posting.cents)
    monkeypatch.setattr(f"{__name__}.BEGINNINGS", BEGINNINGS[-3:])
    monkeypatch.setattr(f"{__name__}.LINK", re.compile("nowhere"))
    pages = dict(walk(client.application, "Sauge"))
    assert {page for page, _ in leaks(pages, "Sauge")} == set(BEGINNINGS), "each tells parts without the rule"


@pytest.mark.both_databases
def test_files_tell_parts_as_one_and_stay_right(
    client: FlaskClient, ids: dict[str, int], tmp_path: Path
) -> None:
    with client.application.app_context():
        for name in FORMATS:
            text = readable(name, export(name)).decode()
            assert not [
                who for who in PARTS if re.search(rf"\b{PARTS[who] / 100:.2f}\b", text.replace(",", "."))
            ]
        assert [(row["Bénéficiaire"], row["Part"]) for row in read("settlements.csv")] == [("", "305,60")]
        aid = [row for row in read("journal.csv") if row["Compte"] == "489110"]
        assert [cents(row["Débit"]) - cents(row["Crédit"]) for row in aid] == [-30560, 2000]
        for guess, entries in ((6408, []), (30560, [4]), (2000, [5])):
            assert searching.numbers(searching.Search("meals", cents=guess)) == entries
        judge(tmp_path)
