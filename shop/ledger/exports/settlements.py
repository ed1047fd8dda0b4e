"""settlements.csv: each part of each settlement, against opaque subjects, with the decision that it cites.

Where the group hides the weights, a line tells the parts of a settlement as one sum, of nobody.
"""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import Connection, and_, select
from sqlalchemy.orm import aliased

from shop.decisions.models import Decision
from shop.ledger.books.legs import told_cents, weights_shown
from shop.ledger.books.models import Cycle, JournalEntry, Posting
from shop.ledger.exports import reads
from shop.ledger.exports.reads import Scope
from shop.ledger.exports.tables import Column, Holds, Row, Table, euros
from shop.ledger.sharing.models import Settlement, SettlementCycle


def settlements(connection: Connection, scope: Scope) -> Table:
    """List the parts; a settlement that shared nothing has one line, without a subject."""
    columns = (
        Column("Partage", width=20),
        Column("Jour", Holds.DAY, width=11),
        Column("Vendeur", width=24),
        Column("Semaines", width=24),
        *euros("À partager", "Partagé", "SECU"),
        Column("Bénéficiaire", width=26),
        *euros("Part"),
        Column("Écriture", Holds.NUMBER, width=9),
        Column("Annulée par", Holds.NUMBER, width=9),
        Column("Décision", Holds.NUMBER, width=9),
        Column("Décision valable dès", Holds.DAY, width=11),
    )
    return Table("Partages", "Partages", columns, _rows(connection, scope))


def _rows(connection: Connection, scope: Scope) -> Iterator[Row]:
    shown, told = weights_shown(), told_cents()
    names, undo, columns = reads.sellers(connection), aliased(JournalEntry), Settlement.__table__.c
    wanted = (
        select(columns.id, columns.label, columns.settled_on, columns.activity, columns.distributable)
        .add_columns(columns.shared, columns.secu, columns.entry, columns.decision_id)
        .add_columns(Posting.subject, told.label("cents"))
        .add_columns(undo.seq.label("undone_by"), Decision.holds_from)
        .select_from(Settlement)
        .join(Decision, Decision.id == Settlement.decision_id)
        .outerjoin(
            Posting, and_(Posting.entry == Settlement.entry, Posting.subject.is_not(None), told.is_not(None))
        )
        .outerjoin(undo, undo.reverses == Settlement.entry)
        .where(columns.settled_on.between(scope.first, scope.last), columns.activity.in_(scope.activities))
        .order_by(columns.id, Posting.line)
    )
    weeks = _weeks(connection)
    for row in connection.execute(wanted):
        part = None if row.cents is None else -int(row.cents)
        what = (row.label, row.settled_on, names[row.activity], weeks[row.id])
        cents = (row.distributable, row.shared, row.secu)
        cites = (row.entry, row.undone_by, row.decision_id, row.holds_from)
        yield Row((*what, *cents, row.subject if shown else None, part, *cites))


def _weeks(connection: Connection) -> dict[int, str]:
    """Give the labels of the weeks that each settlement divides."""
    wanted = (
        select(SettlementCycle.settlement_id, Cycle.label)
        .join(Cycle, Cycle.id == SettlementCycle.cycle_id)
        .order_by(Cycle.starts_on)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for settlement, label in connection.execute(wanted):
        found[settlement].append(label)
    return {settlement: " ".join(labels) for settlement, labels in found.items()}
