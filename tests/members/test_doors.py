"""Signing in, seen from the browser."""

from flask.testing import FlaskClient

from shop.pages import Role
from tests.factories import PASSPHRASE, csrf, make_member, sign_in


def test_sign_in_and_out(client: FlaskClient) -> None:
    sign_in(client)
    page = client.get("/sign-in").text
    assert "Safran" in page
    client.post("/sign-out", data={"csrf_token": csrf(client)})
    assert "Safran" not in client.get("/sign-in").text


def test_a_wrong_passphrase_and_an_unknown_pseudonym_get_the_same_answer(client: FlaskClient) -> None:
    with client.application.app_context():
        make_member("Safran", [Role.COOK])
    token = csrf(client)
    answers = []
    for pseudonym, passphrase in (("Safran", "not this one, surely"), ("Aneth", PASSPHRASE)):
        data = {"pseudonym": pseudonym, "passphrase": passphrase, "csrf_token": token}
        answer = client.post("/sign-in", data=data)
        answers.append((answer.status_code, answer.text.replace(pseudonym, "…")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 422
    assert 'data-refusal="SignInFailed"' in answers[0][1]
