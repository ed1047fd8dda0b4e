"""Paying parts out in cash, advances on them, and the tap of who received it."""

from datetime import date

from sqlalchemy import select

from shop.errors import (
    AdvancesNotDecided,
    AdvanceTakenBack,
    MoreThanAdvanced,
    MoreThanAllotted,
    MoreThanBound,
    NoPart,
)
from shop.extensions import db
from shop.ledger.books import services as books
from shop.ledger.books.queries import balance
from shop.ledger.books.rules import Entry
from shop.ledger.sharing.models import Payout
from shop.ledger.sharing.purses import advance_bound, beneficiaries_on, payout_of, purse_of
from shop.ledger.sharing.rules import ADVANCED, PayoutKind, advance_entry, payout_entry
from shop.members.services import subject_of


def pay_out(
    form_id: str, member_id: int, cents: int, today: date, role: str, *, taken_back: int = 0
) -> Payout:
    """Hand a member some of their part in cash, of which `taken_back` cents pay back an advance instead.

    The same form again is the same payout. Raises NoPart, NotAnAmount, MoreThanAllotted, MoreThanAdvanced,
    BoxOverdrawn; KeyReused where the same form says something else.
    """
    purse = purse_of(member_id, today)
    subject = subject_of(purse.member)
    entry = payout_entry(form_id, subject, cents, taken_back, day=today, role=role)
    if before := _known(entry, form_id, today):
        return before
    if cents + taken_back > purse.left:
        raise MoreThanAllotted(purse.left)
    if taken_back > purse.advanced:
        raise MoreThanAdvanced(purse.advanced)
    payout = Payout(
        kind=PayoutKind.PART, form_id=form_id, subject=subject, cents=cents, taken_back=taken_back
    )
    return _write(payout, entry, today)


def advance(form_id: str, member_id: int, cents: int, today: date, role: str) -> Payout:
    """Hand a member who has a weight an advance on their next part, in cash, up to the bound decided.

    The same form again is the same advance. Raises NoPart, NotAnAmount, AdvancesNotDecided, MoreThanBound,
    BoxOverdrawn; KeyReused where the same form says something else.
    """
    purse = purse_of(member_id, today)
    subject = subject_of(purse.member)
    entry = advance_entry(form_id, subject, cents, day=today, role=role)
    if before := _known(entry, form_id, today):
        return before
    # Who left has a weight until the group decides anew; what is theirs is paid out, and nothing ahead.
    if member_id not in beneficiaries_on(today) or purse.member.left_on is not None:
        raise NoPart
    bound = advance_bound(today)
    if not bound:
        raise AdvancesNotDecided
    if purse.advanced + cents > bound:
        raise MoreThanBound(max(0, bound - purse.advanced))
    payout = Payout(kind=PayoutKind.ADVANCE, form_id=form_id, subject=subject, cents=cents, taken_back=0)
    return _write(payout, entry, today)


def confirm(payout_id: int) -> Payout:
    """Mark that who it was for received it. Raises PayoutUnknown."""
    payout = payout_of(payout_id)
    payout.confirmed = True
    db.session.flush()
    return payout


def undo_payout(payout_id: int, today: date, role: str, reason: str = "") -> int:
    """Undo a payout or an advance whose cash came back, by reversing its entry; give the reversal's number.

    Raises PayoutUnknown, AdvanceTakenBack.
    """
    payout = payout_of(payout_id)
    if payout.kind is PayoutKind.ADVANCE and balance(ADVANCED, "meals", payout.subject) < payout.cents:
        raise AdvanceTakenBack
    return books.reverse(payout.entry, today, today, role, reason)


def _known(entry: Entry, form_id: str, today: date) -> Payout | None:
    before = db.session.scalars(select(Payout).where(Payout.form_id == form_id)).first()
    if before:
        # The books refuse the form's key where it comes with other content.
        books.post(entry, today)
    return before


def _write(payout: Payout, entry: Entry, today: date) -> Payout:
    payout.paid_on, payout.entry = today, books.post(entry, today)
    db.session.add(payout)
    db.session.flush()
    return payout
