"""The verbs of the kitchen."""

from datetime import datetime

from shop.extensions import db
from shop.kitchen.models import KitchenSheet
from shop.kitchen.queries import sheet
from shop.menu.rules import WeekFacts


def note_print(week: WeekFacts, now: datetime) -> int:
    """Remember what a sheet says when it is printed; give its version. The same counts keep their version."""
    current = sheet(week, "fr")
    if current.version != current.printed:
        db.session.add(
            KitchenSheet(week_id=week.id, version=current.version, counts=current.counts, printed_at=now)
        )
        db.session.flush()
    return current.version
