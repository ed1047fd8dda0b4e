"""Reads of the weeks that are closed: plates, sales, costs, what was left and what was shared."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from shop.collective.report.queries import orders_of, plates_of
from shop.extensions import db
from shop.ledger.books.models import Account, Cycle, JournalEntry, Posting
from shop.ledger.books.queries import no_year_end, of_seller
from shop.ledger.books.rules import FEWEST, AccountType
from shop.ledger.sharing.models import Settlement, SettlementCycle
from shop.ledger.sharing.queries import stands
from shop.ledger.sharing.rules import AID, ALLOTTED, TO_FUNDS
from shop.menu.models import Week

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
    sales, costs = _money(cycles[0].starts_on)
    labels = [cycle.label for cycle in cycles]
    rows = db.session.execute(select(Week.id, Week.label).where(Week.label.in_(labels)))
    weeks = {row.label: row.id for row in rows}
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


def _money(first: date) -> tuple[Counter[date], Counter[date]]:
    """Sum sales and costs in cents since a day, by the Monday of their week; shares are neither."""
    rows = db.session.execute(
        select(JournalEntry.date, Account.type, func.sum(Posting.cents))
        .join(Posting, Posting.entry == JournalEntry.seq)
        .join(Account, Account.code == Posting.account)
        .where(
            JournalEntry.date >= first,
            of_seller(MEALS),
            no_year_end(),
            Account.type.in_([AccountType.INCOME, AccountType.EXPENSE]),
            Account.code.not_in([AID, TO_FUNDS]),
        )
        .group_by(JournalEntry.date, Account.type)
    )
    sales: Counter[date] = Counter()
    costs: Counter[date] = Counter()
    for day, kind, cents in rows:
        monday = day - timedelta(days=day.weekday())
        if kind is AccountType.INCOME:
            sales[monday] -= int(cents)
        else:
            costs[monday] += int(cents)
    return sales, costs


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
