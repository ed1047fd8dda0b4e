"""An order and its week as the verbs read them under the write lock, and an order's next state written."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from shop.errors import CycleClosed, NotYetOpen, OrderUnknown, WeekCancelled
from shop.extensions import db, read
from shop.menu.models import Week
from shop.menu.rules import WeekState
from shop.orders.models import Order, OrderLine
from shop.orders.rules import OrderSource, OrderState
from shop.weeks import is_open

_TERMS = select(
    Week.id, Week.label, Week.state, Week.opens_at, Week.closes_at, Week.cap, Week.delivery_fee
).where(Week.id == bindparam("week"))
_FACTS = select(
    Order.number,
    Order.week_id,
    Order.state,
    Order.source,
    Order.slot_id,
    Order.delivery_fee,
    Order.revision,
).where(Order.number == bindparam("number"))


@dataclass(frozen=True)
class WeekTerms:
    """What a week lets one order: its times, cap in main portions, fee in cents or None."""

    id: int
    label: str
    state: WeekState
    opens_at: datetime
    closes_at: datetime
    cap: int
    delivery_fee: int | None


@dataclass(frozen=True)
class OrderFacts:
    """An order's own row as the verbs need it."""

    number: int
    week_id: int
    state: OrderState
    source: OrderSource
    slot_id: int | None
    delivery_fee: int | None
    revision: int


def load_terms(week_id: int) -> WeekTerms:
    """Read what a week lets one order. Raises LookupError where there is no such week."""
    row = read(_TERMS, {"week": week_id}).one_or_none()
    if row is None:
        raise LookupError(week_id)
    return WeekTerms(*row)


def check_time(terms: WeekTerms, now: datetime, by_member: bool) -> None:
    """Refuse an order outside its time: `opens_at <= now < closes_at`, for members until the week is closed.

    Raises NotYetOpen, CycleClosed, WeekCancelled.
    """
    if terms.state is WeekState.CANCELLED:
        raise WeekCancelled
    if terms.state is WeekState.DRAFT or now < terms.opens_at:
        raise NotYetOpen(terms.opens_at)
    if terms.state is WeekState.CLOSED or not (by_member or is_open(terms.opens_at, terms.closes_at, now)):
        raise CycleClosed(terms.closes_at)


def lock_order(number: int) -> OrderFacts:
    """Read an order under the write lock. Raises OrderUnknown."""
    row = read(_FACTS, {"number": number}).one_or_none()
    if row is None:
        raise OrderUnknown
    return OrderFacts(*row)


def load_lines(number: int) -> dict[int, int]:
    """Map each line that an order holds to its portions."""
    lines = select(OrderLine.line_id, OrderLine.quantity).where(OrderLine.number == number)
    return dict(db.session.execute(lines).all())


def set_state(order: OrderFacts, state: OrderState, now: datetime) -> None:
    """Write an order's new state."""
    values = {"state": state, "changed_at": now, "revision": order.revision + 1}
    db.session.execute(update(Order).where(Order.number == order.number).values(values))
