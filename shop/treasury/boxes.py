"""What each box and bank account should hold, when it was counted, and who holds it."""

from dataclasses import dataclass

from sqlalchemy import select

from shop.extensions import db
from shop.ledger.books.models import Count
from shop.ledger.books.queries import balance, last_count
from shop.members.models import Member
from shop.treasury.models import BoxHolder
from shop.treasury.rules import CASH


@dataclass(frozen=True)
class Held:
    """A cash box and who has it: what it should hold in cents, its last count, and its holder where known."""

    account: str
    activity: str
    cents: int
    count: Count | None
    holder: Member | None


def boxes(activities: list[str]) -> list[Held]:
    """List the cash boxes of these sellers."""
    holders = holders_of([CASH[activity] for activity in activities])
    return [
        Held(account, activity, balance(account), last_count(account), holders.get(account))
        for activity in activities
        if (account := CASH[activity])
    ]


def holders_of(accounts: list[str]) -> dict[str, Member]:
    """Give who holds each of these boxes, where somebody does."""
    rows = db.session.scalars(select(BoxHolder).where(BoxHolder.account.in_(accounts)))
    ids = {row.account: row.holder.value for row in rows if row.holder.value}
    found = {one.id: one for one in db.session.scalars(select(Member).where(Member.id.in_(ids.values())))}
    return {account: found[member] for account, member in ids.items() if member in found}
