"""The sheet without a word of it: whose, how much, and in which notes and coins."""

import re

import pytest
from flask.testing import FlaskClient

from config import ROOT
from shop.members.queries import members
from shop.pages import Role
from tests.factories import csrf, sign_in
from tests.ledger.sharing.life import NEEDS, settled_week

pytestmark = pytest.mark.sqlite_only

SHEET = "/collective/split/1/sheet"
HAND = re.compile(r'<li class="hand".*?</ul></div>\s*</li>', re.DOTALL)
DRAWN = re.compile(r'<svg class="emblem emblem-l"[^>]*><use href="[^"]*#([a-z]+)"')
AMOUNT = re.compile(r'class="hand-amount"><bdi>(\d+),(\d\d)')
PILE = re.compile(r'class="times">(\d+) ×</span> <span class="pile"><span class="(note|coin) worth-(\d+)"')
DRAWINGS = {*re.findall(r'<symbol id="([a-z]+)"', (ROOT / "static" / "emblems.svg").read_text())}
STYLES = "".join(file.read_text() for file in (ROOT / "static" / "css").glob("*.css"))


def seen(page: str) -> dict[str, tuple[int, int]]:
    """See who gets what, by emblem: cents in digits, and cents in notes and coins that have a look."""
    hands = {}
    for hand in HAND.findall(page):
        (drawing,), ((euros, cents),) = DRAWN.findall(hand), AMOUNT.findall(hand)
        piles = PILE.findall(hand)
        assert all(f".worth-{worth}" in STYLES for _, _, worth in piles)
        hands[drawing] = (int(euros + cents), sum(int(many) * int(worth) for many, _, worth in piles))
    return hands


def test_emblem_amount_and_notes_say_who_gets_what_in_any_language(client: FlaskClient) -> None:
    with client.application.app_context():
        settled_week()
        emblems = {one.pseudonym: one.emblem for one in members()}
    sign_in(client, [Role.COOK], "Origan")
    cents = dict(zip(NEEDS, (4929, 6408, 8872, 10351), strict=True))
    expected = {emblems[name]: (part, part // 100 * 100) for name, part in cents.items()}
    assert len(expected) == 4
    assert expected.keys() <= DRAWINGS

    for language in ("fr", "ar"):
        token = csrf(client, SHEET)
        client.post("/language", data={"language": language, "next": SHEET, "csrf_token": token})
        page = client.get(SHEET).text
        assert f'lang="{language}"' in page
        assert seen(page) == expected
