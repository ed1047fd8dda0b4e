"""Decisions on their pages: one writes, a second confirms, any disagrees."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from shop.decisions.models import Decision
from shop.decisions.queries import history
from shop.extensions import db
from shop.ledger.sharing.queries import fund_shares
from shop.ledger.sharing.rules import EQUAL_FUNDS, MARGIN_FUNDS
from shop.pages import Role
from shop.settings.switches import Switch, use
from shop.transaction import transaction
from shop.treasury.opening import open_seller
from tests.conftest import NOON
from tests.factories import PASSPHRASE, csrf, knock, make_member, make_plan, make_week, sign_in
from tests.ledger.sharing.life import decide_needs, live_week, make_beneficiaries

HERE = "/collective/decisions"
NEW = f"{HERE}/new"
MONDAY = "2026-10-12"
"""The first day of the week that waits to be shared."""


@pytest.fixture
def ids(client: FlaskClient) -> dict[str, int]:
    """Let a week wait to be shared by the demo's weights; gives the beneficiaries' ids. Origan is here."""
    with client.application.app_context():
        ids = make_beneficiaries()
        decide_needs(ids)
        live_week(1, 59950, 29390)
    sign_in(client, [Role.COOK], "Origan")
    return ids


def write(client: FlaskClient, kind: str, **typed: object) -> object:
    sent = {"csrf_token": csrf(client, NEW), "kind": kind, "holds_from": MONDAY} | typed
    return client.post(NEW, data=sent)


def state(client: FlaskClient, path: str) -> str:
    return re.search(r'data-decision-state="(\w+)"', client.get(path).text)[1]


def tap(client: FlaskClient, path: str, verb: str, **typed: str) -> object:
    return client.post(f"{path}/{verb}", data={"csrf_token": csrf(client, path)} | typed)


def test_a_week_that_waits_is_offered_and_so_is_the_next(client: FlaskClient, ids: dict[str, int]) -> None:
    offered = re.findall(r'<option value="(2026-[0-9-]+)"', client.get(NEW).text)
    assert (offered[0], offered[-1], len(offered)) == (MONDAY, "2026-12-14", 10)


def test_weeks_long_before_the_first_are_not_offered(client: FlaskClient) -> None:
    with client.application.app_context(), transaction():
        open_seller("meals", {"570100": 1000}, date(2021, 1, 4), "admin")
    sign_in(client, [Role.COOK], "Origan")
    offered = re.findall(r'<option value="([0-9-]+)"', client.get(NEW).text)
    assert (offered[0], offered[-1]) == ("2026-09-28", "2026-12-14")


def test_a_second_member_confirms_on_the_same_phone(client: FlaskClient, ids: dict[str, int]) -> None:
    weights = {f"w-{ids['Basilic']}": "1,5", f"w-{ids['Cumin']}": "2"}
    there = [str(ids["Cumin"]), str(ids["Cumin"]), "999", "x"]
    path = write(client, "weights", present=there, **weights).location
    page = client.get(path).text
    assert state(client, path) == "waits"
    assert page.count(">Cumin<") == 2, "once in the weights, once for having been there"
    assert "1,5" in page

    assert tap(client, path, "confirm").status_code == 422  # who wrote it
    refused = tap(client, path, "confirm", pseudonym="Basilic", passphrase="une autre phrase")
    assert (refused.status_code, 'data-refusal="SignInFailed"' in refused.text) == (422, True)
    assert tap(client, path, "confirm", pseudonym="Basilic", passphrase=PASSPHRASE).status_code == 303

    assert state(client, path) == "holds"
    assert "Origan" in client.get(path).text, "who is signed in stays so"
    with client.application.app_context():
        value = history("weights")[0].value.value
        assert value == {str(ids["Basilic"]): "1.50", str(ids["Cumin"]): "2.00"}


def test_a_second_member_confirms_from_a_phone_of_their_own(client: FlaskClient, ids: dict[str, int]) -> None:
    path = write(client, "advance-bound", bound="20").location
    other = client.application.test_client()
    knock(other, "Cumin", PASSPHRASE)

    assert tap(other, path, "confirm").status_code == 303
    assert state(client, path) == "holds"
    assert "jusqu’à 20,00" in client.get(HERE).text


def test_whoever_disagrees_says_no_reason_and_the_former_numbers_hold(
    client: FlaskClient, ids: dict[str, int]
) -> None:
    path = write(client, "weights", **{f"w-{ids['Basilic']}": "1"}).location
    tap(client, path, "confirm", pseudonym="Cumin", passphrase=PASSPHRASE)

    assert tap(client, path, "contest").status_code == 303

    assert state(client, path) == "contested"
    assert "à reparler dimanche" in client.get(HERE).text
    assert "<textarea" not in client.get(path).text
    with client.application.app_context():
        assert len(history("weights")[0].value.value) == 4


def test_what_was_typed_is_looked_at_before_it_is_written(client: FlaskClient, ids: dict[str, int]) -> None:
    answer = write(client, "weights", look="y", **{f"w-{ids['Basilic']}": "1", f"w-{ids['Cumin']}": "1"})
    assert answer.status_code == 200
    assert "152,80" in answer.text
    with client.application.app_context():
        assert len(db.session.query(Decision).all()) == 1


@pytest.mark.parametrize(
    ("kind", "typed", "fact"),
    [
        ("weights", {"w-1": "abc"}, "WeightOutOfRange"),
        ("weights", {"w-1": ""}, "NoBeneficiary"),
        ("weights", {"w-1": "1", "holds_from": "2026-10-05"}, "WeekSettled"),
        ("weights", {"w-1": "1", "holds_from": "2026-10-13"}, "WeekSettled"),
        ("weights", {"w-1": "1", "holds_from": "demain"}, "WeekSettled"),
        ("advance-bound", {"bound": "0,005"}, "ValueUnfit"),
        ("advance-bound", {"bound": "999"}, "ValueUnfit"),
        ("cap-bounds", {"least": "70", "most": "60"}, "ValueUnfit"),
        ("cap-bounds", {"least": "٣", "most": "60"}, "ValueUnfit"),
        ("weights-shown", {}, "ValueUnfit"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_kept(
    client: FlaskClient, ids: dict[str, int], kind: str, typed: dict[str, str], fact: str
) -> None:
    answer = write(client, kind, **typed)

    assert answer.status_code == 422
    assert f'data-refusal="{fact}"' in answer.text
    for name, text in typed.items():
        if name in {"bound", "least", "w-1"} and text:
            assert f'value="{text}"' in answer.text
    with client.application.app_context():
        assert len(db.session.query(Decision).all()) == 1


FUNDS = dict(zip([f"fund-{fund}" for fund in MARGIN_FUNDS], ("40", "30,5", "29.5", ""), strict=True))


def plain(page: str) -> str:
    """Give a page's words with common spaces."""
    return re.sub(r"<[^>]*>", "", page).replace("\u00a0", " ")


