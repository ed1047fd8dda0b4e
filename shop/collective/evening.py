"""How far the close of a week is: the four steps of its page."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from shop.collective.history.queries import money_of
from shop.errors import NothingToShare, SharingRefused
from shop.ledger.books.models import Count, Cycle
from shop.ledger.sharing.explaining import explain, preview, seen_by
from shop.ledger.sharing.models import Settlement
from shop.ledger.sharing.queries import cycle_of, due_with, settlement_of, unsettled_cycles
from shop.ledger.sharing.telling import Explained
from shop.members.models import Member
from shop.menu.rules import WeekFacts
from shop.orders.closing import monday
from shop.orders.queries import Ticket, desk
from shop.treasury.models import Cost
from shop.treasury.queries import Box, box, costs_of, fresh_count, payers, regular_costs


@dataclass(frozen=True)
class Evening:
    """What the close page shows. `refusal` says why nothing can be shared; `told` is what is or would be.

    `due` are the weeks that may be shared together, this one last; `chosen` the ids of those that would be.
    `apart` are those that wait under another version; as all money is one, `own` says what this week left.
    """

    week: WeekFacts
    cycle: Cycle | None
    settlement: Settlement | None
    waiting: tuple[Ticket, ...]
    costs: list[Cost]
    proposed: list[Cost]
    payers: Mapping[int, Member]
    count: Count | None
    box: Box
    apart: tuple[Cycle, ...]
    own: int
    due: tuple[Cycle, ...]
    chosen: frozenset[int]
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


@dataclass(frozen=True)
class Wish:
    """How much to share, None for all there is; the ids of the weeks, as typed, None for all; who asks."""

    amount: int | None = None
    weeks: Collection[str] | None = None
    member_id: int | None = None


def chosen_of(due: Collection[Cycle], weeks: Collection[str] | None, own: int | None) -> list[Cycle]:
    """Give the weeks chosen among those due together: all where nobody chose; always the week itself."""
    return [one for one in due if weeks is None or one.id == own or str(one.id) in weeks]


def evening(week: WeekFacts, wish: Wish) -> Evening:
    """Read how far a week is, and what sharing would give."""
    cycle = cycle_of(week.label)
    settlement = settlement_of(cycle.id) if cycle else None
    would_be = cycle or Cycle(activity="meals", label=week.label, starts_on=monday(week.label))
    due = [] if settlement else due_with(would_be)
    chosen = chosen_of(due, wish.weeks, would_be.id)
    apart = [one for one in unsettled_cycles() if due and one not in due]
    told, refusal = _tell(settlement, chosen, wish.amount)
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
        tuple(apart),
        _own(would_be, week.id) if apart else 0,
        tuple(due),
        frozenset(one.id for one in chosen),
        seen_by(told, wish.member_id) if told else None,
        refusal,
    )


def _own(cycle: Cycle, week_id: int) -> int:
    sales, costs = money_of([cycle], {cycle.label: week_id})
    return sales[cycle.starts_on] - costs[cycle.starts_on]


def _tell(
    settlement: Settlement | None, chosen: list[Cycle], amount: int | None
) -> tuple[Explained | None, SharingRefused | None]:
    if settlement:
        return explain(settlement), None
    try:
        return preview(chosen, amount), None
    except NothingToShare as refusal:
        # Why there is nothing is told all the same.
        return preview(chosen, 0), refusal
    except SharingRefused as refusal:
        return None, refusal
