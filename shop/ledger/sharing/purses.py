"""What is still there for whom, what was handed over, and the story of a part."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from shop.decisions.queries import in_force
from shop.errors import NoPart, PayoutUnknown
from shop.extensions import db
from shop.ledger.books.models import JournalEntry, Posting
from shop.ledger.books.queries import balance, balances_by_subject
from shop.ledger.sharing.models import Payout, Settlement
from shop.ledger.sharing.queries import stands
from shop.ledger.sharing.rules import (
    ADVANCE_BOUND,
    ADVANCED,
    ALLOTTED,
    PAYOUT_STEP,
    STEP,
    WEIGHTS,
    PayoutKind,
    in_steps,
)
from shop.members.models import Member
from shop.members.queries import by_subject
from shop.money import notes_and_coins
from shop.settings.queries import value_on


@dataclass(frozen=True)
class Purse:
    """What is still there for a member, in cents, and what they were advanced and did not pay back yet.

    `back` is what the part pays back of it, `proposed` what the step lets hand out of the rest.
    """

    member: Member
    left: int
    advanced: int
    step: int

    @property
    def back(self) -> int:
        """Give what of the advances the part can pay back."""
        return min(self.advanced, self.left)

    @property
    def proposed(self) -> int:
        """Give the cash to hand over."""
        return in_steps(self.left - self.back, self.step)

    @property
    def pieces(self) -> list[tuple[int, int]]:
        """Give the notes and coins of what is proposed, largest first, as (cents, how many)."""
        return list(notes_and_coins(self.proposed).items())


@dataclass(frozen=True)
class Given:
    """A payout as pages tell it; money in cents. `member` is None where the tie can no longer be read."""

    payout: Payout
    member: Member | None
    left: int

    @property
    def pieces(self) -> list[tuple[int, int]]:
        """Give the notes and coins of the payout, largest first, as (cents, how many)."""
        return list(notes_and_coins(self.payout.cents).items())


@dataclass(frozen=True)
class Line:
    """A day in the story of a part: cents shared to a member (> 0) or handed to them (< 0).

    `settlement` is where it was shared; `advance` says that it came before the part; `confirmed` is False for
    cash that waits for its tap. `taken_back` is what of a part paid back an advance.
    """

    day: date
    cents: int
    settlement: int | None = None
    confirmed: bool = True
    advance: bool = False
    taken_back: int = 0


def step_on(day: date) -> int:
    """Give the smallest piece in cents that payouts use on a day."""
    return int(value_on(PAYOUT_STEP, day, STEP))


def advance_bound(day: date) -> int:
    """Give up to how many cents one person may be advanced on a day; 0 where nothing is decided."""
    found = in_force(ADVANCE_BOUND, day)
    return int(found.value.value or 0) if found else 0


def beneficiaries_on(day: date) -> set[int]:
    """Give the ids of the members who have a weight on a day."""
    found = in_force(WEIGHTS, day)
    return {int(member) for member in found.value.value or ()} if found else set()


def purses(day: date) -> list[Purse]:
    """List who has a weight, something left of their parts or an advance, by pseudonym."""
    left, advanced = balances_by_subject(ALLOTTED), balances_by_subject(ADVANCED)
    step, sharing = step_on(day), beneficiaries_on(day)
    found = [
        Purse(member, -left.get(who, 0), advanced.get(who, 0), step)
        for who, member in by_subject().items()
        if left.get(who) or advanced.get(who) or (member.id in sharing and member.left_on is None)
    ]
    return sorted(found, key=lambda purse: purse.member.pseudonym)


def purse_of(member_id: int, day: date) -> Purse:
    """Give what is still there for a member. Raises NoPart."""
    member = db.session.get(Member, member_id)
    if member is None or member.subject is None or not member.subject.value:
        raise NoPart
    who = member.subject.value
    left, advanced = -balance(ALLOTTED, "meals", who), balance(ADVANCED, "meals", who)
    return Purse(member, left, advanced, step_on(day))


def payout_of(payout_id: int) -> Payout:
    """Give a payout. Raises PayoutUnknown."""
    payout = db.session.get(Payout, payout_id)
    if payout is None:
        raise PayoutUnknown
    return payout


def payout_stands() -> ColumnElement[bool]:
    """Say in SQL that a payout was not reversed."""
    reversal = aliased(JournalEntry)
    return ~exists().where(reversal.reverses == Payout.entry)


def is_given(payout: Payout) -> bool:
    """Say whether a payout was not reversed."""
    return db.session.scalar(select(Payout.id).where(Payout.id == payout.id, payout_stands())) is not None


def given(limit: int = 20) -> list[Given]:
    """List the newest payouts that stand."""
    rows = select(Payout).where(payout_stands()).order_by(Payout.id.desc()).limit(limit)
    who = by_subject()
    return [tell(payout, who.get(payout.subject)) for payout in db.session.scalars(rows)]


def tell(payout: Payout, member: Member | None) -> Given:
    """Tell a payout, with what is still there for whom it was."""
    return Given(payout, member, -balance(ALLOTTED, "meals", payout.subject))


def story_of(subject: str) -> list[Line]:
    """Tell what a subject was given and received, the newest first."""
    parts = db.session.execute(
        select(Settlement.settled_on, Posting.cents, Settlement.id)
        .join(Posting, Posting.entry == Settlement.entry)
        .where(stands(), Posting.account == ALLOTTED, Posting.subject == subject)
    )
    lines = [Line(day, -cents, number) for day, cents, number in parts]
    payouts = select(Payout).where(Payout.subject == subject, payout_stands())
    lines += [
        Line(one.paid_on, -one.cents, None, one.confirmed, one.kind is PayoutKind.ADVANCE, one.taken_back)
        for one in db.session.scalars(payouts)
    ]
    return sorted(lines, key=lambda line: (line.day, line.cents < 0), reverse=True)
