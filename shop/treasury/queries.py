"""What was bought, what is proposed anew, what is owed to pockets and suppliers, and what boxes hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute

from shop.extensions import db, read
from shop.ledger.books.models import Count, JournalEntry, Posting
from shop.ledger.books.queries import REVERSAL, balance, balances_by_subject, last_count, standing_entries
from shop.ledger.books.rules import LIAISON
from shop.members.models import Member
from shop.treasury.models import Cost, Movement
from shop.treasury.rules import (
    BOX,
    CASH,
    FLOAT,
    OLD_DEBTS,
    POCKETS,
    SUPPLIERS,
    UNPAID,
    CostKind,
    MovementKind,
    Spent,
    opening_document,
)

ALLOTTED = "489110"
OLD_OPENING = "opening"
"""What the first books were opened under."""


@dataclass(frozen=True)
class Box:
    """The cash box of a seller in cents: what it holds, and what of it is spoken for.

    `allotted` was shared and stands to be handed out, `unpaid` is what customers still owe.
    """

    cents: int
    float: int
    allotted: int
    unpaid: int


def box(activity: str = "meals") -> Box:
    """Give what the cash box of a seller should hold."""
    allotted = -sum(balances_by_subject(ALLOTTED).values()) if activity == "meals" else 0
    held = balance(CASH[activity], activity)
    return Box(held, -balance(FLOAT, activity), allotted, balance(UNPAID, activity))


def has_opened(activity: str = "meals") -> bool:
    """Say whether a seller's books were opened."""
    return opened_on(activity) is not None


def opened_on(activity: str) -> date | None:
    """Give the day as of which a seller's books were opened, or None."""
    names = [opening_document(activity), *([OLD_OPENING] if activity == "meals" else [])]
    found = [seq for name in names for seq in standing_entries(name)]
    return db.session.get_one(JournalEntry, found[0]).date if found else None


def not_undone(entry: InstrumentedAttribute[Any] = Cost.entry) -> ColumnElement[bool]:
    """Say in SQL that this entry, a cost's where none is named, was not reversed."""
    return ~exists().where(REVERSAL.reverses == entry)


def costs_of(week: str, activity: str = "meals") -> list[Cost]:
    """List a week's costs of a seller that stand, as they were recorded."""
    wanted = (Cost.week == week, Cost.activity == activity, not_undone())
    return list(db.session.scalars(select(Cost).where(*wanted).order_by(Cost.id)))


def recent_costs(activity: str = "meals", limit: int = 40) -> list[Cost]:
    """List a seller's last costs that stand, the newest first."""
    wanted = (Cost.activity == activity, not_undone())
    return list(db.session.scalars(select(Cost).where(*wanted).order_by(Cost.id.desc()).limit(limit)))


def alike(spent: Spent) -> Cost | None:
    """Give a cost of the same seller, day and amount that stands, or None."""
    wanted = (Cost.activity == spent.activity, Cost.spent_on == spent.spent_on, Cost.cents == spent.cents)
    return db.session.scalars(select(Cost).where(*wanted, not_undone()).order_by(Cost.id.desc())).first()


def pockets(activity: str = "meals") -> list[Cost]:
    """List the costs that members paid for a seller and were not given back yet, the oldest first."""
    return _waiting(POCKETS, activity)


def bills(activity: str = "meals") -> list[Cost]:
    """List the suppliers' bills that a seller did not pay yet, the oldest first."""
    return _waiting(SUPPLIERS, activity)


def _waiting(owed: str, activity: str) -> list[Cost]:
    wanted = (Cost.paid_from == owed, Cost.activity == activity, Cost.repaid.is_(None), not_undone())
    return list(db.session.scalars(select(Cost).where(*wanted).order_by(Cost.id)))


