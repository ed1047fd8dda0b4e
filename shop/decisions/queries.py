"""Which version of a value holds on a day."""

from datetime import date

from sqlalchemy import select

from shop.decisions.models import Decision
from shop.extensions import db


def in_force(key: str, day: date) -> Decision | None:
    """Give the version decided last among those that hold on this day, or None."""
    return db.session.scalars(
        select(Decision)
        .where(Decision.key == key, Decision.holds_from <= day)
        .order_by(Decision.id.desc())
        .limit(1)
    ).first()


def history(key: str) -> list[Decision]:
    """List every version of a value, the newest first."""
    return list(db.session.scalars(select(Decision).where(Decision.key == key).order_by(Decision.id.desc())))
