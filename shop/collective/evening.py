"""How far the close of a week is: the four steps of its page."""

from collections.abc import Mapping
from dataclasses import dataclass

from shop.errors import SharingRefused
from shop.ledger.books.models import Count, Cycle
from shop.ledger.sharing.explaining import explain, preview
from shop.ledger.sharing.models import Settlement
from shop.ledger.sharing.queries import cycle_of, due_with, settlement_of
from shop.ledger.sharing.telling import Explained
from shop.members.models import Member
from shop.menu.rules import WeekFacts
from shop.orders.closing import monday
from shop.orders.queries import Ticket, desk
from shop.treasury.models import Cost
from shop.treasury.queries import Box, box, costs_of, fresh_count, payers, regular_costs


@dataclass(frozen=True)
class Evening:
    """What the close page shows. `refusal` says why `told`, what is or would be shared, cannot be told."""

    week: WeekFacts
    cycle: Cycle | None
    settlement: Settlement | None
    waiting: tuple[Ticket, ...]
    costs: list[Cost]
    proposed: list[Cost]
    payers: Mapping[int, Member]
    count: Count | None
    box: Box
    told: Explained | None
    refusal: SharingRefused | None

    @property
    def spent(self) -> int:
        """Sum the week's costs, in cents."""
        return sum(cost.cents for cost in self.costs)

    @property
    def done(self) -> tuple[bool, bool, bool, bool]:
        """Say of each step whether it is done."""
        shared = self.settlement is not None
        bought = bool(self.costs) and not self.proposed
        return (not self.waiting, bought or shared, self.count is not None or shared, shared)

    @property
    def ready(self) -> bool:
        """Say whether the week can be closed and shared."""
        return self.cycle is not None or (self.done[0] and self.done[2])


def evening(week: WeekFacts, amount: int | None) -> Evening:
    """Read how far a week is, and what sharing `amount` cents, or all, would give."""
    cycle = cycle_of(week.label)
    settlement = settlement_of(cycle.id) if cycle else None
    told, refusal = _tell(week, cycle, settlement, amount)
    costs = costs_of(week.label)
    return Evening(
        week,
        cycle,
        settlement,
        desk(week.id).waiting,
        costs,
        [] if settlement else regular_costs(week.label),
        payers(costs),
        fresh_count(),
        box(),
        told,
        refusal,
    )


def _tell(
    week: WeekFacts, cycle: Cycle | None, settlement: Settlement | None, amount: int | None
) -> tuple[Explained | None, SharingRefused | None]:
    if settlement:
        return explain(settlement), None
    would_be = cycle or Cycle(activity="meals", label=week.label, starts_on=monday(week.label))
    try:
        return preview(due_with(would_be), amount), None
    except SharingRefused as refusal:
        return None, refusal
