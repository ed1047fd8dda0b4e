"""Every column of every row of the books and their sources is changed by hand, and every row dropped.

`verify` sees each, but for those that the tests name with the reason. The guards are off meanwhile.
"""

import os
import tempfile
from collections import Counter
from pathlib import Path

import time_machine
from sqlalchemy import Connection

from shop.extensions import db
from shop.verify import State
from tests.conftest import make_app
from tests.ledger.books.corruption import MISSED, TABLES, Damage, damages, fill, is_seen, problems, unguarded
from tests.ledger.books.worked import EVENING
from tests.load.databases import KINDS, database

ROWS = int(os.environ.get("ROWS", "8"))


def main() -> str:
    """Damage so many rows of each table, one at a time; ROWS changes how many, KINDS on which databases."""
    kinds = os.environ.get("KINDS", " ".join(KINDS)).split()
    seen = sum(_damage_all(kind) for kind in kinds)
    columns = sum(len(columns) for columns in MISSED.values())
    return f"{seen} damages seen on {' and '.join(kinds)}; {columns} columns that only people can judge"


def _damage_all(kind: str) -> int:
    with (
        tempfile.TemporaryDirectory() as name,
        time_machine.travel(EVENING, tick=False),
        database(kind, Path(name)) as url,
        make_app(url, Path(name)).app_context(),
    ):
        fill()
        before = problems()
        with unguarded() as connection:
            found = [_damage(connection, kind, table, before) for table in TABLES]
        assert problems() == before, "not put back as it was"
        db.session.remove()
        db.engine.dispose()
    missed = [str(one) for _, some in found for one in some]
    assert not missed, f"not seen on {kind}: {missed}"
    return sum(seen for seen, _ in found)


def _damage(
    connection: Connection, kind: str, table: str, before: set[tuple[str, State]]
) -> tuple[int, list[Damage]]:
    """Damage a table; give how much was seen, and what was missed and has no reason to be."""
    counts: Counter[str] = Counter()
    missed = []
    for one in list(damages(connection, table, ROWS)):
        seen = is_seen(connection, one, before)
        counts["refused" if seen is None else "seen" if seen else "missed"] += 1
        if seen is False and one.column not in MISSED.get(table, {}):
            missed.append(one)
    print(f"{kind}, {table}: {dict(counts)}", *missed, sep="\n  not seen: ", flush=True)
    return counts["seen"], missed
