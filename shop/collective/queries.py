"""What pages on a week need of several features at once."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, case, func, select

from shop.extensions import db
from shop.orders.models import Order
from shop.orders.rules import LIVE, OrderSource, OrderState


@dataclass(frozen=True)
class Movement:
    """Orders of a week: all that stand, and what came, changed and was cancelled since a moment."""

    orders: int
    added: int
    changed: int
    cancelled: int

    @property
    def any(self) -> bool:
        """Say whether something moved."""
        return bool(self.added or self.changed or self.cancelled)


def movement(week_id: int, since: datetime | None) -> Movement:
    """Count a week's customers' orders and, where a moment is given, what moved since; one statement."""
    mine = (Order.week_id == week_id) & (Order.source != OrderSource.TEAM)
    live = Order.state.in_(LIVE)
    seen = since or datetime.max.replace(tzinfo=UTC)
    old = Order.placed_at <= seen
    late = Order.changed_at > seen
    query = select(
        _count(live),
        _count(live & (Order.placed_at > seen)),
        _count((Order.state == OrderState.PLACED) & old & late & (Order.revision > 1)),
        _count((Order.state == OrderState.CANCELLED) & old & late),
    )
    return Movement(*db.session.execute(query.where(mine)).one())


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def slots_ordered(week_id: int) -> set[int]:
    """Name the slots that any order of a week was made for, a cancelled one too."""
    query = select(Order.slot_id).where(Order.week_id == week_id, Order.slot_id.is_not(None))
    return {slot for slot in db.session.scalars(query.distinct()) if slot is not None}
