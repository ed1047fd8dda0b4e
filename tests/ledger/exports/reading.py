"""Exports as a test reads them: made in the shop it stands in, parsed as a French spreadsheet does."""

import csv
import io
from datetime import date

from shop.ledger.exports.formats import FORMATS, pieces, scope_of
from tests.ledger.books.entries import DAY


def export(name: str, *sellers: str, first: date | None = None, last: date | None = None) -> bytes:
    """Make a file."""
    form = FORMATS[name]
    return b"".join(pieces(form, scope_of(form, first, last, sellers, DAY)))


def rows(content: bytes | str) -> list[dict[str, str]]:
    """Read a CSV file."""
    text = content.decode() if isinstance(content, bytes) else content
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), delimiter=";"))


def read(
    name: str, *sellers: str, first: date | None = None, last: date | None = None
) -> list[dict[str, str]]:
    """Make a CSV file and read it."""
    return rows(export(name, *sellers, first=first, last=last))


def cents(words: str | None) -> int:
    """Read an amount with a decimal comma; an empty cell is 0."""
    return int(words.replace(",", "")) if words else 0
