"""Three programs judge a year and the demo, whole and damaged; a million postings are taken over HTTP."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import time_machine
from flask import Flask

from shop.clock import now
from shop.demo.lives import live_demo
from shop.extensions import db
from shop.verify import State, run
from tests.bench.exporting import measure, write_books
from tests.conftest import NOON, make_app
from tests.ledger.books.worked import EXAMPLES
from tests.ledger.exports.damage import damage, damages
from tests.ledger.exports.judges import CHECKS, judge, refused_by, texts
from tests.ledger.exports.liquid import assert_liquid
from tests.ledger.exports.rounds import SELLERS
from tests.ledger.exports.year import assert_all_of_it_happened, assert_each_month_adds_up, live_year
from tests.load.databases import database

WEEKS = int(os.environ.get("WEEKS", "56"))
POSTINGS = int(os.environ.get("POSTINGS", "1000000"))
CUTOFF = date(2025, 1, 7)
"""The first week's; the weeks go on into the January after."""
THIS_YEAR = date(2026, 1, 1), date(2026, 12, 31)
RATE, FIRST_BYTE, GROWTH = 0.5, 0.05, 16


def main() -> str:
    """Judge and measure; WEEKS and POSTINGS change how much."""
    with time_machine.travel(NOON, tick=True):
        seen = [_demo(), _examples(), _year()]
    return "; ".join([*seen, _million()])


def _demo() -> str:
    with _shop() as (_, folder):
        live_demo(now())
        judge(folder)
    return "the demo is accepted by all three, with our balances"


def _examples() -> str:
    for heading, play in EXAMPLES.items():
        with _shop() as (_, folder):
            play()
            judge(folder)
            for seller in SELLERS:
                assert_liquid(seller, *THIS_YEAR)
        print(f"accepted: {heading}", flush=True)
    return f"so are {len(EXAMPLES)} worked examples"


def _year() -> str:
    with _shop() as (_, folder):
        live_year(CUTOFF, WEEKS, lambda: print(".", end="", flush=True))
        print()
        assert_all_of_it_happened()
        assert State.BROKEN not in {result.state for result in run()}
        judge(folder)
        lines = assert_each_month_adds_up()
        refused = [
            _refused(folder, f"{kind}, {seller}", statements)
            for seller in SELLERS
            for kind, statements in damages(seller=seller).items()
        ]
    return (
        f"and {WEEKS} weeks of both sellers, with all that may happen, whose {lines} lines add up each month"
        f" for each seller; {len(refused)} damages are refused"
    )


def _refused(folder: Path, kind: str, statements: list[str]) -> str:
    """Damage the books, ask all three, and put them right again."""
    with damage(statements):
        missed = CHECKS.keys() - refused_by(folder, texts())
    assert not missed, f"{kind} is accepted by {missed}"
    print(f"refused: {kind}", flush=True)
    return kind


def _million() -> str:
    with tempfile.TemporaryDirectory() as name, database("sqlite", Path(name)) as url:
        speed = measure(url, write_books(url, Path(name), POSTINGS))
    print(speed, flush=True)
    assert speed.lines == POSTINGS + 1, speed
    assert min(speed.by_cpu, speed.by_clock) >= RATE, speed
    assert speed.first_byte <= FIRST_BYTE, speed
    assert speed.growth <= GROWTH, speed
    return (
        f"{POSTINGS} postings over HTTP at {speed.by_clock:.2f} of a bare cursor's rate"
        f" ({speed.by_cpu:.2f} by CPU), {speed.growth:.0f} MB more than for a tenth"
    )


@contextmanager
def _shop() -> Iterator[tuple[Flask, Path]]:
    with tempfile.TemporaryDirectory() as name, database("sqlite", Path(name)) as url:
        app = make_app(url, Path(name))
        with app.app_context():
            yield app, Path(name)
            db.session.remove()
            db.engine.dispose()