def payers(costs: list[Cost]) -> Mapping[int, Member]:
    """Give whose pocket each of these costs came from, by the cost's id; none for who is not known."""
    ids = {cost.id: cost.payer.value for cost in costs if cost.payer and cost.payer.value}
    found = {one.id: one for one in db.session.scalars(select(Member).where(Member.id.in_(ids.values())))}
    return {cost: found[member] for cost, member in ids.items() if member in found}


def regular_costs(week: str, activity: str = "meals") -> list[Cost]:
    """List the regular costs of the last week that had some, which this week has not: same kind and shop."""
    last = db.session.scalar(
        select(func.max(Cost.week)).where(
            Cost.week < week, Cost.activity == activity, Cost.regular.is_(True), not_undone()
        )
    )
    here: set[tuple[CostKind, str]] = {(cost.kind, cost.shop) for cost in costs_of(week, activity)}
    return [
        cost for cost in costs_of(last or "", activity) if cost.regular and (cost.kind, cost.shop) not in here
    ]


def movements(activities: list[str], *kinds: MovementKind, limit: int = 40) -> list[Movement]:
    """List the last movements in these sellers' books that stand, the newest first."""
    wanted = (Movement.activity.in_(activities), Movement.kind.in_(kinds), not_undone(Movement.entry))
    return list(db.session.scalars(select(Movement).where(*wanted).order_by(Movement.id.desc()).limit(limit)))


def liaison_owed(activity: str) -> int:
    """Give what this seller owes the other one, in cents; 0 where it owes nothing."""
    return max(-balance(LIAISON, activity), 0)


def old_debt_left(account: str, activity: str) -> int:
    """Give what is left of a debt that a seller's books opened with, in cents."""
    return old_debts_left(activity)[account]


def old_debts_left(activity: str) -> dict[str, int]:
    """Give what is left, in cents by account, of what a seller owed as its books opened."""
    entries = standing_entries(opening_document(activity))
    before = dict(read(_OPENED, {"entries": entries}).all())
    since = dict(read(_DEBTS_PAID, {"seller": activity}).all())
    return {one: int(before.get(one, 0)) - int(since.get(one, 0)) for one in OLD_DEBTS}


_OPENED = (
    select(Posting.account, -func.sum(Posting.cents))
    .where(Posting.account.in_(OLD_DEBTS), Posting.entry.in_(bindparam("entries", expanding=True)))
    .group_by(Posting.account)
)
_DEBTS_PAID = (
    select(Movement.to_account, func.sum(Movement.cents))
    .where(
        Movement.kind == MovementKind.DEBT,
        Movement.activity == bindparam("seller"),
        not_undone(Movement.entry),
    )
    .group_by(Movement.to_account)
)


def counts(account: str = BOX, limit: int = 20) -> list[Count]:
    """List the last counts of a box, or checks of a bank account, the newest first."""
    wanted = select(Count).where(Count.account == account)
    return list(db.session.scalars(wanted.order_by(Count.id.desc()).limit(limit)))


def undone(found: list[Count]) -> set[int]:
    """Name the counts among these whose difference was undone."""
    entries = {count.entry: count.id for count in found if count.entry}
    reversed_ = select(JournalEntry.reverses).where(JournalEntry.reverses.in_(entries))
    return {entries[seq] for seq in db.session.scalars(reversed_) if seq}


def fresh_count(account: str = BOX) -> Count | None:
    """Give the last count of a box where nothing moved in the box since, else None."""
    last = last_count(account)
    if last is None:
        return None
    since = select(Posting.entry).where(
        Posting.account == account, Posting.entry > (last.entry or last.at_seq)
    )
    return None if db.session.scalar(since.limit(1)) else last


def held_on(account: str, day: date) -> int:
    """Give what an account held at the end of a day, in cents: what it holds less what was dated later."""
    later = (
        select(func.coalesce(func.sum(Posting.cents), 0))
        .join(JournalEntry, JournalEntry.seq == Posting.entry)
        .where(JournalEntry.date > day, Posting.account == account)
    )
    return balance(account) - int(db.session.scalar(later) or 0)
