"""Ten years of Sundays through the sharing services, on both databases, against exact fractions on paper."""

import os
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import time_machine

from shop.extensions import db
from tests.conftest import NOON, make_app
from tests.ledger.sharing.sundays import Sundays
from tests.load.databases import KINDS, database

WEEKS = int(os.environ.get("WEEKS", "520"))


def main() -> str:
    """Live ten years on each database; WEEKS changes how many weeks, SEED which."""
    seed = int(os.environ.get("SEED", str(int(time.time()))))
    print(f"SEED={seed}", flush=True)
    told = [live(kind, seed) for kind in os.environ.get("KINDS", " ".join(KINDS)).split()]
    return f"{WEEKS} weeks, each as on paper: {'; '.join(told)} (SEED={seed})"


def live(kind: str, seed: int) -> str:
    """Live on one database; gives what happened, and how far anybody ever was from their due."""
    with (
        tempfile.TemporaryDirectory() as name,
        database(kind, Path(name)) as url,
        time_machine.travel(NOON, tick=False),
    ):
        app = make_app(url, Path(name))
        with app.app_context():
            life = Sundays(seed)
            for week in range(WEEKS):
                life.live(1)
                print(f"\r{kind}: {week + 1} of {WEEKS}", end="", flush=True)
            print(flush=True)
            db.session.remove()
            db.engine.dispose()
    return f"{kind} {_written(life.worst)} cents at worst, {', '.join(_counts(life))}"


def _counts(life: Sundays) -> list[str]:
    return [f"{times} {what}" for what, times in sorted(life.seen.items())]


def _written(cents: Fraction) -> str:
    return f"{float(cents):.2f}"
