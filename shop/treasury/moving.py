"""Money that moves and is no cost: gifts, cash to the bank and back, one seller paying the other."""

from datetime import date

from sqlalchemy import select

from shop.errors import AlreadyReversed, MoreThanOwed, MovementUnknown
from shop.extensions import db
from shop.ledger.books import services as books
from shop.ledger.books.models import JournalEntry
from shop.treasury import rules
from shop.treasury.models import Movement
from shop.treasury.queries import liaison_owed, old_debt_left, opened_on
from shop.treasury.rules import Moved, MovementKind


def move(form_id: str, moved: Moved, today: date, role: str) -> Movement:
    """Record a movement and book it, on the first open day from its own on; the same form is the same one.

    Raises NotAnAmount, AccountUnfit, BoxOverdrawn, DayAhead, DayTooOld; MoreThanOwed where one seller would
    pay the other, or an old debt, more than is owed; KeyReused where the same form says something else.
    """
    before = db.session.scalars(select(Movement).where(Movement.form_id == form_id)).first()
    entry = rules.movement_entry(form_id, moved, books.open_day(moved.happened_on), role)
    if before:
        books.post(entry, today)
        return before
    rules.check_day(moved.happened_on, opened_on(moved.activity), today)
    _check_owed(moved)
    movement = Movement(
        form_id=form_id,
        kind=moved.kind,
        activity=moved.activity,
        happened_on=moved.happened_on,
        cents=moved.cents,
        from_account=moved.from_account,
        to_account=moved.to_account,
        fund=moved.fund,
        entry=books.post(entry, today),
    )
    db.session.add(movement)
    db.session.flush()
    return movement


def undo_movement(movement_id: int, today: date, role: str, reason: str = "") -> int:
    """Undo a movement by reversing its entry; give the reversal's number.

    Raises MovementUnknown, AlreadyReversed, BoxOverdrawn.
    """
    movement = db.session.get(Movement, movement_id)
    if movement is None:
        raise MovementUnknown
    if db.session.scalar(select(JournalEntry.seq).where(JournalEntry.reverses == movement.entry)):
        raise AlreadyReversed(movement.entry)
    return books.reverse(movement.entry, today, today, role, reason)


def _check_owed(moved: Moved) -> None:
    if moved.kind is MovementKind.LIAISON:
        owed = liaison_owed(moved.activity)
    elif moved.kind is MovementKind.DEBT:
        owed = old_debt_left(moved.to_account or "", moved.activity)
    else:
        return
    if moved.cents > owed:
        raise MoreThanOwed(owed)
