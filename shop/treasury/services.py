"""Recording costs, repaying pockets, counting the box, opening the books."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from shop.errors import CostRepaid, CostUndone, CostUnknown, NothingToRepay
from shop.extensions import db
from shop.ledger.books import services as books
from shop.ledger.books.models import Count, JournalEntry
from shop.ledger.books.queries import balance, head, last_count
from shop.treasury import rules
from shop.treasury.models import Cost
from shop.treasury.queries import regular_costs
from shop.treasury.rules import BOX, POCKETS, Spent
from shop.vault import HOUSE, Sealed


def open_books(cents: int, today: date, role: str) -> int:
    """Book the working float, in cents, that the box starts with; give the entry's number.

    The same float again is the same entry. Raises NotAnAmount; KeyReused where the books were opened with
    another float.
    """
    return books.post(rules.opening_entry(cents, today, role), today)


def record_cost(form_id: str, spent: Spent, today: date, role: str) -> Cost:
    """Record a cost and book it; the same form again gives the same cost.

    Raises NotAnAmount, BoxOverdrawn, DayAhead, PeriodLocked.
    """
    before = db.session.scalars(select(Cost).where(Cost.form_id == form_id)).first()
    if before:
        return before
    entry = rules.cost_entry(form_id, spent, role)
    pocket = spent.paid_from == POCKETS and spent.payer is not None
    cost = Cost(
        form_id=form_id,
        week=spent.week,
        spent_on=spent.spent_on,
        activity=spent.activity,
        kind=spent.kind,
        paid_from=spent.paid_from,
        cents=spent.cents,
        shop=spent.shop,
        regular=spent.regular,
        payer=Sealed(HOUSE, spent.payer) if pocket else None,
        entry=books.post(entry, today),
    )
    db.session.add(cost)
    db.session.flush()
    return cost


def repeat_regular_costs(week: str, today: date, role: str) -> list[Cost]:
    """Record last week's regular costs for this week too; give what was recorded."""
    recorded = []
    for last in regular_costs(week):
        base = f"{week}-{last.id}"
        undone = db.session.scalars(select(Cost.id).where(Cost.form_id.like(f"{base}.%"))).all()
        payer = last.payer.value if last.payer else None
        spent = Spent(last.kind, last.paid_from, last.cents, today, week, last.shop, True, payer)
        recorded.append(record_cost(f"{base}.{len(undone) + 1}", spent, today, role))
    return recorded


def undo_cost(cost_id: int, today: date, role: str) -> int:
    """Undo a cost by reversing its entry; give the reversal's number.

    Raises CostUnknown, CostUndone, CostRepaid.
    """
    cost = _standing(cost_id)
    if cost.repaid:
        raise CostRepaid
    cost.payer = None
    return books.reverse(cost.entry, today, today, role)


def repay(cost_id: int, today: date, role: str) -> int:
    """Give a member back from the box what a cost took from their pocket, and forget whose it was.

    Gives the entry's number, the same when asked again. Raises CostUnknown, CostUndone, NothingToRepay,
    BoxOverdrawn.
    """
    cost = _standing(cost_id)
    if cost.paid_from != POCKETS:
        raise NothingToRepay
    cost.repaid = books.post(rules.repayment_entry(cost.form_id, cost.cents, today, role), today)
    cost.payer = None
    db.session.flush()
    return cost.repaid


def count_cash(pieces: Mapping[int, int], today: date, role: str) -> Count:
    """Write down the notes and coins in the box, and book what they are more or less than expected.

    `pieces` maps a value in cents to how many. The same pieces again, with nothing booked since, are the same
    count. Raises PiecesOutOfRange.
    """
    counted = rules.sum_pieces(pieces)
    kept = {str(value): many for value, many in sorted(pieces.items(), reverse=True) if many}
    seq = head()[0]
    last = last_count(BOX)
    if last and last.pieces == kept and (last.entry or last.at_seq) == seq:
        return last
    expected = balance(BOX, "meals")
    count = Count(
        account=BOX, counted_on=today, pieces=kept, counted=counted, expected=expected, at_seq=seq, entry=None
    )
    db.session.add(count)
    db.session.flush()
    if counted != expected:
        count.entry = books.post(rules.count_entry(count.id, counted - expected, today, role), today)
        db.session.flush()
    return count


def _standing(cost_id: int) -> Cost:
    cost = db.session.get(Cost, cost_id)
    if cost is None:
        raise CostUnknown
    if db.session.scalar(select(JournalEntry.seq).where(JournalEntry.reverses == cost.entry)):
        raise CostUndone
    return cost
