"""The books read from the first entry to the last, as the rows have them; `verify` proves them from this."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import text

from shop.extensions import db
from shop.ledger.books import queries
from shop.ledger.books.rules import Kept

RECENT = 200
"""Entries that a quick proof looks at."""

CHUNK = 2000

# Plain text and no types: a day comes as it is kept, and a damaged value is read as well as a sound one.
ENTRIES = """SELECT seq, idempotency_key, fingerprint, date, recorded_on, kind, document, label, role,
reverses, prev_hash, hash, hash_version, sealed FROM journal_entry WHERE seq >= :first ORDER BY seq"""
POSTINGS = """SELECT entry, line, account, cents, activity, subject FROM posting WHERE entry >= :first
ORDER BY entry, line"""

PostingRow = tuple[int, int, str, int, str, str | None]
"""Entry, line, account, cents, activity, subject."""

Step = tuple[Kept, list[PostingRow]]
"""An entry and its postings in order."""


def rows(statement: str, **values: object) -> Iterator[Any]:
    """Read row by row, never the whole."""
    with db.session.execute(text(statement), values, execution_options={"yield_per": CHUNK}) as found:
        for part in found.partitions():
            yield from part


def steps(quick: bool) -> Iterator[Step]:
    """Give each entry with its postings, or where quick the newest; a posting without entry is left out."""
    first = queries.head()[0] - RECENT + 1 if quick else 0
    groups = groupby(rows(POSTINGS, first=first), key=itemgetter(0))
    number, legs = next(groups, (None, iter(())))
    for row in rows(ENTRIES, first=first):
        entry = Kept(row[0], row[1], row[2], str(row[3]), str(row[4]), *row[5:])
        while number is not None and number < entry.seq:
            number, legs = next(groups, (None, iter(())))
        yield entry, list(legs) if number == entry.seq else []
