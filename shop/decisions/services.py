"""Writing down what was decided."""

from datetime import date, datetime
from typing import Any

from shop.decisions.models import Decision
from shop.extensions import db
from shop.vault import HOUSE, Sealed


def decide(key: str, value: Any, holds_from: date, now: datetime) -> Decision:
    """Write a new version of a value, which holds from the week of `holds_from` until a newer one does.

    `value` is what json can hold, checked by the feature whose value it is. Versions are never changed.
    """
    decision = Decision(key=key, value=Sealed(HOUSE, value), holds_from=holds_from, decided_at=now)
    db.session.add(decision)
    db.session.flush()
    return decision
