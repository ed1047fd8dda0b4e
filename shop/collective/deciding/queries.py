"""Decisions for their pages: what holds, what waits, and what each would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from shop.collective.deciding.previews import Poured, Weighed, dearest_plate, pour, weigh
from shop.collective.deciding.typed import READERS
from shop.decisions.models import Decision
from shop.decisions.queries import in_force
from shop.extensions import db
from shop.ledger.sharing.queries import first_open_day, unsettled_cycles
from shop.ledger.sharing.rules import FUND_SHARES, SECU, WEIGHTS
from shop.members.models import Member
from shop.members.queries import members
from shop.menu.rules import PRICE_BOUNDS
from shop.pages import Viewer
from shop.settings.switches import Switch, used
from shop.weeks import local_day

AHEAD, BACK = timedelta(weeks=3), timedelta(weeks=8)
"""How far from this week a decision may be said to hold; a closed week that waits is always there."""

ABOUT: dict[str, frozenset[Switch]] = {
    SECU: frozenset({Switch.BEER}),
    FUND_SHARES: frozenset({Switch.BEER, Switch.FUNDS}),
    PRICE_BOUNDS: frozenset({Switch.SOLIDARITY}),
}
"""What a group must use for a decision about it."""


@dataclass(frozen=True)
class Told:
    """A decision as its page tells it, beside the value that it takes the place of.

    `weighed` is there where weights are decided, `poured` where funds are, `plate` in cents where prices
    are; `open` says that something not settled is ruled by it, or will be.
    """

    decision: Decision
    value: Any
    before: Any
    weighed: Weighed | None
    poured: Poured | None
    plate: int
    present: Sequence[Member]
    written_by: int
    open: bool


def kinds() -> list[str]:
    """List what can be decided here: nothing about what the group does not use."""
    return [key for key in READERS if ABOUT.get(key, frozenset()) <= used()]


def weeks_ahead(today: date) -> list[date]:
    """List the first days of the weeks from which a decision may hold."""
    first, monday = first_open_day(today), today - timedelta(days=today.weekday())
    day, found = max(first, monday - BACK), {cycle.starts_on for cycle in unsettled_cycles()}
    while day <= max(first, monday) + AHEAD:
        found.add(day)
        day += timedelta(weeks=1)
    return sorted(found)


def value_before(key: str, day: date) -> Any:
    """Give the value in force on a day, or None."""
    found = in_force(key, day)
    return found.value.value if found else None


def decisions(limit: int = 30) -> list[Decision]:
    """List what was written down, the newest first."""
    return list(db.session.scalars(select(Decision).order_by(Decision.id.desc()).limit(limit)))


def tell(decision: Decision, now: datetime) -> Told:
    """Tell a decision for its page."""
    value, told = decision.value.value, (decision.told.value if decision.told else None) or {}
    before = _before(decision)
    today = local_day(now)
    here = {one.id: one for one in db.session.scalars(select(Member))}
    waits = decision.confirmed_at is None
    ruling = in_force(decision.key, max(decision.holds_from, first_open_day(today)))
    return Told(
        decision,
        value,
        before,
        weigh(before, value, here) if decision.key == WEIGHTS else None,
        pour(before, value) if decision.key == FUND_SHARES else None,
        dearest_plate(now) if decision.key == PRICE_BOUNDS else 0,
        [here[one] for one in told.get("present", ()) if one in here],
        told.get("written_by", 0),
        not decision.contested_at and (waits or ruling is decision),
    )


def meeting(who: Viewer | None) -> list[Member]:
    """List who may have been at the meeting, whoever writes first."""
    mates = [one for one in members() if any(role.activity == "meals" for role in one.roles)]
    return sorted(mates, key=lambda one: (who is None or one.id != who.id, one.pseudonym))


def _before(decision: Decision) -> Any:
    """Give the value that held before a decision: of the versions written earlier, the one in force then."""
    former = db.session.scalars(
        select(Decision)
        .where(
            Decision.key == decision.key,
            Decision.id < decision.id,
            Decision.holds_from <= decision.holds_from,
            Decision.confirmed_at.is_not(None),
            Decision.contested_at.is_(None),
        )
        .order_by(Decision.id.desc())
        .limit(1)
    ).first()
    return former.value.value if former else None
