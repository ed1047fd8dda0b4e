"""Which value of a setting holds on a day."""

from datetime import date
from typing import Any

from sqlalchemy import select

from shop.extensions import db
from shop.settings.models import Setting


def value_on(key: str, day: date, otherwise: Any = None) -> Any:
    """Give the value that holds on this day, or `otherwise` where none does yet."""
    newest = (
        select(Setting.value)
        .where(Setting.key == key, Setting.holds_from <= day)
        .order_by(Setting.holds_from.desc())
        .limit(1)
    )
    found = db.session.execute(newest).first()
    return found.value if found else otherwise


def rows_of(key: str) -> list[Setting]:
    """List every value of a setting, the newest first."""
    rows = select(Setting).where(Setting.key == key).order_by(Setting.holds_from.desc())
    return list(db.session.scalars(rows))
