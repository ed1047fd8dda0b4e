"""Writing a decision down for weeks that are not settled yet."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from shop.decisions.models import Decision
from shop.decisions.services import propose
from shop.errors import WeekSettled
from shop.ledger.sharing.queries import first_open_day
from shop.weeks import local_day


def write_down(
    key: str, value: Any, holds_from: date, now: datetime, *, written_by: int, present: Collection[int]
) -> Decision:
    """Write down what was decided; it holds from a week that is not settled, once a second member confirms.

    Raises WeekSettled, ValueUnfit, or what the kind of decision raises.
    """
    if holds_from < first_open_day(local_day(now)) or holds_from.weekday():
        raise WeekSettled
    return propose(key, value, holds_from, now, written_by=written_by, present=present)
