"""The split page, and trying other weights."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from shop.collective.what_if import last_money
from shop.decisions.queries import history
from shop.decisions.services import decide
from shop.ledger.sharing.queries import standing, unsettled_cycles
from shop.ledger.sharing.rules import SECU, WEIGHTS_SHOWN
from shop.ledger.sharing.services import settle
from shop.pages import Role
from shop.transaction import transaction
from tests.conftest import NOON
from tests.factories import csrf, knock, make_member, sign_in
from tests.ledger.sharing.life import (
    MONDAY,
    NEEDS,
    SUNDAY,
    decide_needs,
    live_week,
    settled_week,
)

PARTS = [("Basilic", "4929"), ("Cumin", "6408"), ("Gingembre", "8872"), ("Menthe", "10351")]
TRY = "/collective/split/try"


def parts(text: str) -> list[tuple[str, str]]:
    return re.findall(r'data-member="(\w+)" data-share="(\d+)"', text)


@pytest.fixture
def ids(client: FlaskClient) -> dict[str, int]:
    """Live the demo's week and settle it; gives the beneficiaries' ids."""
    with client.application.app_context():
        return settled_week()


@pytest.mark.parametrize("role", [Role.COOK, Role.ORGANISER, Role.TREASURER])
def test_the_split_is_told_from_the_sales_to_each_part(
    client: FlaskClient, ids: dict[str, int], role: Role
) -> None:
    sign_in(client, [role])

    assert ">5 octobre 2026</a>" in client.get("/collective/split").text
    page = client.get("/collective/split/1").text
    assert parts(page) == PARTS
    for words in ("599,50\u00a0€", "293,90\u00a0€", "305,60\u00a0€", "= 4929</bdi>, reste 2", "poids 1,3"):
        assert words in page
    assert "<title>Le partage" in page
    assert ("/undo" in page) is (role is Role.TREASURER)


@pytest.mark.parametrize("roles", [[Role.COURIER], [Role.ADMIN], [("beer", Role.TREASURER)]])
def test_others_find_no_page(client: FlaskClient, ids: dict[str, int], roles: list[Role]) -> None:
    sign_in(client, roles)

    for path in ("/collective/split", "/collective/split/1", TRY):
        assert client.get(path).status_code == 404


def test_a_split_that_is_not_there(client: FlaskClient) -> None:
    sign_in(client, [Role.COOK])

    for number in ("0", "7", "99999999999999999999"):
        assert client.get(f"/collective/split/{number}").status_code == 404
    assert "Rien n’est encore partagé" in client.get("/collective/split").text
    assert client.get(TRY).status_code == 200


def test_a_treasurer_undoes_a_split(client: FlaskClient, ids: dict[str, int]) -> None:
    sign_in(client, [Role.TREASURER])

    undo = re.search(r'href="(/treasury/entries/\d+/undo)"', client.get("/collective/split/1").text)[1]
    assert "Les parts reviennent à partager" in client.get(undo).text
    token = csrf(client, "/settings/members")
    assert client.post(undo, data={"csrf_token": token, "reason": "amount"}).status_code == 303
    assert "Ce partage a été annulé" in client.get("/collective/split/1").text
    assert "La semaine du 5 octobre attend" in client.get("/collective/split").text
    with client.application.app_context():
        assert standing() == []


def test_the_group_hides_the_weights_and_shows_them_again(client: FlaskClient, ids: dict[str, int]) -> None:
    sign_in(client, [Role.COOK], "Origan")
    page = "/collective/split/1"

    for shown in (False, True):
        with client.application.app_context(), transaction():
            decide(WEIGHTS_SHOWN, shown, SUNDAY, NOON)
        for path in (page, f"{page}/sheet"):
            text = client.get(path).text
            assert ("64,08\u00a0€" in text) is ("13 ÷ 62" in text or "13</td>" in text) is shown
            assert "305,60\u00a0€" in text

    with client.application.app_context(), transaction():
        decide(WEIGHTS_SHOWN, False, SUNDAY, NOON)
        decide(WEIGHTS_SHOWN, True, NOON.date() + timedelta(weeks=1), NOON)
    assert "64,08" not in client.get(page).text, "shown from the week that was decided, not before"

    decision = "/collective/decisions/new?kind=weights-shown"
    assert "Qui remet les enveloppes compte l’argent" in client.get(decision).text
    assert "moins de trois parts" not in client.get(decision).text
    with client.application.app_context():
        decide_needs(ids, {"Basilic": 100, "Cumin": 130})
    assert "moins de trois parts" in client.get(decision).text


def test_other_weights_are_tried_on_last_weeks_money_and_nothing_is_saved(
    client: FlaskClient, ids: dict[str, int]
) -> None:
    sign_in(client, [Role.COOK], "Origan")

    assert parts(client.get(TRY).text) == PARTS
    equal = {f"w-{member}": "1" for member in ids.values()}
    assert {share for _, share in parts(client.get(TRY, query_string=equal).text)} == {"7640"}
    three = {**equal, f"w-{ids['Menthe']}": ""}
    found = dict(parts(client.get(TRY, query_string={**three, "amount": "3,00"}).text))
    assert found.pop("Menthe") == "0", "who would have nothing more is still told what it was"
    assert set(found.values()) == {"100"}
    with client.application.app_context():
        assert len(history("weights")) == 1


def test_dearer_costs_are_tried_and_equal_parts_too(client: FlaskClient, ids: dict[str, int]) -> None:
    sign_in(client, [Role.COOK], "Origan")

    page = client.get(TRY, query_string={"dearer": "50"}).text
    assert sum(int(cents) for _, cents in parts(page)) == 30560 - 29390 // 2
    assert "aujourd’hui 49,29" in page
    now = {f"w-{ids[name]}": "2" for name in ("Basilic", "Cumin")}
    found = parts(client.get(TRY, query_string={**now, "equal": "y"}).text)
    assert {cents for _, cents in found} == {"15280", "0"}


def test_the_secu_has_its_share_first_of_what_waits_and_of_what_was_shared(
    client: FlaskClient, ids: dict[str, int]
) -> None:
    sign_in(client, [Role.COOK], "Origan")
    with client.application.app_context():
        with transaction():
            decide(SECU, {"rate": "10.00"}, MONDAY + timedelta(weeks=1), NOON)
        live_week(1, 20000, 5000)
        assert (last_money(), last_money(50)) == (13500, 11250)
        with transaction():
            settle([one.id for one in unsettled_cycles()], None, SUNDAY, "treasurer")
        assert (last_money(), last_money(50)) == (13500, 11250)
    assert sum(int(cents) for _, cents in parts(client.get(TRY).text)) == 13500


def test_a_weight_is_reckoned_from_a_household_and_nothing_is_kept(
    client: FlaskClient, ids: dict[str, int]
) -> None:
    sign_in(client, [Role.COOK], "Origan")
    fields = {f"w-{member}": "1" for member in ids.values()} | {"who": str(ids["Cumin"])}
    for scale, weight in (("oecd", "2,1"), ("oxford", "2,7")):
        sent = fields | {"csrf_token": csrf(client, TRY), "scale": scale, "others": "1", "children": "2"}
        page = client.post("/collective/decisions/reckon", data=sent)
        assert page.status_code == 200
        assert (
            f'name="w-{ids["Cumin"]}" inputmode="decimal" autocomplete="off" maxlength="5" value="{weight}"'
            in page.text
        )
    for wrong in ({"others": "31"}, {"children": "٣"}, {"scale": "own"}, {"who": "999"}):
        assert client.post("/collective/decisions/reckon", data=sent | wrong).status_code == 422
    with client.application.app_context():
        assert len(history("weights")) == 1


def test_where_each_sees_their_own_the_others_are_one_sum(client: FlaskClient, ids: dict[str, int]) -> None:
    with client.application.app_context(), transaction():
        decide(WEIGHTS_SHOWN, False, SUNDAY, NOON)
    knock(client, "Cumin")

    for page in (client.get(TRY).text, client.get("/collective/decisions/1").text):
        assert "64,08" in page
        for others in ("49,29", "88,72", "103,51"):
            assert others not in page
    page = client.get(TRY, query_string={f"w-{ids['Cumin']}": "2", f"w-{ids['Menthe']}": "9"}).text
    assert parts(page) == [("Cumin", "8858")]
    odd = client.get(TRY, query_string={f"w-{ids['Cumin']}": "2,5", "amount": "0,01"}).text
    assert parts(odd) == [("Cumin", "0")], "a cent that goes to the largest weight would tell whose that is"
    for typed in ({}, {"kind": "weights", "amount": "0,01"}, {"kind": "weights", "amount": "310"}):
        page = client.get("/collective/decisions/new", query_string=typed).text
        assert page.count('value="2,1"') == page.count('value="1,8"') == page.count("65,00") == 0


@pytest.mark.parametrize("typed", [{"w-1": "abc"}, {"w-1": "1", "amount": "1,005"}, {"w-999": "1"}])
def test_other_weights_that_are_none_are_shown_again(
    client: FlaskClient, ids: dict[str, int], typed: dict[str, str]
) -> None:
    sign_in(client, [Role.COOK], "Origan")

    assert client.get(TRY, query_string=typed).status_code == 200


def test_the_pseudonym_of_who_left_stays_on_past_splits(client: FlaskClient, ids: dict[str, int]) -> None:
    assert list(ids) == list(NEEDS)
    sign_in(client, [Role.TREASURER])
    with client.application.app_context():
        make_member("Thym", [Role.COOK])
    assert "Thym" not in client.get("/collective/split/1").text
    assert "Thym" in client.get(TRY).text
