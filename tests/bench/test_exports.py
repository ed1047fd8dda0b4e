"""The journal over HTTP beside a bare sqlite3 cursor; the campaign does it with a million postings."""

from pathlib import Path

import pytest

from tests.bench.exporting import measure, write_books
from tests.conftest import fresh_database

POSTINGS = 100_000
RATE = 0.5
FIRST_BYTE = 0.25
GROWTH = 16
"""MB."""


def test_the_journal_beside_a_bare_cursor(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    with fresh_database(request, "sqlite", tmp_path) as url:
        speed = measure(url, write_books(url, tmp_path, POSTINGS))
    print(f"journal.csv: {speed.by_cpu:.2f} of a bare cursor's rate (at least {RATE}); {speed}")
    assert speed.lines == POSTINGS + 1
    assert speed.by_cpu >= RATE
    assert speed.first_byte <= FIRST_BYTE
    assert speed.growth <= GROWTH
