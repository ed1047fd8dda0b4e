"""Stylesheets, scripts and drawings come compressed; nothing else does."""

import gzip

import pytest
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

STYLES = "/static/css/tablee.css"
SMALL = {"Accept-Encoding": "gzip, br"}


def fetch(client: FlaskClient, path: str, **headers: str) -> Response:
    """Read a file to its end, and let go of it."""
    with client.get(path, headers=headers) as answer:
        answer.get_data()
        return answer


@pytest.mark.parametrize("path", [STYLES, "/static/js/menu.js", "/static/icons.svg"])
def test_a_browser_that_asks_gets_it_small(client: FlaskClient, path: str) -> None:
    plain, small = fetch(client, path), fetch(client, path, **SMALL)
    assert plain.content_encoding is None
    assert small.content_encoding == "gzip"
    assert "Accept-Encoding" in plain.vary
    assert gzip.decompress(small.data) == plain.data
    assert len(small.data) < len(plain.data) * 0.6


def test_a_browser_that_has_it_gets_nothing(client: FlaskClient) -> None:
    tag = {"If-None-Match": fetch(client, STYLES, **SMALL).headers["ETag"]}
    assert fetch(client, STYLES, **SMALL, **tag).status_code == 304


@pytest.mark.parametrize("path", ["/sign-in", "/static/fonts/bricolage-700.woff2", "/static/none.css"])
def test_a_page_never_tells_by_its_length_what_it_holds(client: FlaskClient, path: str) -> None:
    assert fetch(client, path, **SMALL).content_encoding is None
