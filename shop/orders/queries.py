"""What pages read of orders; each is a statement or three, whatever the number of orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, case, func, select

from shop.extensions import db, read
from shop.ledger.books.queries import on_documents
from shop.menu.models import Dish, MenuLine, PickupSlot, Week
from shop.menu.rules import DishKind, WeekState
from shop.orders.models import Contact, Order, OrderLine
from shop.orders.rules import (
    HANDED_OVER,
    LIVE,
    OPEN,
    OWING,
    Offer,
    OrderSource,
    OrderState,
    Wanted,
    amount_due,
    document,
    plain,
    still_owed,
)

_TAKEN: ColumnElement[int] = func.coalesce(
    func.sum(case((Order.state.in_(LIVE), OrderLine.quantity), else_=0)), 0
)
# Made once, because building a statement costs more than running it.
_OFFERS = (
    select(MenuLine.id, Dish.kind, MenuLine.price, MenuLine.quota, _TAKEN)
    .join(Dish)
    .outerjoin(OrderLine, OrderLine.line_id == MenuLine.id)
    .outerjoin(Order, Order.number == OrderLine.number)
    .where(MenuLine.week_id == bindparam("week"))
    .group_by(MenuLine.id, Dish.kind, MenuLine.price, MenuLine.quota)
)
_TAKEN_BY_LINE = (
    select(OrderLine.line_id, func.sum(OrderLine.quantity))
    .join(Order)
    .where(Order.week_id == bindparam("week"), Order.state.in_(LIVE))
    .group_by(OrderLine.line_id)
)


def offers(week_id: int) -> dict[int, Offer]:
    """Map each line of a week's menu to what an order meets: price, quota, portions taken."""
    return {
        line: Offer(line, kind is DishKind.MAIN, price, quota, int(portions))
        for line, kind, price, quota, portions in read(_OFFERS, {"week": week_id})
    }


def taken(week_id: int) -> dict[int, int]:
    """Map each line of a week's menu that somebody ordered to its portions in live orders."""
    rows = read(_TAKEN_BY_LINE, {"week": week_id})
    return {line: int(portions) for line, portions in rows}


def ever_ordered(week_id: int) -> set[int]:
    """Name the lines of a week's menu that any order holds, a cancelled one too: they stay on the menu."""
    statement = select(OrderLine.line_id).join(MenuLine).where(MenuLine.week_id == week_id).distinct()
    return set(db.session.scalars(statement))


def mains_taken(week_id: int) -> int:
    """Sum the main portions of a week's live orders: what counts against the cap."""
    statement = (
        select(func.coalesce(func.sum(OrderLine.quantity), 0))
        .join(Order)
        .join(MenuLine, MenuLine.id == OrderLine.line_id)
        .join(Dish)
        .where(Order.week_id == week_id, Order.state.in_(LIVE), Dish.kind == DishKind.MAIN)
    )
    return int(db.session.scalar(statement) or 0)


@dataclass(frozen=True)
class OrderedLine:
    """Portions of a dish in an order; prices in cents."""

    line_id: int
    letter: str
    kind: DishKind
    names: Mapping[str, str]
    allergens: tuple[str, ...]
    quantity: int
    unit_price: int

    @property
    def amount(self) -> int:
        """Give unit price × quantity, in cents."""
        return self.quantity * self.unit_price


@dataclass(frozen=True)
class Ticket:
    """An order as its private page and the desk show it; money in cents.

    `slot` is its start and end, None for a delivery or a sale at the desk. `contact` is empty once forgotten.
    `owed` is below 0 where the house owes.
    """

    number: int
    state: OrderState
    source: OrderSource
    language: str
    token_hash: str
    placed_at: datetime
    changed_at: datetime
    revision: int
    week_id: int
    week_label: str
    week_state: WeekState
    opens_at: datetime
    closes_at: datetime
    place: str
    slot_id: int | None
    slot: tuple[datetime, datetime] | None
    delivery_fee: int | None
    contact: Mapping[str, str]
    lines: tuple[OrderedLine, ...] = ()
    posted: int = field(default=0, repr=False)

    @property
    def delivered(self) -> bool:
        """Say whether the food is brought."""
        return self.delivery_fee is not None

    @property
    def without(self) -> tuple[str, ...]:
        """Give the allergens that the order asks to leave out."""
        return tuple(self.contact.get("without", "").split())

    @property
    def amount(self) -> int:
        """Give what the order costs, in cents."""
        return amount_due(
            (Wanted(line.line_id, line.quantity, line.unit_price) for line in self.lines), self.delivery_fee
        )

    @property
    def owed(self) -> int:
        """Give what is still to pay, in cents."""
        return still_owed(self.state, self.amount, self.posted)

    @property
    def portions(self) -> int:
        """Count the portions of every kind."""
        return sum(line.quantity for line in self.lines)

    @property
    def mains(self) -> int:
        """Count the main portions."""
        return sum(line.quantity for line in self.lines if line.kind is DishKind.MAIN)


