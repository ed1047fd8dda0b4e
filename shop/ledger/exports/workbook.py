"""workbook.xlsx: what there is today, a sheet each; features that stand higher hand their sheets down."""

from collections.abc import Callable, Iterator

from flask import current_app
from sqlalchemy import Connection

from shop.ledger.books.models import JournalEntry
from shop.ledger.exports import reads
from shop.ledger.exports.funds import funds
from shop.ledger.exports.reads import Scope
from shop.ledger.exports.tables import Column, Row, Table, Tone, euros

Sheet = Callable[[Connection, Scope], Table | None]
"""Makes a sheet about some sellers at the end of the scope, or None where there is nothing to tell."""

SHEETS = "workbook_sheets"
"""Under this name the application holds the sheets of features that stand higher."""


def workbook(connection: Connection, scope: Scope) -> list[Table]:
    """Make the sheets: the balances, the funds where there are any, and what other features add."""
    makers: tuple[Sheet, ...] = (balances, _funds, *current_app.extensions.get(SHEETS, ()))
    return [sheet for make in makers if (sheet := make(connection, scope))]


def balances(connection: Connection, scope: Scope) -> Table:
    """List what each account holds at the scope's last day."""
    columns = (
        Column("Vendeur", width=24),
        Column("Compte", width=9),
        Column("Intitulé", width=36),
        *euros("Débit", "Crédit"),
    )
    title = f"Balance des comptes au {scope.last:%d/%m/%Y}"
    return Table("Balance", title, columns, _balance_rows(connection, scope), 3)


def _balance_rows(connection: Connection, scope: Scope) -> Iterator[Row]:
    chart, names = reads.chart(connection), reads.sellers(connection)
    debits = credits = 0
    for activity in scope.activities:
        held = reads.sums(connection, JournalEntry.date <= scope.last, activity)
        for code in sorted({account for account, _ in held}):
            cents = sum(one for account, one in held if account == code)
            debits, credits = debits + max(cents, 0), credits + max(-cents, 0)
            if cents:
                amounts = (cents, None) if cents > 0 else (None, -cents)
                yield Row((names[activity], code, chart[code].label, *amounts))
    yield Row(("Total", None, None, debits, credits), Tone.TOTAL)


def _funds(connection: Connection, scope: Scope) -> Table | None:
    table = funds(connection, scope)
    rows = list(table.rows)
    return Table(table.name, table.title, table.columns, rows, table.frozen) if rows else None
