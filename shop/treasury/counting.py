"""Counting cash boxes, checking bank accounts, and handing a box from one holder to the next."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from shop.errors import (
    AccountUnfit,
    AlreadyReversed,
    CountUnknown,
    DayAhead,
    MemberUnknown,
    NothingBooked,
)
from shop.extensions import db
from shop.ledger.books import services as books
from shop.ledger.books.models import Count, JournalEntry
from shop.ledger.books.queries import balance, head, last_count
from shop.ledger.books.rules import MONEY
from shop.members.models import Member
from shop.treasury import rules
from shop.treasury.models import BoxHolder
from shop.treasury.queries import held_on, opened_on
from shop.treasury.rules import BANKS, BOX, CASH
from shop.vault import HOUSE, Sealed


def count_cash(pieces: Mapping[int, int], today: date, role: str, account: str = BOX) -> Count:
    """Write down the notes and coins in a box, and book what they are more or less than expected.

    `pieces` maps a value in cents to how many. The same pieces again, with nothing booked since, are the same
    count. Raises PiecesOutOfRange, AccountUnfit.
    """
    counted = rules.sum_pieces(pieces)
    if account not in CASH.values():
        raise AccountUnfit(account)
    kept = {str(value): many for value, many in sorted(pieces.items(), reverse=True) if many}
    seq = head()[0]
    last = last_count(account)
    if last and last.pieces == kept and (last.entry or last.at_seq) == seq:
        return last
    count = _write(Count(account=account, counted_on=today, pieces=kept, counted=counted), balance(account))
    if counted != count.expected:
        entry = rules.count_entry(count.id, account, counted - count.expected, today, role)
        count.entry = books.post(entry, today)
        db.session.flush()
    return count


def check_bank(account: str, cents: int, day: date, today: date) -> Count:
    """Write down what a bank's statement says of a day, beside what the books held at its end; books nothing.

    The same statement again, with nothing booked since, is the same check. Raises AccountUnfit, DayAhead,
    DayTooOld.
    """
    if account not in BANKS.values():
        raise AccountUnfit(account)
    if day > today:
        raise DayAhead(day)
    rules.check_day(day, opened_on(MONEY[account]), today)
    last = last_count(account)
    if last and (last.counted, last.counted_on, last.at_seq) == (cents, day, head()[0]):
        return last
    return _write(Count(account=account, counted_on=day, pieces={}, counted=cents), held_on(account, day))


def hand_box_over(
    account: str, pieces: Mapping[int, int], holder_id: int, today: date, role: str
) -> BoxHolder:
    """Count a box and write down who holds it from now on; who held it before is forgotten.

    Raises PiecesOutOfRange, AccountUnfit, MemberUnknown.
    """
    count = count_cash(pieces, today, role, account)
    member = db.session.get(Member, holder_id)
    if member is None or member.left_on is not None:
        raise MemberUnknown
    sealed = Sealed(HOUSE, holder_id)
    given = BoxHolder(account=account, holder=sealed, since_on=today, count_id=count.id)
    holding = db.session.merge(given)
    db.session.flush()
    return holding


def undo_count(count_id: int, today: date, role: str, reason: str = "") -> int:
    """Undo the difference that a count booked, by reversing its entry; give the reversal's number.

    Raises CountUnknown, NothingBooked, AlreadyReversed, BoxOverdrawn.
    """
    count = db.session.get(Count, count_id)
    if count is None:
        raise CountUnknown
    if count.entry is None:
        raise NothingBooked
    if db.session.scalar(select(JournalEntry.seq).where(JournalEntry.reverses == count.entry)):
        raise AlreadyReversed(count.entry)
    return books.reverse(count.entry, today, today, role, reason)


def _write(count: Count, expected: int) -> Count:
    count.expected, count.at_seq = expected, head()[0]
    db.session.add(count)
    db.session.flush()
    return count