def ticket(number: int) -> Ticket | None:
    """Give one order, or None; three statements."""
    found = _tickets(read(_ONE, {"number": number}).all())
    return found[0] if found else None


def tickets(week_id: int) -> list[Ticket]:
    """Give a week's orders that were not cancelled, by number; three statements."""
    return _tickets(read(_OF_WEEK, {"week": week_id}).all())


def number_of(token_hash: str) -> int | None:
    """Find the order of a link by what is kept of it."""
    return db.session.scalar(select(Order.number).where(Order.token_hash == token_hash))


def open_orders(week_id: int) -> list[int]:
    """List the orders that wait for something to happen, by number."""
    statement = select(Order.number).where(Order.week_id == week_id, Order.state.in_(OPEN))
    return list(db.session.scalars(statement.order_by(Order.number)))


def owed(number: int) -> int:
    """Give what an order owes, in cents; 0 where there is no such order."""
    found = ticket(number)
    return found.owed if found else 0


@dataclass(frozen=True)
class Desk:
    """A week's evening: its orders, not yet come first."""

    tickets: tuple[Ticket, ...]

    @property
    def waiting(self) -> tuple[Ticket, ...]:
        """Give the orders still open."""
        return tuple(one for one in self.tickets if one.state in OPEN)

    @property
    def done(self) -> tuple[Ticket, ...]:
        """Give the orders that came, and those that did not."""
        return tuple(one for one in self.tickets if one.state not in OPEN)

    def find(self, text: str) -> tuple["Ticket", ...]:
        """Give the orders whose number or a word of whose name begins with this text; all for none."""
        wanted = plain(text)
        names = ((one, f"{one.number} {plain(one.contact.get('name', ''))}") for one in self.tickets)
        return tuple(one for one, words in names if f" {wanted}" in f" {words}")

    @property
    def came(self) -> int:
        """Count the customers who came, or whose food was brought."""
        return sum(one.state in HANDED_OVER and one.source is not OrderSource.TEAM for one in self.tickets)

    @property
    def expected(self) -> int:
        """Count the customers."""
        return sum(one.source is not OrderSource.TEAM for one in self.tickets)


def desk(week_id: int) -> Desk:
    """Give the desk's list of a week; three statements."""
    return Desk(tuple(sorted(tickets(week_id), key=lambda one: (one.state not in OPEN, one.number))))


_HEADS: Select[*tuple[Any, ...]] = (
    select(
        Order.number,
        Order.state,
        Order.source,
        Order.language,
        Order.token_hash,
        Order.placed_at,
        Order.changed_at,
        Order.revision,
        Week.id,
        Week.label,
        Week.state,
        Week.opens_at,
        Week.closes_at,
        Week.place,
        Order.slot_id,
        PickupSlot.starts_at,
        PickupSlot.ends_at,
        Order.delivery_fee,
        Contact.sealed,
    )
    .join(Week, Week.id == Order.week_id)
    .outerjoin(PickupSlot, PickupSlot.id == Order.slot_id)
    .outerjoin(Contact, Contact.number == Order.number)
    .order_by(Order.number)
)
_ONE = _HEADS.where(Order.number == bindparam("number"))
_OF_WEEK = _HEADS.where(Order.week_id == bindparam("week"), Order.state != OrderState.CANCELLED)
_LINES = (
    select(
        OrderLine.number,
        MenuLine.id,
        MenuLine.letter,
        Dish.kind,
        Dish.names,
        Dish.allergens,
        OrderLine.quantity,
        OrderLine.unit_price,
    )
    .join(MenuLine, MenuLine.id == OrderLine.line_id)
    .join(Dish)
    .where(OrderLine.number.in_(bindparam("numbers", expanding=True)))
    .order_by(MenuLine.position)
)


def _tickets(heads: Sequence[Row[*tuple[Any, ...]]]) -> list[Ticket]:
    numbers = [row[0] for row in heads]
    if not numbers:
        return []
    lines = _lines(numbers)
    posted = on_documents([document(number) for number in numbers], OWING)
    found: list[Ticket] = []
    for *facts, starts_at, ends_at, fee, sealed in heads:
        slot = (starts_at, ends_at) if starts_at else None
        contact = (sealed.value if sealed else None) or {}
        number = facts[0]
        facts += [slot, fee, contact, tuple(lines.get(number, ())), posted[document(number)]]
        found.append(Ticket(*facts))
    return found


def _lines(numbers: Sequence[int]) -> dict[int, list[OrderedLine]]:
    found: dict[int, list[OrderedLine]] = {}
    rows = read(_LINES, {"numbers": numbers})
    for number, line, letter, kind, names, allergens, quantity, price in rows:
        ordered = OrderedLine(line, letter, kind, names, tuple(allergens), quantity, price)
        found.setdefault(number, []).append(ordered)
    return found
