"""Every file that treasurers take away, by the name that the command and the page know it by."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy import Connection

from shop.extensions import db
from shop.ledger.exports import beancount_text, csv_file, journal_csv, ledger_text, reads, xlsx_file
from shop.ledger.exports.cash_book import cash_book
from shop.ledger.exports.funds import funds
from shop.ledger.exports.reads import Scope
from shop.ledger.exports.settlements import settlements
from shop.ledger.exports.statements import etat, patrimoine
from shop.ledger.exports.tables import Table
from shop.ledger.exports.workbook import workbook

CSV, PLAIN = "text/csv; charset=utf-8", "text/plain; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
"""The days that a file can be about; no books go further."""

MEALS = "meals"
"""The seller that is meant where none is named."""

Make = Callable[[Connection, Scope], Iterator[bytes]]


@dataclass(frozen=True)
class Format:
    """A file: its name, which is also how it ends, what it is, and how its bytes are made.

    `one_seller` says that it is about one seller at a time; the others may be about several.
    """

    name: str
    mimetype: str
    make: Make
    one_seller: bool = False

    def filename(self, scope: Scope) -> str:
        """Name the file by seller and days: `livre-journal-meals-2026-01-01-2026-12-31.xlsx`."""
        stem, dot, ending = self.name.partition(".")
        who = "-".join(scope.activities)
        return f"{stem}-{who}-{scope.first}-{scope.last}.{ending if dot else ENDINGS[self.name]}"


ENDINGS = {"hledger": "journal", "ledger": "ledger", "beancount": "beancount"}


def _encoded(make: Callable[[Connection, Scope], Iterator[str]]) -> Make:
    return lambda connection, scope: (piece.encode() for piece in make(connection, scope))


def _csv(make: Callable[[Connection, Scope], Table]) -> Make:
    return _encoded(lambda connection, scope: csv_file.pieces(make(connection, scope)))


def _xlsx(make: Callable[[Connection, Scope], Sequence[Table]]) -> Make:
    return lambda connection, scope: xlsx_file.pieces(make(connection, scope))


FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format(
            "livre-journal.xlsx", XLSX, _xlsx(lambda connection, scope: [cash_book(connection, scope)]), True
        ),
        Format("livre-journal.csv", CSV, _csv(partial(cash_book, totals=False)), True),
        Format("etat.csv", CSV, _csv(etat), True),
        Format("patrimoine.csv", CSV, _csv(patrimoine), True),
        Format("settlements.csv", CSV, _csv(settlements)),
        Format("funds.csv", CSV, _csv(funds)),
        Format("journal.csv", CSV, _encoded(journal_csv.pieces)),
        Format("workbook.xlsx", XLSX, _xlsx(workbook)),
        Format("hledger", PLAIN, _encoded(ledger_text.for_hledger)),
        Format("ledger", PLAIN, _encoded(ledger_text.for_ledger)),
        Format("beancount", PLAIN, _encoded(beancount_text.pieces)),
    )
}


def pieces(form: Format, scope: Scope) -> Iterator[bytes]:
    """Give a file in pieces, read as of one moment; the application is needed until the last one."""
    with reads.snapshot(db.engine) as connection:
        yield from form.make(connection, scope)


def known_sellers() -> tuple[str, ...]:
    """Give the codes of all sellers."""
    with reads.snapshot(db.engine) as connection:
        return tuple(reads.sellers(connection))


def scope_of(
    form: Format, first: date | None, last: date | None, activities: Sequence[str], today: date
) -> Scope:
    """Say what a file is about: all days of the books where none is named, and all sellers or the meals'.

    What is for the annual accounts then begins with a year.
    """
    chosen = tuple(activities) or ((MEALS,) if form.one_seller else known_sellers())
    if first is None or last is None:
        with reads.snapshot(db.engine) as connection:
            begun, newest = reads.days(connection, *chosen) or (today, today)
        first = first or (begun.replace(month=1, day=1) if form.one_seller else begun)
        last = last or max(newest, first)
    last = max(min(last, LATEST), EARLIEST)
    return Scope(max(min(first, last), EARLIEST), last, chosen)
