"""journal.csv: one line a posting, without subjects, as a French spreadsheet opens it.

A million lines are read by whoever waits for them, so the database itself writes each line; Python only
passes them on.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, SQLColumnExpression, String, case, cast, func, select, type_coerce
from sqlalchemy.sql import ColumnElement

from shop.ledger.books.legs import told_cents
from shop.ledger.books.models import Account, JournalEntry, Posting
from shop.ledger.books.names import renamed
from shop.ledger.exports import reads
from shop.ledger.exports.csv_file import BOM, FORMULA, written
from shop.ledger.exports.reads import Scope

TITLES = (
    "N°", "Date", "Inscrite le", "Évènement", "Pièce", "Libellé", "Compte", "Intitulé", "Activité",
    "Débit", "Crédit", "Inscrite par", "Annule le n°",
)  # fmt: skip

AT_ONCE = 1000
"""Lines that are held at a time."""

Text = ColumnElement[str]


def pieces(connection: Connection, scope: Scope) -> Iterator[str]:
    """Give the file in pieces: the postings of these sellers and days, in the journal's order."""
    yield BOM + written([TITLES])
    told = told_cents()
    label = _label(renamed(reads.aid_name(connection)))
    wanted = select(_line(told, label)).where(told.is_not(None))
    wanted = wanted.join_from(Posting, JournalEntry).join(Account, Account.code == Posting.account)
    if set(scope.activities) != reads.sellers(connection).keys():
        # Not the column itself: SQLite would go by its index, and sort all that it finds.
        wanted = wanted.where((Posting.activity + "").in_(scope.activities))
    written_on = reads.days(connection)
    if written_on and not scope.first <= written_on[0] <= written_on[1] <= scope.last:
        wanted = wanted.where(JournalEntry.date.between(scope.first, scope.last))
    wanted = wanted.order_by(Posting.entry, Posting.line)
    with connection.execute(wanted, execution_options={"yield_per": AT_ONCE}) as found:
        for some in found.scalars().partitions():
            yield "\r\n".join([*some, ""])


def _label(names: Mapping[str, str]) -> Text:
    """Write what an account is called where it is not as the chart says."""
    label = Account.__table__.c.label
    return case(names, value=label, else_=label) if names else label


def _line(told: SQLColumnExpression[int], label: Text) -> Text:
    """Join the cells of a line; what is always a plain word or a number needs no quotes."""
    entry, leg = JournalEntry.__table__.c, Posting.__table__.c
    cells: tuple[ColumnElement[Any], ...] = (
        *(entry.seq, entry.date, entry.recorded_on, entry.kind),
        *(_quoted(entry.document), _quoted(_safe(entry.label))),
        *(leg.account, _quoted(_safe(label)), leg.activity, _amounts(told)),
        *(entry.role, func.coalesce(cast(entry.reverses, String), "")),
    )
    line = _as_text(cells[0])
    for cell in cells[1:]:
        line = line + ";" + _as_text(cell)
    return line


def _amounts(cents: SQLColumnExpression[int]) -> Text:
    """Write cents in the left cell or, below zero, in the right one."""
    return case((cents > 0, _decimal(cents) + ";"), else_=";" + _decimal(-cents))


def _decimal(cents: SQLColumnExpression[int]) -> Text:
    digits = cents // 100, cents % 100 // 10, cents % 10
    euros, tens, ones = (cast(part, String) for part in digits)
    return euros + "," + tens + ones


def _as_text(cell: ColumnElement[Any]) -> Text:
    """Let `||` write a number or a day, which both databases do, rather than ask for a cast of each."""
    return type_coerce(cell, String)


def _safe(text: Text) -> Text:
    """Keep a text from being read as a formula."""
    return case((func.substr(text, 1, 1).in_(FORMULA), "'" + text), else_=text)


def _quoted(text: Text) -> Text:
    return '"' + func.replace(text, '"', '""', type_=String) + '"'
