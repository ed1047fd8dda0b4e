"""The orders' sheet of the workbook: what is still open, by number and without anybody's name."""

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from shop.ledger.books.queries import on_documents
from shop.ledger.exports.reads import Scope
from shop.ledger.exports.tables import Column, Holds, Row, Table, euros
from shop.menu.models import Week
from shop.orders.models import Order, OrderLine
from shop.orders.rules import OPEN, OWING, OrderState, document, still_owed

SELLER = "meals"
STATES = {OrderState.PLACED: "passée", OrderState.PACKED: "préparée"}


def open_orders(connection: Connection, scope: Scope) -> Table | None:
    """List the orders that wait for something to happen; None where there are none, or they are another's."""
    if SELLER not in scope.activities:
        return None
    rows = list(_rows(connection))
    columns = (
        Column("Commande", Holds.NUMBER, width=10),
        Column("Semaine", width=10),
        Column("État", width=10),
        Column("Portions", Holds.NUMBER, width=9),
        *euros("Montant", "Reste à payer"),
    )
    return Table("Commandes ouvertes", "Commandes ouvertes", columns, rows) if rows else None


def _rows(connection: Connection) -> Iterator[Row]:
    portions = func.coalesce(func.sum(OrderLine.quantity), 0)
    dishes = func.coalesce(func.sum(OrderLine.quantity * OrderLine.unit_price), 0)
    wanted = (
        select(Order.number, Week.label, Order.state, portions, dishes + func.coalesce(Order.delivery_fee, 0))
        .join(Week, Week.id == Order.week_id)
        .outerjoin(OrderLine, OrderLine.number == Order.number)
        .where(Order.state.in_(OPEN))
        .group_by(Order.number, Week.label, Order.state, Order.delivery_fee)
        .order_by(Order.number)
    )
    found = connection.execute(wanted).all()
    posted = on_documents([document(row.number) for row in found], OWING) if found else {}
    for number, week, state, many, amount in found:
        owed = still_owed(state, int(amount), posted[document(number)])
        yield Row((number, week, STATES[state], int(many), int(amount), owed))
