"""Thousands of lives of the whole ledger against its model, and each bug planted in a posting rule found."""

import io
import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

from tests.ledger.machine.ground import Ground, ground
from tests.ledger.machine.machine import run_machine
from tests.ledger.machine.planted import bugs, is_found
from tests.load.databases import database

LIVES = int(os.environ.get("LIVES", "5000"))
STEPS = int(os.environ.get("STEPS", "12"))
ROUND = 100
WITHIN = 400
"""Lives within which a planted bug must be found."""


def main() -> str:
    """Live on every core; LIVES changes how many lives, a tenth of them on PostgreSQL, SEED which."""
    seed = int(os.environ.get("SEED", str(int(time.time()))))
    print(f"SEED={seed}", flush=True)
    on_postgres = LIVES // 10
    rounds = [("sqlite", seed + turn, ROUND) for turn in range(-(-LIVES // ROUND))]
    rounds += [("postgresql", seed + turn, ROUND) for turn in range(-(-on_postgres // ROUND))]
    everywhere = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=everywhere) as pool:
        lives = [pool.submit(live, *one) for one in rounds]
        hunted = [pool.submit(hunt, place) for place in range(len(bugs()))]
        missed = [name for name in _tell([*lives, *hunted]) if name]
    assert not missed, f"not found: {missed}"
    lived = f"{LIVES} lives on SQLite and {on_postgres} on PostgreSQL, none broken"
    return f"{lived}; {len(bugs())} planted bugs found (SEED={seed})"


def live(kind: str, seed: int, lives: int) -> str:
    """Live one round; gives nothing to complain about."""
    with _shop(kind) as place:
        run_machine(place, seed, lives, steps=STEPS)
    return ""


def hunt(number: int) -> str:
    """Plant one bug; gives its name where it is not found."""
    bug = bugs()[number]
    with _shop("sqlite") as place, redirect_stdout(io.StringIO()):
        return "" if is_found(bug, place, WITHIN) else f"{bug.rule}: {bug.name}"


@contextmanager
def _shop(kind: str) -> Iterator[Ground]:
    with (
        tempfile.TemporaryDirectory() as name,
        database(kind, Path(name)) as url,
        ground(url, Path(name)) as place,
    ):
        yield place


def _tell(work: list["Future[str]"]) -> Iterator[str]:
    try:
        for done, one in enumerate(as_completed(work), 1):
            print(f"\r{done} of {len(work)}", end="", flush=True)
            yield one.result()
    finally:
        # One that fails is told at once, not after the hour that all the others take.
        for one in work:
            one.cancel()
        print(flush=True)
