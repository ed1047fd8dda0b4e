"""journal.csv: one line a posting, without subjects, as a French spreadsheet opens it.

The titles are French whatever the page's language: the file goes to a Belgian treasurer.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import select

from shop.extensions import db
from shop.ledger.books.models import Account, JournalEntry, Posting
from shop.money import decimal

BOM = "\ufeff"
"""By it a spreadsheet knows the file for UTF-8."""

TITLES = (
    "N°", "Date", "Inscrite le", "Évènement", "Pièce", "Libellé", "Compte", "Intitulé", "Activité",
    "Débit", "Crédit", "Inscrite par", "Annule le n°",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")
AT_ONCE = 1000
"""Rows that are held at a time."""


def lines(first: date | None = None, last: date | None = None) -> Iterator[str]:
    """Give the file in pieces: entries of these days, both included, in the journal's order."""
    yield BOM + _written([TITLES])
    wanted = (
        select(
            JournalEntry.seq,
            JournalEntry.date,
            JournalEntry.recorded_on,
            JournalEntry.kind,
            JournalEntry.document,
            JournalEntry.label,
            JournalEntry.role,
            JournalEntry.reverses,
            Posting.cents,
            Posting.activity,
            Account.code,
            Account.label.label("title"),
        )
        .join(Posting, Posting.entry == JournalEntry.seq)
        .join(Account, Account.code == Posting.account)
        .order_by(JournalEntry.seq, Posting.line)
    )
    if first:
        wanted = wanted.where(JournalEntry.date >= first)
    if last:
        wanted = wanted.where(JournalEntry.date <= last)
    found = db.session.execute(wanted, execution_options={"yield_per": AT_ONCE})
    for some in found.partitions():
        yield _written(_cells(row) for row in some)


def _cells(row: Any) -> tuple[object, ...]:
    return (
        row.seq,
        row.date.isoformat(),
        row.recorded_on.isoformat(),
        cell(row.kind),
        cell(row.document),
        cell(row.label),
        cell(row.code),
        cell(row.title),
        cell(row.activity),
        decimal(row.cents) if row.cents > 0 else "",
        decimal(-row.cents) if row.cents < 0 else "",
        cell(row.role),
        row.reverses or "",
    )


def cell(text: str) -> str:
    """Keep a text from being read as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _written(rows: Iterable[Iterable[object]]) -> str:
    paper = io.StringIO(newline="")
    csv.writer(paper, delimiter=";", lineterminator="\r\n").writerows(rows)
    return paper.getvalue()
