"""Decisions for their pages: what holds, what waits, and what each would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from shop.collective.deciding.typed import READERS
from shop.collective.what_if import last_money
from shop.decisions.models import Decision
from shop.decisions.queries import in_force
from shop.extensions import db
from shop.ledger.sharing.queries import first_open_day
from shop.ledger.sharing.rules import SECU, WEIGHTS, read_weights
from shop.members.models import Member
from shop.members.queries import members
from shop.money import allocate
from shop.pages import Viewer
from shop.settings.switches import Switch, uses

AHEAD = 4
"""Weeks from which a decision may be said to hold."""


@dataclass(frozen=True)
class Change:
    """What a member had and would have: weights in hundredths (0 for none), cents of last week's money."""

    member: Member
    before: int
    after: int
    cents_before: int
    cents_after: int


@dataclass(frozen=True)
class Told:
    """A decision as its page tells it, beside the value that it takes the place of.

    `changes` has a line a member where weights are decided; `open` says that something not settled is
    ruled by it, or will be.
    """

    decision: Decision
    value: Any
    before: Any
    changes: Sequence[Change]
    amount: int
    present: Sequence[Member]
    written_by: int
    open: bool


def kinds() -> list[str]:
    """List what can be decided here: nothing about what the group does not use."""
    return [key for key in READERS if key != SECU or uses(Switch.BEER)]


def weeks_ahead(today: date) -> list[date]:
    """List the first days of the weeks from which a decision may hold."""
    first = first_open_day(today)
    return [first + timedelta(weeks=later) for later in range(AHEAD)]


def value_before(key: str, day: date) -> Any:
    """Give the value in force on a day, or None."""
    found = in_force(key, day)
    return found.value.value if found else None


def decisions(limit: int = 30) -> list[Decision]:
    """List what was written down, the newest first."""
    return list(db.session.scalars(select(Decision).order_by(Decision.id.desc()).limit(limit)))


def tell(decision: Decision, today: date) -> Told:
    """Tell a decision for its page."""
    value, told = decision.value.value, (decision.told.value if decision.told else None) or {}
    before = _before(decision)
    amount = last_money() if decision.key == WEIGHTS else 0
    here = {one.id: one for one in db.session.scalars(select(Member))}
    waits = decision.confirmed_at is None
    ruling = in_force(decision.key, max(decision.holds_from, first_open_day(today)))
    return Told(
        decision,
        value,
        before,
        compare(before, value, amount, here) if decision.key == WEIGHTS else (),
        amount,
        [here[one] for one in told.get("present", ()) if one in here],
        told.get("written_by", 0),
        not decision.contested_at and (waits or ruling is decision),
    )


def compare(
    before: Mapping[str, str] | None, after: Mapping[str, str] | None, amount: int, here: Mapping[int, Member]
) -> list[Change]:
    """Set two versions of the weights side by side, with what `amount` cents would give by each."""
    old, new = read_weights(before or {}), read_weights(after or {})
    was, would = (allocate(amount, {str(who): weight for who, weight in by.items()}) for by in (old, new))
    found = [
        Change(here[who], old.get(who, 0), new.get(who, 0), was.get(str(who), 0), would.get(str(who), 0))
        for who in old.keys() | new.keys()
        if who in here
    ]
    return sorted(found, key=lambda one: one.member.pseudonym)


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
