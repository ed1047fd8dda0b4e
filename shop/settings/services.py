"""Changing a setting."""

from datetime import date
from typing import Any

from shop.extensions import db
from shop.settings.models import Setting


def set_from(key: str, day: date, value: Any) -> None:
    """Let a value hold from this day on; said again for the same day, it replaces the one said before."""
    found = db.session.get(Setting, (key, day))
    if found:
        found.value = value
    else:
        db.session.add(Setting(key=key, holds_from=day, value=value))
    db.session.flush()
