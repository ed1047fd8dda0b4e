"""Recording costs, undoing them, and paying back who waits for the money."""

from datetime import date

from sqlalchemy import select

from shop.errors import CostRepaid, CostUndone, CostUnknown, NothingToRepay, PerhapsTwice
from shop.extensions import db
from shop.ledger.books import services as books
from shop.ledger.books.models import JournalEntry
from shop.ledger.books.queries import current_key
from shop.treasury import rules
from shop.treasury.models import Cost, CostLine
from shop.treasury.queries import alike, opened_on, pockets, regular_costs
from shop.treasury.rules import CASH, POCKETS, SUPPLIERS, Line, Spent
from shop.vault import HOUSE, Sealed


def record_cost(form_id: str, spent: Spent, today: date, role: str, another: bool = False) -> Cost:
    """Record a cost and book it, on the first open day from its own on; the same form gives the same cost.

    `another` says that a cost alike is another one, and no second record of the same. Raises NotAnAmount,
    AccountUnfit, TooManyLines, LinesOffBy, PerhapsTwice, BoxOverdrawn, DayAhead, DayTooOld;
    KeyReused where the same form says something else.
    """
    before = db.session.scalars(select(Cost).where(Cost.form_id == form_id)).first()
    entry = rules.cost_entry(form_id, spent, books.open_day(spent.spent_on), role)
    if before:
        books.post(entry, today)
        return before
    rules.check_day(spent.spent_on, opened_on(spent.activity), today)
    twin = None if another else alike(spent)
    if twin:
        raise PerhapsTwice(twin.id, twin.cents, twin.spent_on, twin.shop)
    pocket = spent.paid_from == POCKETS and spent.payer is not None
    cost = Cost(
        form_id=form_id,
        week=spent.week,
        spent_on=spent.spent_on,
        activity=spent.activity,
        kind=next(iter(spent.by_kind)),
        paid_from=spent.paid_from,
        cents=spent.cents,
        shop=spent.shop,
        regular=spent.regular,
        payer=Sealed(HOUSE, spent.payer) if pocket else None,
        entry=books.post(entry, today),
        lines=[
            CostLine(line=number, kind=line.kind, cents=line.cents, goods=line.goods)
            for number, line in enumerate(spent.lines, 1)
        ],
    )
    db.session.add(cost)
    db.session.flush()
    return cost


def repeat_regular_costs(week: str, today: date, role: str, activity: str = "meals") -> list[Cost]:
    """Record a seller's regular costs of last week for this week too; give what was recorded.

    What a pocket paid and was given back comes from the box this time: whose pocket it was is forgotten.
    """
    recorded = []
    for last in regular_costs(week, activity):
        base = f"{week}-{last.id}"
        undone = db.session.scalars(select(Cost.id).where(Cost.form_id.like(f"{base}.%"))).all()
        spent = as_last_time(last, today, week)
        recorded.append(record_cost(f"{base}.{len(undone) + 1}", spent, today, role, another=True))
    return recorded


def as_last_time(last: Cost, today: date, week: str) -> Spent:
    """Tell a cost again, for another week, as far as it is still known."""
    payer = last.payer.value if last.payer else None
    forgotten = last.paid_from == POCKETS and payer is None
    paid_from = CASH[last.activity] if forgotten else last.paid_from
    lines = tuple(Line(line.kind, line.cents, line.goods) for line in last.lines)
    return Spent(last.kind, paid_from, last.cents, today, week, last.shop, True, payer, last.activity, lines)


def undo_cost(cost_id: int, today: date, role: str, reason: str = "") -> int:
    """Undo a cost by reversing its entry; give the reversal's number.

    Raises CostUnknown, CostUndone, CostRepaid.
    """
    cost = _standing(cost_id)
    if cost.repaid:
        raise CostRepaid
    cost.payer = None
    return books.reverse(cost.entry, today, today, role, reason)


def repay(cost_id: int, today: date, role: str, paid_from: str | None = None) -> int:
    """Give a member back what a cost took from their pocket, and forget whose it was.

    The money comes from `paid_from`, or from the seller's own box. Gives the entry's number, the same when
    asked again. Raises CostUnknown, CostUndone, NothingToRepay, AccountUnfit, BoxOverdrawn.
    """
    return _pay_back(cost_id, POCKETS, today, role, paid_from)


def repay_member(
    member_id: int, activity: str, today: date, role: str, paid_from: str | None = None
) -> list[int]:
    """Give a member back all that one seller's costs took from their pocket; give the entries' numbers.

    Raises NothingToRepay, AccountUnfit, BoxOverdrawn.
    """
    mine = [cost for cost in pockets(activity) if cost.payer and cost.payer.value == member_id]
    if not mine:
        raise NothingToRepay
    return [repay(cost.id, today, role, paid_from) for cost in mine]


def pay_bill(cost_id: int, today: date, role: str, paid_from: str | None = None) -> int:
    """Pay a supplier's bill from a box or a bank, the seller's own box where none is named.

    Gives the entry's number, the same when asked again. Raises CostUnknown, CostUndone, NothingToRepay,
    AccountUnfit, BoxOverdrawn.
    """
    return _pay_back(cost_id, SUPPLIERS, today, role, paid_from)


def undo_repayment(cost_id: int, today: date, role: str, reason: str = "", payer: int | None = None) -> int:
    """Undo what paid a pocket or a bill: it is owed again. Whose pocket it is was forgotten: `payer` says it.

    Gives the reversal's number. Raises CostUnknown, CostUndone, NothingToRepay where it is not paid back.
    """
    cost = _standing(cost_id)
    if cost.repaid is None:
        raise NothingToRepay
    seq = books.reverse(cost.repaid, today, today, role, reason)
    cost.repaid = None
    if cost.paid_from == POCKETS and payer is not None:
        cost.payer = Sealed(HOUSE, payer)
    db.session.flush()
    return seq


def told(cost: Cost) -> Spent:
    """Give a cost as it was told, without whose pocket it was."""
    return Spent(
        cost.kind,
        cost.paid_from,
        cost.cents,
        cost.spent_on,
        cost.week,
        cost.shop,
        cost.regular,
        None,
        cost.activity,
        tuple(Line(line.kind, line.cents, line.goods) for line in cost.lines),
    )


def _pay_back(cost_id: int, owed: str, today: date, role: str, paid_from: str | None) -> int:
    cost = _standing(cost_id)
    if cost.paid_from != owed:
        raise NothingToRepay
    if cost.repaid:
        return cost.repaid
    key = current_key(f"cost:{cost.form_id}:repaid")
    source = paid_from or CASH[cost.activity]
    entry = rules.repayment_entry(key, cost.form_id, told(cost), source, day=today, role=role)
    cost.repaid = books.post(entry, today)
    cost.payer = None
    db.session.flush()
    return cost.repaid


def _standing(cost_id: int) -> Cost:
    cost = db.session.get(Cost, cost_id)
    if cost is None:
        raise CostUnknown
    if db.session.scalar(select(JournalEntry.seq).where(JournalEntry.reverses == cost.entry)):
        raise CostUndone
    return cost
