"""Eight processes write back to back: behind the shop's queue nobody waits long; SQLite alone starves one."""

import multiprocessing
import time
from contextlib import nullcontext
from pathlib import Path

import pytest

from shop import create_app, queue
from shop.revision import current
from shop.transaction import transaction
from tests.conftest import environment, fresh_database
from tests.load.server import prepared

WRITERS = 8
LASTS = 4.0
LONGEST = 1.0

FORK = multiprocessing.get_context("fork")


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give a database on SQLite."""
    with fresh_database(request, "sqlite", tmp_path) as found:
        return found


def longest_waits(url: str, *, fair: bool) -> tuple[list[float], int]:
    """Let eight processes write for four seconds; gives what each waited at most, and how many they wrote."""
    start, results = FORK.Event(), FORK.Queue()
    crew = [FORK.Process(target=_write, args=(url, fair, start, results)) for _ in range(WRITERS)]
    for process in crew:
        process.start()
    time.sleep(2)
    start.set()
    found = [results.get(timeout=120) for _ in crew]
    for process in crew:
        process.join()
    return [waited for waited, _ in found], sum(count for _, count in found)


def _write(url: str, fair: bool, start: object, results: object) -> None:
    if not fair:
        queue.turn = lambda path: nullcontext()  # type: ignore[assignment, misc]
    app = create_app(environment(url))
    longest, count = 0.0, 0
    with app.app_context():
        start.wait()  # type: ignore[attr-defined]
        until = time.monotonic() + LASTS
        while (before := time.monotonic()) < until:
            with transaction():
                longest = max(longest, time.monotonic() - before)
            count += 1
    results.put((longest, count))  # type: ignore[attr-defined]


def test_nobody_starves(url: str) -> None:
    with prepared(url) as app:
        fair, wrote = longest_waits(url, fair=True)
        alone, _ = longest_waits(url, fair=False)
        print(f"eight writers: the longest wait is {max(fair):.2f} s (at most {LONGEST:.2f})")
        print(f"SQLite's own handler: {max(alone):.2f} s")
        with app.app_context():
            assert current() >= wrote
    assert max(fair) <= LONGEST
