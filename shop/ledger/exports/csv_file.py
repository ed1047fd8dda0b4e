"""Tables as CSV: semicolons, a mark of UTF-8 and a decimal comma, so that a double click opens them right."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

from shop.ledger.exports.tables import Cell, Column, Holds, Row, Table
from shop.money import decimal

BOM = "\ufeff"
"""By it a spreadsheet knows the file for UTF-8."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With what a text begins that a spreadsheet would compute."""

AT_ONCE = 500
"""Rows that are held at a time."""


def pieces(table: Table) -> Iterator[str]:
    """Give the file in pieces; the first one comes before any row is read."""
    yield BOM + written([[column.full_title for column in table.columns]])
    rows = iter(table.rows)
    while some := list(islice(rows, AT_ONCE)):
        yield written(_cells(row, table.columns) for row in some)


def written(rows: Iterable[Iterable[object]]) -> str:
    """Write rows of texts and numbers as lines."""
    paper = io.StringIO(newline="")
    csv.writer(paper, delimiter=";", lineterminator="\r\n").writerows(rows)
    return paper.getvalue()


def safe(text: str) -> str:
    """Keep a text from being read as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _cells(row: Row, columns: tuple[Column, ...]) -> list[str]:
    cells = [_cell(cell, column.holds) for cell, column in zip(row.cells, columns, strict=False)]
    return cells + [""] * (len(columns) - len(cells))


def _cell(cell: Cell, holds: Holds) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int):
        return decimal(cell) if holds == Holds.EUROS else str(cell)
    return safe(str(cell))