def cells(page: str, fund: str) -> list[str]:
    """Read what a fund's row says before and after, percent and money."""
    row = re.search(rf'<tr data-fund="{fund}".*?</tr>', page, re.S)[0]
    return re.findall(r"<bdi[^>]*>([^<]*)</bdi>", row.replace("\u00a0", " "))


def test_the_beer_s_margin_is_divided_over_the_funds(client: FlaskClient, ids: dict[str, int]) -> None:
    with client.application.app_context(), transaction():
        open_seller("beer", {"550200": 150000, "140200": 150000}, NOON.date(), "admin")
    assert "375,00" in client.get(NEW, query_string={"kind": "funds"}).text

    short = write(client, "funds", **FUNDS | {"fund-139100": "35"})
    assert (short.status_code, 'data-refusal="FundsNotWhole"' in short.text) == (422, True)
    assert "Ensemble, cela fait 95 % : il manque 5 %." in plain(short.text)
    assert re.search(r'name="fund-139200"[^>]* value="30,5"', short.text)
    over = write(client, "funds", look="y", **FUNDS | {"fund-139400": "0,01"})
    assert "il y a 0,01 % de trop" in plain(over.text)
    looked = write(client, "funds", look="y", **FUNDS)
    assert (looked.status_code, "457,50" in looked.text) == (200, True)

    path = write(client, "funds", **FUNDS).location
    page = client.get(path).text
    assert cells(page, "139100") == ["25 %", "375,00 €", "40 %", "600,00 €"]
    assert cells(page, "139400") == ["25 %", "375,00 €", "0 %", "0,00 €"]
    with client.application.app_context():
        assert fund_shares(NOON.date()) == EQUAL_FUNDS
    assert tap(client, path, "confirm", pseudonym="Cumin", passphrase=PASSPHRASE).status_code == 303
    with client.application.app_context():
        assert list(fund_shares(NOON.date()).values()) == [4000, 3050, 2950, 0]
    assert re.search(r"40\s% · 30,50\s% · 29,50\s% · 0\s%", client.get(HERE).text)


def test_prices_are_bound_and_a_plate_shows_how(client: FlaskClient, ids: dict[str, int]) -> None:
    with client.application.app_context():
        make_week(plan=make_plan(-1))
    refused = write(client, "price-bounds", lowest="120", highest="150")
    assert (refused.status_code, 'value="120"' in refused.text) == (422, True)

    path = write(client, "price-bounds", lowest="50", highest="150").location
    page = plain(client.get(path).text)
    assert ("rien de décidé" in page, "de 50 % à 150 % du prix" in page) == (True, True)
    assert "Un plat à 8,50 € : de 4,25 € à 12,75 €" in page
    assert tap(client, path, "confirm", pseudonym="Cumin", passphrase=PASSPHRASE).status_code == 303
    assert state(client, path) == "holds"


UNUSED = (
    ("funds", FUNDS, Switch.BEER),
    ("funds", FUNDS, Switch.FUNDS),
    ("secu", {"rate": "10"}, Switch.BEER),
    ("price-bounds", {"lowest": "50", "highest": "150"}, Switch.SOLIDARITY),
)
"""What is decided only where the group uses that."""


def test_nothing_is_decided_about_what_is_not_used(client: FlaskClient, ids: dict[str, int]) -> None:
    for kind, typed, switch in UNUSED:
        with client.application.app_context(), transaction():
            use(set(Switch) - {switch}, NOON.date())
        assert f"kind={kind}" not in client.get(HERE).text
        assert client.get(NEW, query_string={"kind": kind}).status_code == 404
        assert write(client, kind, **typed).status_code == 404
    with client.application.app_context():
        assert len(db.session.query(Decision).all()) == 1


def test_nothing_else_can_be_decided(client: FlaskClient, ids: dict[str, int]) -> None:
    assert client.get(NEW, query_string={"kind": "price"}).status_code == 404
    assert write(client, "price", value="9").status_code == 404


def test_a_keeper_of_the_beer_confirms_nothing(client: FlaskClient, ids: dict[str, int]) -> None:
    path = write(client, "advance-bound", bound="20").location
    with client.application.app_context():
        make_member("Houblon", [("beer", Role.TREASURER)])
    assert tap(client, path, "confirm", pseudonym="Houblon", passphrase=PASSPHRASE).status_code == 422
    assert state(client, path) == "waits"
