"""A million postings and five years of weeks: pages cost what they cost in a shop that has just begun."""

import os
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import time_machine
from flask import Flask

from shop.extensions import db
from shop.verify import State, run
from tests.conftest import NOON, make_app
from tests.load.databases import database
from tests.load.history import Past, write_past
from tests.test_costs import YESTERDAY, dearer, open_a_week

POSTINGS = int(os.environ.get("POSTINGS", "1000000"))
WEEKS, ORDERS = 260, 200
SECONDS = 30 / 1_000_000
"""The whole proof may take this long for a posting, by the clock."""


def main() -> str:
    """Build both shops and compare; POSTINGS changes how many."""
    with ExitStack() as stack:
        stack.enter_context(time_machine.travel(NOON, tick=False))
        fresh = _shop(stack, YESTERDAY)
        old = _shop(stack, Past(WEEKS, ORDERS, POSTINGS))
        print("built", flush=True)
        found = dearer(fresh, old)
        assert not found, found
        took = _proved(old)
        assert took <= POSTINGS * SECONDS, f"the whole history was read in {took:.1f} s"
    said = f"{POSTINGS} postings, {WEEKS} weeks of {ORDERS} orders: no page is dearer"
    return f"{said}; the whole history proved in {took:.1f} s"


def _shop(stack: ExitStack, past: Past) -> Flask:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    app = make_app(stack.enter_context(database("sqlite", folder)), folder)
    with app.app_context():
        write_past(past)
    open_a_week(app)
    stack.callback(_close, app)
    return app


def _proved(app: Flask) -> float:
    """Prove the books, quickly and whole; gives the seconds that the whole took."""
    with app.app_context():
        for quick in (True, False):
            start = time.monotonic()
            broken = [one for one in run(quick=quick) if one.state == State.BROKEN]
            assert not broken, broken
            db.session.remove()
        return time.monotonic() - start


def _close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
