"""Writing down what was decided, confirming it, disagreeing."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from flask import current_app

from shop.decisions.models import Decision
from shop.decisions.rules import Kind
from shop.errors import DecisionContested, DecisionUnknown, SecondMemberNeeded, ValueUnfit
from shop.extensions import db
from shop.vault import HOUSE, Sealed

KINDS = "decision_kinds"
"""Under this name the app has each feature's kinds, by key."""


def propose(
    key: str, value: Any, holds_from: date, now: datetime, *, written_by: int, present: Collection[int] = ()
) -> Decision:
    """Write a new version of a value: once a second member confirms, it holds from the week of `holds_from`.

    `value` is what json can hold, checked by the kind that the feature gave. Versions are never changed.
    Raises ValueUnfit, or what the kind raises.
    """
    kinds: dict[str, Kind] = current_app.extensions[KINDS]
    if key not in kinds:
        raise ValueUnfit
    kinds[key].check(value)
    told = {"written_by": written_by, "present": sorted(present)}
    decision = Decision(
        key=key,
        value=Sealed(HOUSE, value),
        holds_from=holds_from,
        decided_at=now,
        told=Sealed(HOUSE, told),
    )
    db.session.add(decision)
    db.session.flush()
    return decision


def confirm(decision_id: int, member_id: int, now: datetime) -> Decision:
    """Confirm what another member wrote: it holds at once; confirmed again, it stays as it is.

    Raises DecisionUnknown, DecisionContested, SecondMemberNeeded.
    """
    decision = _decision(decision_id)
    if decision.contested_at:
        raise DecisionContested
    if decision.confirmed_at is None:
        if decision.told is None or decision.told.value["written_by"] == member_id:
            raise SecondMemberNeeded
        decision.confirmed_at = now
        db.session.flush()
    return decision


def contest(decision_id: int, now: datetime) -> Decision:
    """Disagree: the former version holds again for all that is not settled. Nobody asks why, or keeps who.

    Contested again, it stays as it is. Raises DecisionUnknown.
    """
    decision = _decision(decision_id)
    decision.contested_at = decision.contested_at or now
    db.session.flush()
    return decision


def decide(key: str, value: Any, holds_from: date, now: datetime) -> Decision:
    """Write a version that holds at once, where nobody is there to confirm it: in a shop's first minutes."""
    decision = propose(key, value, holds_from, now, written_by=0)
    decision.confirmed_at = now
    db.session.flush()
    return decision


def _decision(decision_id: int) -> Decision:
    decision = db.session.get(Decision, decision_id)
    if decision is None:
        raise DecisionUnknown
    return decision
