"""What the demo's meeting decides and pays out: weights, a bound of advances, envelopes, one advance."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from shop.decisions.services import confirm, propose
from shop.ledger.sharing import paying
from shop.ledger.sharing.purses import purse_of
from shop.ledger.sharing.queries import first_open_day
from shop.ledger.sharing.rules import ADVANCE_BOUND
from shop.transaction import transaction
from shop.weeks import instant, local_day

WRITER, SECOND = "Thym", "Cumin"
"""Who writes down what was decided, and who confirms it."""

TREASURER = "treasurer"
BOUND, ADVANCED, ASKED = 5000, 2000, 20000
"""Cents: what one person may be advanced, what Menthe was, and what Cannelle takes of her part."""

Mates = Mapping[str, int]
"""Members' ids by pseudonym."""


def agree(key: str, value: Any, now: datetime, mates: Mates) -> None:
    """Decide together, everybody being there, for the first week that is not settled yet."""
    from_when = first_open_day(local_day(now))
    written = propose(key, value, from_when, now, written_by=mates[WRITER], present=sorted(mates.values()))
    confirm(written.id, mates[SECOND], now)


def meet(mates: Mates, evening: date, ago: int) -> None:
    """Hold the meeting after the evening of the week that was so many weeks ago."""
    act = MEETINGS.get(ago)
    if act:
        with transaction():
            act(mates, evening + timedelta(days=3))


def _decide_advances_and_pay(mates: Mates, day: date) -> None:
    agree(ADVANCE_BOUND, BOUND, instant(day, time(16)), mates)
    for name in ("Safran", "Menthe", "Cumin"):
        paying.confirm(_pay(mates[name], day))


def _advance_between_two_meetings(mates: Mates, day: date) -> None:
    later = day + timedelta(days=2)
    paying.confirm(
        paying.advance(_form(mates["Menthe"], later), mates["Menthe"], ADVANCED, later, TREASURER).id
    )


def _pay_again(mates: Mates, day: date) -> None:
    """Menthe's part pays her advance back; Cannelle takes some of hers; Safran's waits for her tap."""
    paying.confirm(_pay(mates["Menthe"], day))
    paying.confirm(_pay(mates["Cannelle"], day, ASKED))
    _pay(mates["Safran"], day)


def _pay(member: int, day: date, cents: int | None = None) -> int:
    """Hand over what is there, or so many cents of it; give the payout's id."""
    purse = purse_of(member, day)
    amount = purse.proposed if cents is None else cents
    return paying.pay_out(_form(member, day), member, amount, day, TREASURER, taken_back=purse.back).id


def _form(member: int, day: date) -> str:
    return f"demo-{day}-{member}"


MEETINGS: Mapping[int, Callable[[Mates, date], None]] = {
    4: _decide_advances_and_pay,
    3: _advance_between_two_meetings,
    2: _pay_again,
}
"""What is decided and paid out after each week, by how many weeks ago it was."""
