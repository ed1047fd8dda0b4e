"""Logs name events, routes and lines of code, and nothing that somebody sent."""

import io
import logging

import pytest
from flask import Flask

from shop.logs import FORMAT, CodeOnly
from shop.pages import public


@pytest.fixture
def written(app: Flask) -> io.StringIO:
    """Give what the shop's handler writes."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(CodeOnly(FORMAT))
    app.logger.addHandler(handler)
    return stream


@pytest.mark.reshapes
@pytest.mark.sqlite_only
def test_an_unexpected_error_names_the_route_and_no_value(app: Flask, written: io.StringIO) -> None:
    @public
    def view(token: str) -> str:
        try:
            raise KeyError(token)
        except KeyError as error:
            raise ValueError("Salima, rue des Lilas") from error

    app.add_url_rule("/broken/<token>", view_func=view)
    answer = app.test_client().get("/broken/s3cr3t-l1nk?name=Nour")
    assert answer.status_code == 500
    said = written.getvalue()
    assert said.startswith("ERROR unexpected GET /broken/<token>\nValueError\n")
    assert "KeyError" in said
    assert "test_logs.py:" in said
    assert "Salima" not in answer.text
    for secret in ("s3cr3t", "Salima", "Nour"):
        assert secret not in said
