"""The frame stands."""

from flask.testing import FlaskClient


def test_a_stranger_finds_no_page_that_is_not_marked(client: FlaskClient) -> None:
    assert client.get("/nowhere").status_code == 404
