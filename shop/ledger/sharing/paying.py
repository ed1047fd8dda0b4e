"""Paying parts out in cash, confirming it, and what is still there for whom."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, select

from shop.errors import KeyReused, MoreThanAllotted, NoPart, PayoutUnknown
from shop.extensions import db
from shop.ledger.books import services as books
from shop.ledger.books.models import Posting
from shop.ledger.books.queries import REVERSAL, balance, balances_by_subject
from shop.ledger.sharing.models import Payout, Settlement
from shop.ledger.sharing.queries import stands
from shop.ledger.sharing.rules import ALLOTTED, PAYOUT_STEP, STEP, in_steps, payout_entry
from shop.members.models import Member
from shop.members.queries import by_subject
from shop.money import notes_and_coins
from shop.settings.queries import value_on


@dataclass(frozen=True)
class Purse:
    """What is still there for a member, in cents; `proposed` is what the step lets hand out of it."""

    member: Member
    left: int
    proposed: int

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

    `settlement` or `payout` is where it stands; `confirmed` is False for a payout that waits for its tap.
    """

    day: date
    cents: int
    settlement: int | None = None
    confirmed: bool = True


def step_on(day: date) -> int:
    """Give the smallest piece in cents that payouts use on a day."""
    return int(value_on(PAYOUT_STEP, day, STEP))


def purses(day: date) -> list[Purse]:
    """List who has something left of their parts, by pseudonym."""
    left, step = balances_by_subject(ALLOTTED), step_on(day)
    found = [
        Purse(member, -left[who], in_steps(-left[who], step))
        for who, member in by_subject().items()
        if left.get(who)
    ]
    return sorted(found, key=lambda purse: purse.member.pseudonym)


def purse_of(member_id: int, day: date) -> Purse:
    """Give what is still there for a member. Raises NoPart."""
    member = db.session.get(Member, member_id)
    if member is None or member.subject is None or not member.subject.value:
        raise NoPart
    left = -balance(ALLOTTED, "meals", member.subject.value)
    return Purse(member, left, in_steps(left, step_on(day)))


def pay_out(form_id: str, member_id: int, cents: int, today: date, role: str) -> Payout:
    """Hand a member some of their part, in cash; the same form again is the same payout.

    Raises NoPart, NotAnAmount, MoreThanAllotted, BoxOverdrawn; KeyReused for the same form with other cents.
    """
    before = db.session.scalars(select(Payout).where(Payout.form_id == form_id)).first()
    if before:
        if before.cents != cents:
            raise KeyReused(f"payout:{form_id}")
        return before
    purse = purse_of(member_id, today)
    if cents > purse.left:
        raise MoreThanAllotted(purse.left)
    subject = str(purse.member.subject.value) if purse.member.subject else ""
    entry = books.post(payout_entry(form_id, subject, cents, today, role), today)
    payout = Payout(form_id=form_id, subject=subject, cents=cents, paid_on=today, entry=entry)
    db.session.add(payout)
    db.session.flush()
    return payout


def confirm(payout_id: int) -> Payout:
    """Mark that who it was for received it. Raises PayoutUnknown."""
    payout = payout_of(payout_id)
    payout.confirmed = True
    db.session.flush()
    return payout


def undo_payout(payout_id: int, today: date, role: str, reason: str = "") -> int:
    """Undo a payout whose cash came back, by reversing its entry; give the reversal's number.

    Raises PayoutUnknown.
    """
    return books.reverse(payout_of(payout_id).entry, today, today, role, reason)


def payout_of(payout_id: int) -> Payout:
    """Give a payout. Raises PayoutUnknown."""
    payout = db.session.get(Payout, payout_id)
    if payout is None:
        raise PayoutUnknown
    return payout


def payout_stands() -> ColumnElement[bool]:
    """Say in SQL that a payout was not reversed."""
    return ~exists().where(REVERSAL.reverses == Payout.entry)


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
    lines += [Line(one.paid_on, -one.cents, None, one.confirmed) for one in db.session.scalars(payouts)]
    return sorted(lines, key=lambda line: (line.day, line.cents < 0), reverse=True)
