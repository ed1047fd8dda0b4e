"""Reads of the weeks that are closed: plates, sales, costs, what was left and what was shared."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Result, func, select

from shop.collective.report.queries import orders_of, plates_of
from shop.extensions import db
from shop.ledger.books.models import Account, Cycle, JournalEntry, Posting
from shop.ledger.books.queries import no_year_end, of_seller
from shop.ledger.books.rules import FEWEST, AccountType
from shop.ledger.sharing.models import Settlement, SettlementCycle
from shop.ledger.sharing.queries import stands
from shop.ledger.sharing.rules import AID, ALLOTTED, TO_FUNDS
from shop.menu.models import Week
from shop.orders.models import Order
from shop.orders.rules import document
from shop.treasury.models import Cost

MEALS = "meals"


@dataclass(frozen=True)
class Past:
    """A closed week: portions handed over and cents; None where a figure would be of fewer than three people.

    `parts` is what was shared at the settlement that this week was the last of; 0 where it shared nothing.
    Where one or two customers came, the costs alone are told: all the rest would tell what they bought.
    """

    day: date
    plates: int | None
    sales: int | None
    costs: int
    parts: int | None

    @property
    def left(self) -> int | None:
        """Give what the week left, below 0 where it cost more than it brought."""
        return None if self.sales is None else self.sales - self.costs


def past_weeks(many: int | None) -> list[Past]:
    """List the last closed weeks of the meals, the oldest first; all of them where `many` is None."""
    newest = select(Cycle).where(Cycle.activity == MEALS).order_by(Cycle.starts_on.desc())
    cycles = list(db.session.scalars(newest.limit(many) if many else newest))[::-1]
    if not cycles:
        return []
    labels = [cycle.label for cycle in cycles]
    rows = db.session.execute(select(Week.id, Week.label).where(Week.label.in_(labels)))
    weeks = {row.label: row.id for row in rows}
    sales, costs = money_of(cycles, weeks)
    plates, orders = plates_of(list(weeks.values())), orders_of(list(weeks.values()))
    parts = _parts([cycle.id for cycle in cycles])
    few = {week for week, many in orders.items() if many < FEWEST}
    return [
        Past(
            cycle.starts_on,
            sum(plates[week].values()) if week in orders and week not in few else None,
            sales[cycle.starts_on] if week not in few else None,
            costs[cycle.starts_on],
            parts.get(cycle.id, 0) if week not in few else None,
        )
        for cycle, week in ((cycle, weeks.get(cycle.label, 0)) for cycle in cycles)
    ]


def money_of(cycles: Sequence[Cycle], weeks: Mapping[str, int]) -> tuple[Counter[date], Counter[date]]:
    """Sum sales and costs in cents by the first day of the week they are of; shares are neither.

    An order and a cost say their week themselves, as they may be booked later; all else is of its own day's.
    """
    starts = {cycle.label: cycle.starts_on for cycle in cycles}
    ids = {weeks[label]: day for label, day in starts.items() if label in weeks}
    ordered = db.session.execute(select(Order.number, Order.week_id).where(Order.week_id.in_(ids)))
    of_order = {document(row.number): ids[row.week_id] for row in ordered}
    bought = db.session.execute(select(Cost.entry, Cost.week).where(Cost.week.in_(starts)))
    of_cost = {row.entry: starts[row.week] for row in bought}
    sales: Counter[date] = Counter()
    costs: Counter[date] = Counter()
    for row in _booked(cycles[0].starts_on):
        monday = row.date - timedelta(days=row.date.weekday())
        day = of_order.get(row.document) or of_cost.get(row.reverses or row.seq) or monday
        if row.type is AccountType.INCOME:
            sales[day] -= int(row.cents)
        else:
            costs[day] += int(row.cents)
    return sales, costs


def _booked(first: date) -> Result[Any]:
    """Sum each entry's income and expenses since a day, in the books' signs."""
    about = (JournalEntry.seq, JournalEntry.reverses, JournalEntry.document, JournalEntry.date, Account.type)
    return db.session.execute(
        select(*about, func.sum(Posting.cents).label("cents"))
        .join(Posting, Posting.entry == JournalEntry.seq)
        .join(Account, Account.code == Posting.account)
        .where(
            JournalEntry.date >= first,
            of_seller(MEALS),
            no_year_end(),
            Account.type.in_([AccountType.INCOME, AccountType.EXPENSE]),
            Account.code.not_in([AID, TO_FUNDS]),
        )
        .group_by(*about)
    )


def _parts(cycles: Sequence[int]) -> dict[int, int | None]:
    """Give what was shared in cents, by the last week of each settlement."""
    people = (
        select(func.count(Posting.subject.distinct()))
        .where(Posting.entry == Settlement.entry, Posting.account == ALLOTTED)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(func.max(SettlementCycle.cycle_id), Settlement.shared, people)
        .join(Settlement, Settlement.id == SettlementCycle.settlement_id)
        .where(stands(), SettlementCycle.cycle_id.in_(cycles))
        .group_by(Settlement.id, Settlement.shared, Settlement.entry)
    )
    return {cycle: shared if not shared or many >= FEWEST else None for cycle, shared, many in rows}
