"""Which version of a value holds on a day, and which wait for a second member."""

from datetime import date

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from shop.decisions.models import Decision
from shop.extensions import db


def holds() -> ColumnElement[bool]:
    """Say in SQL that a decision was confirmed and nobody contested it."""
    return Decision.confirmed_at.is_not(None) & Decision.contested_at.is_(None)


def in_force(key: str, day: date) -> Decision | None:
    """Give the version decided last among those that hold on this day, or None."""
    return db.session.scalars(
        select(Decision)
        .where(Decision.key == key, Decision.holds_from <= day, holds())
        .order_by(Decision.id.desc())
        .limit(1)
    ).first()


def history(key: str) -> list[Decision]:
    """List the versions of a value that hold or held, the newest first."""
    versions = select(Decision).where(Decision.key == key, holds()).order_by(Decision.id.desc())
    return list(db.session.scalars(versions))


def waiting() -> list[Decision]:
    """List what was written and waits for a second member, the oldest first."""
    unconfirmed = Decision.confirmed_at.is_(None) & Decision.contested_at.is_(None)
    return list(db.session.scalars(select(Decision).where(unconfirmed).order_by(Decision.id)))


def contested() -> list[Decision]:
    """List what a member disagreed with and nobody has decided anew since, the oldest first."""
    newer = aliased(Decision)
    again = exists().where(newer.key == Decision.key, newer.id > Decision.id)
    talked_of = select(Decision).where(Decision.contested_at.is_not(None), ~again).order_by(Decision.id)
    return list(db.session.scalars(talked_of))
