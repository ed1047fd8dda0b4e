"""The envelopes: who has what, the payer's screen, the tap « Reçu », and one's own part."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from shop.decisions.services import decide
from shop.pages import Role
from shop.transaction import transaction
from tests.conftest import NOON
from tests.factories import PASSPHRASE, csrf, knock, sign_in
from tests.ledger.sharing.life import settled_week

LIST = "/collective/payouts"


@pytest.fixture
def ids(client: FlaskClient) -> dict[str, int]:
    """Live the demo's week and settle it; gives the beneficiaries' ids."""
    with client.application.app_context():
        return settled_week()


def give(client: FlaskClient, member: int, cents: str, form_id: str = "") -> object:
    path = f"{LIST}/to/{member}"
    page = client.get(path).text
    form_id = form_id or re.search(r'name="form_id"[^>]*value="(\w+)"', page)[1]
    sent = {"csrf_token": csrf(client, path), "form_id": form_id, "cents": cents}
    return client.post(path, data=sent)


def test_an_envelope_is_handed_over_and_received(client: FlaskClient, ids: dict[str, int]) -> None:
    sign_in(client, [Role.TREASURER], "Sauge")
    assert 'data-member="Basilic" data-left="4929"' in client.get(LIST).text
    page = client.get(f"{LIST}/to/{ids['Basilic']}").text
    assert "49,00" in page
    assert "il reste 49,29" in page.lower()

    handed = give(client, ids["Basilic"], "49,00", "a" * 32).location
    for amount, status in (("49,00", 303), ("9,00", 422)):
        again = give(client, ids["Basilic"], amount, "a" * 32)
        assert (again.status_code, "a déjà servi pour autre chose" in again.text) == (status, status == 422)
    assert 'data-payout="4900"' in client.get(handed).text
    assert "remis, pas confirmé" in client.get(LIST).text

    token = csrf(client, handed)
    assert client.post(f"{handed}/received", data={"csrf_token": token}).status_code == 303
    assert "reçu</small>" in client.get(LIST).text
    assert 'data-member="Basilic" data-left="29"' in client.get(LIST).text


def test_too_much_is_refused_and_what_was_typed_stays(client: FlaskClient, ids: dict[str, int]) -> None:
    sign_in(client, [Role.TREASURER], "Sauge")
    for cents, words in (("49,30", 'data-refusal="MoreThanAllotted"'), ("0,005", "Écrivez un montant")):
        answer = give(client, ids["Basilic"], cents)
        assert answer.status_code == 422
        assert words in answer.text
        assert f'value="{cents}"' in answer.text


def test_the_step_is_chosen(client: FlaskClient, ids: dict[str, int]) -> None:
    sign_in(client, [Role.TREASURER], "Sauge")
    for step, proposed in (("5", "49,25"), ("7", "49,25"), ("500", "45,00")):
        client.post(f"{LIST}/step", data={"csrf_token": csrf(client, LIST), "step": step})
        assert f'amount-huge">{proposed}' in client.get(f"{LIST}/to/{ids['Basilic']}").text


def test_who_never_had_a_part_has_no_envelope(client: FlaskClient, ids: dict[str, int]) -> None:
    sauge = sign_in(client, [Role.TREASURER], "Sauge")
    for path in (f"{LIST}/to/{sauge.id}", f"{LIST}/to/999", f"{LIST}/999"):
        assert client.get(path).status_code == 404


def test_ones_own_part_is_told_behind_a_tap_and_nobody_elses(
    client: FlaskClient, ids: dict[str, int]
) -> None:
    sign_in(client, [Role.TREASURER], "Sauge")
    give(client, ids["Basilic"], "49")
    cook = client.application.test_client()
    knock(cook, "Basilic", PASSPHRASE)

    page = cook.get(f"{LIST}/mine").text

    assert re.search(r"<details class=\"fold\">.*data-left=\"29\"", page, re.DOTALL)
    assert "49,29" in page
    assert "64,08" not in page
    assert "49" not in re.search("<title>(.*?)</title>", page)[1]
    assert cook.get(LIST).status_code == 404


def test_an_advance_in_two_taps_up_to_the_bound(client: FlaskClient, ids: dict[str, int]) -> None:
    sign_in(client, [Role.TREASURER], "Sauge")
    path = f"{LIST}/to/{ids['Basilic']}/advance"
    assert "La réunion décide d’abord" in client.get(path).text
    with client.application.app_context(), transaction():
        decide("advance-bound", 3000, date(2026, 10, 5), NOON)
    page = client.get(path).text
    assert 'name="cents" value="20,00"' in page
    assert 'value="50,00"' not in page

    form_id = re.search(r'name="form_id"[^>]*value="(\w+)"', page)[1]
    sent = {"csrf_token": csrf(client, path), "form_id": form_id, "cents": "20,00"}
    handed = client.post(path, data=sent)
    assert "Une avance" in client.get(handed.location).text
    refused = client.post(path, data=sent | {"form_id": "a" * 32})
    assert (refused.status_code, 'data-refusal="MoreThanBound"' in refused.text) == (422, True)
    assert 'amount-huge">29,00' in client.get(f"{LIST}/to/{ids['Basilic']}").text


def test_where_each_sees_their_own_the_list_has_no_amounts(client: FlaskClient, ids: dict[str, int]) -> None:
    sign_in(client, [Role.TREASURER], "Sauge")
    give(client, ids["Cumin"], "64")
    with client.application.app_context(), transaction():
        decide("weights-shown", False, date(2026, 10, 5), NOON)

    page = client.get(LIST).text

    assert "remis, pas confirmé" in page
    assert "64,00" in client.get(f"{LIST}/1").text
    token = csrf(client, f"{LIST}/1")
    assert client.post(f"{LIST}/1/received", data={"csrf_token": token}).status_code == 303
    assert client.get(f"{LIST}/1").status_code == 302, "its number would say which entry is whose"
    page = client.get(LIST).text
    assert "23 novembre" not in page
    assert 'data-received="Cumin"' in page
    assert not re.search("49,29|64,00|88,72|103,51|4929|6400", page)
    assert "241,60" in page, "the sum of what is left"
    assert "49,00" in client.get(f"{LIST}/to/{ids['Basilic']}").text
    give(client, ids["Basilic"], "49")
    assert "Ce qui reste" not in client.get(LIST).text, "of two, one could be told from the other"
