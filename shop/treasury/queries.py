"""What was bought, what is proposed anew, what is owed to pockets, and what the box holds."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased

from shop.extensions import db
from shop.ledger.books.models import Count, JournalEntry, Posting
from shop.ledger.books.queries import balance, balances_by_subject, last_count
from shop.members.models import Member
from shop.treasury.models import Cost
from shop.treasury.rules import BOX, FLOAT, OPENING, POCKETS, UNPAID, CostKind

ALLOTTED = "489110"


@dataclass(frozen=True)
class Box:
    """The cash box of the meals in cents: what it holds, and what of it is spoken for.

    `allotted` was shared and stands to be handed out, `unpaid` is what customers still owe.
    """

    cents: int
    float: int
    allotted: int
    unpaid: int


def box() -> Box:
    """Give what the cash box of the meals should hold."""
    allotted = -sum(balances_by_subject(ALLOTTED).values())
    return Box(balance(BOX, "meals"), -balance(FLOAT, "meals"), allotted, balance(UNPAID, "meals"))


def has_opened() -> bool:
    """Say whether the books were opened with a working float."""
    opening = exists().where(JournalEntry.idempotency_key == OPENING)
    return bool(db.session.scalar(select(opening)))


def not_undone() -> ColumnElement[bool]:
    """Say in SQL that a cost's entry was not reversed."""
    reversal = aliased(JournalEntry)
    return ~exists().where(reversal.reverses == Cost.entry)


def costs_of(week: str) -> list[Cost]:
    """List a week's costs that stand, as they were recorded."""
    return list(db.session.scalars(select(Cost).where(Cost.week == week, not_undone()).order_by(Cost.id)))


def recent_costs(limit: int = 40) -> list[Cost]:
    """List the last costs that stand, the newest first."""
    return list(db.session.scalars(select(Cost).where(not_undone()).order_by(Cost.id.desc()).limit(limit)))


def pockets() -> list[Cost]:
    """List the costs that members paid and were not given back yet, the oldest first."""
    return list(
        db.session.scalars(
            select(Cost)
            .where(Cost.paid_from == POCKETS, Cost.repaid.is_(None), not_undone())
            .order_by(Cost.id)
        )
    )


def payers(costs: list[Cost]) -> Mapping[int, Member]:
    """Give whose pocket each of these costs came from, by the cost's id; none for who is not known."""
    ids = {cost.id: cost.payer.value for cost in costs if cost.payer and cost.payer.value}
    found = {one.id: one for one in db.session.scalars(select(Member).where(Member.id.in_(ids.values())))}
    return {cost: found[member] for cost, member in ids.items() if member in found}


def regular_costs(week: str) -> list[Cost]:
    """List last week's regular costs that this week has not: same kind and same shop."""
    last = db.session.scalar(
        select(func.max(Cost.week)).where(Cost.week < week, Cost.regular.is_(True), not_undone())
    )
    here: set[tuple[CostKind, str]] = {(cost.kind, cost.shop) for cost in costs_of(week)}
    return [cost for cost in costs_of(last or "") if cost.regular and (cost.kind, cost.shop) not in here]


def counts(limit: int = 20) -> list[Count]:
    """List the last counts of the box, the newest first."""
    return list(
        db.session.scalars(select(Count).where(Count.account == BOX).order_by(Count.id.desc()).limit(limit))
    )


def fresh_count() -> Count | None:
    """Give the last count of the box where nothing moved in the box since, else None."""
    last = last_count(BOX)
    if last is None:
        return None
    since = select(Posting.entry).where(Posting.account == BOX, Posting.entry > (last.entry or last.at_seq))
    return None if db.session.scalar(since.limit(1)) else last
