"""What a decision would change, in last week's money, in the beer's margin, in the price of a plate."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shop.collective.starting.queries import account_names
from shop.collective.what_if import last_money
from shop.ledger.books.queries import distributable
from shop.ledger.sharing.rules import EQUAL_FUNDS, JARS, MARGIN_FUNDS, read_fund_shares, read_weights
from shop.members.models import Member
from shop.menu.queries import menu_lines, weeks
from shop.menu.rules import DishKind, WeekState
from shop.money import allocate


@dataclass(frozen=True)
class Change:
    """What a member had and would have: weights in hundredths (0 for none), cents of last week's money."""

    member: Member
    before: int
    after: int
    cents_before: int
    cents_after: int


@dataclass(frozen=True)
class FundChange:
    """What a fund had and would have of the beer's margin: hundredths of a hundred, cents of today's."""

    account: str
    name: str
    before: int
    after: int
    cents_before: int
    cents_after: int


@dataclass(frozen=True)
class Weighed:
    """Weights side by side, a line a member, and the cents that are divided."""

    changes: list[Change]
    amount: int


@dataclass(frozen=True)
class Poured:
    """Percentages side by side, a line a fund, and the cents of the beer's margin; 0 where there is none."""

    changes: list[FundChange]
    margin: int


def weigh(
    before: Mapping[str, str] | None, after: Mapping[str, str] | None, here: Mapping[int, Member]
) -> Weighed:
    """Set two versions of the weights side by side, with what last week's money would give by each."""
    amount = last_money()
    old, new = read_weights(before or {}), read_weights(after or {})
    was, would = (allocate(amount, {str(who): weight for who, weight in by.items()}) for by in (old, new))
    found = [
        Change(here[who], old.get(who, 0), new.get(who, 0), was.get(str(who), 0), would.get(str(who), 0))
        for who in old.keys() | new.keys()
        if who in here
    ]
    return Weighed(sorted(found, key=lambda one: one.member.pseudonym), amount)


def pour(before: Mapping[str, str] | None, after: Mapping[str, str] | None) -> Poured:
    """Set two versions of the funds side by side, with what of today's margin each fund would get by each.

    What was never decided divides equally.
    """
    margin, names = max(distributable(JARS), 0), account_names(MARGIN_FUNDS)
    old, new = (read_fund_shares(value) if value else EQUAL_FUNDS for value in (before, after))
    was, would = allocate(margin, old), allocate(margin, new)
    changes = [
        FundChange(fund, names[fund], old[fund], new[fund], was[fund], would[fund]) for fund in MARGIN_FUNDS
    ]
    return Poured(changes, margin)


def dearest_plate(now: datetime) -> int:
    """Give in cents what the dearest main of the last menu costs; 0 where none was cooked yet."""
    cooked = {WeekState.PUBLISHED, WeekState.CLOSED}
    for week in weeks():
        if week.state in cooked and week.closes_at <= now:
            mains = [line.price for line in menu_lines(week.id) if line.kind is DishKind.MAIN]
            return max(mains, default=0)
    return 0
