"""Which value of a setting holds on a day."""

from datetime import date
from typing import Any

from sqlalchemy import Select, select

from shop.extensions import db
from shop.settings.models import Setting


def value_on(key: str, day: date, otherwise: Any = None) -> Any:
    """Give the value that holds on this day, or `otherwise` where none does yet."""
    found = db.session.execute(newest(key, day)).first()
    return found.value if found else otherwise


def newest(key: str, day: date) -> Select[Any]:
    """Ask in SQL for the value that holds on this day."""
    return (
        select(Setting.value)
        .where(Setting.key == key, Setting.holds_from <= day)
        .order_by(Setting.holds_from.desc())
        .limit(1)
    )


def rows_of(key: str) -> list[Setting]:
    """List every value of a setting, the newest first."""
    rows = select(Setting).where(Setting.key == key).order_by(Setting.holds_from.desc())
    return list(db.session.scalars(rows))
