"""The frame stands."""

from flask.testing import FlaskClient

from shop.checks import State
from shop.verify import CHECKS, run


def test_a_stranger_finds_no_page_that_is_not_marked(client: FlaskClient) -> None:
    assert client.get("/nowhere").status_code == 404


def test_an_empty_shop_is_proved(context: None) -> None:
    """After the tests that leave it empty, nobody asks."""
    found = run()
    assert len(found) >= len(CHECKS) > 20
    assert [one for one in found if one.state == State.BROKEN] == []
