"""funds.csv: what each fund held, got and gave, year by year."""

from collections.abc import Iterator

from sqlalchemy import Connection, case, func, or_, select
from sqlalchemy.orm import aliased

from shop.ledger.books.models import Account, Balance, JournalEntry, Posting
from shop.ledger.books.rules import EntryKind
from shop.ledger.exports import reads
from shop.ledger.exports.reads import Scope
from shop.ledger.exports.statements import years_of
from shop.ledger.exports.tables import Column, Holds, Row, Table, euros

FUND = "139"
"""With what the code of a fund begins."""

GUARANTEES, ADVANCED = "139300", "415100"
"""The fund that revolves, and what of it is lent out."""


def funds(connection: Connection, scope: Scope) -> Table:
    """List the funds of the scope's sellers, a line for each year in which there was something in them."""
    columns = (
        Column("Vendeur", width=24),
        Column("Fonds", width=32),
        Column("Compte", width=9),
        Column("Année", Holds.NUMBER, width=7),
        *euros("Au début", "Entrées", "Sorties", "À la fin", "Dont prêté"),
    )
    return Table("Fonds", "Fonds affectés", columns, _rows(connection, scope), 3)


def _rows(connection: Connection, scope: Scope) -> Iterator[Row]:
    names = reads.sellers(connection)
    for activity in scope.activities:
        used = (
            select(Account.code, Account.label)
            .join(Balance, Balance.account == Account.code)
            .where(Balance.activity == activity, Account.code.startswith(FUND))
            .order_by(Account.code)
        )
        for code, label in connection.execute(used).all():
            for year in years_of(scope)[1:]:
                opening, came, went = _moves(connection, year, activity, code)
                lent = _lent(connection, year, activity) if code == GUARANTEES else None
                cells = (opening, came, went, opening + came - went, lent)
                if any(cells):
                    yield Row((names[activity], label, code, year.first.year, *cells))


def _moves(connection: Connection, year: Scope, activity: str, code: str) -> tuple[int, int, int]:
    """Give what a fund held at first, got and gave, in cents.

    An opening entry counts as held at first, and a reversal takes back what it undoes.
    """
    undone = aliased(JournalEntry)
    event = func.coalesce(undone.kind, JournalEntry.kind)
    before = or_(JournalEntry.date < year.first, event == EntryKind.OPENING)
    into = or_(
        (JournalEntry.kind != EntryKind.REVERSAL) & (Posting.cents < 0),
        (JournalEntry.kind == EntryKind.REVERSAL) & (Posting.cents > 0),
    )
    wanted = (
        select(
            *(
                func.coalesce(func.sum(case((which, Posting.cents), else_=0)), 0)
                for which in (before, ~before & into, ~before & ~into)
            )
        )
        .join(JournalEntry, JournalEntry.seq == Posting.entry)
        .outerjoin(undone, undone.seq == JournalEntry.reverses)
        .where(Posting.account == code, Posting.activity == activity, JournalEntry.date <= year.last)
    )
    opening, came, went = connection.execute(wanted).one()
    return -int(opening), -int(came), int(went)


def _lent(connection: Connection, year: Scope, activity: str) -> int:
    which = (JournalEntry.date <= year.last) & (Posting.account == ADVANCED)
    return sum(cents for _, cents in reads.sums(connection, which, activity))
