"""Reads of a quarter: sums over its days, and never a person's."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy import func, select

from shop.collective.gauge.queries import gauge
from shop.collective.gauge.rules import Gauge
from shop.collective.report.rules import Cooked, Money, Quarter, Weeks
from shop.extensions import db
from shop.ledger.books.models import Account, Balance, JournalEntry, Posting
from shop.ledger.books.queries import no_year_end, of_seller, sums_after
from shop.ledger.books.rules import AccountType
from shop.ledger.sharing.rules import ALLOTTED
from shop.menu.models import Dish, MenuLine, PickupSlot, Week
from shop.orders.models import Order, OrderLine
from shop.orders.rules import HANDED_OVER, OrderSource
from shop.weeks import instant, local_day

GIFT = "731000"
CUTOFF_BEFORE = timedelta(days=21)
"""No week's food comes later after its cutoff."""


@dataclass(frozen=True)
class Report:
    """A seller's quarter beside the one before; `labels` name accounts, `funds` hold cents at its end."""

    seller: str
    quarter: Quarter
    money: Money
    before: Money
    weeks: Weeks
    weeks_before: Weeks
    labels: Mapping[str, str]
    funds: Mapping[str, int]
    gauge: Gauge | None


def report(seller: str, quarter: Quarter, today: date) -> Report:
    """Read a seller's quarter, up to today where it is not over."""
    end = min(quarter.last, today)
    labels = {row.code: row.label for row in db.session.execute(select(Account.code, Account.label))}
    # Meals are cooked by the week; whoever sells something else has no such weeks.
    weeks, weeks_before = _weeks(quarter) if seller == "meals" else (Weeks(()), Weeks(()))
    return Report(
        seller,
        quarter,
        _money(seller, quarter),
        _money(seller, quarter.before),
        weeks,
        weeks_before,
        labels,
        _funds(seller, end),
        gauge(seller, end),
    )


def _money(seller: str, quarter: Quarter) -> Money:
    here = (JournalEntry.date.between(quarter.first, quarter.last), of_seller(seller))
    rows = db.session.execute(
        select(Account.code, Account.type, func.sum(Posting.cents), func.count())
        .join(Posting, Posting.account == Account.code)
        .join(JournalEntry, JournalEntry.seq == Posting.entry)
        .where(*here, no_year_end(), Account.type.in_([AccountType.INCOME, AccountType.EXPENSE]))
        .group_by(Account.code, Account.type)
    ).all()
    people = (
        select(func.count(Posting.subject.distinct()))
        .join(JournalEntry, JournalEntry.seq == Posting.entry)
        .where(*here, Posting.account == ALLOTTED, Posting.cents < 0)
    )
    return Money(
        {row.code: int(row[2]) * (-1 if row.type is AccountType.INCOME else 1) for row in rows},
        db.session.scalar(people) or 0,
        next((row[3] for row in rows if row.code == GIFT), 0),
    )


def _funds(seller: str, day: date) -> dict[str, int]:
    """Give what each fund held at the end of a day, in cents: what it holds less what came later."""
    held = (
        select(Balance.account, func.sum(Balance.cents))
        .where(Balance.account.startswith("139"), Balance.activity == seller)
        .group_by(Balance.account)
    )
    later = sums_after(day, seller)
    funds = {
        account: later.get(account, 0) - int(total)
        for account, total in db.session.execute(held.order_by(Balance.account))
    }
    return {account: cents for account, cents in funds.items() if cents}


def _weeks(quarter: Quarter) -> tuple[Weeks, Weeks]:
    """Give what was cooked in a quarter, and in the one before."""
    first, last = quarter.before.first, quarter.last
    starts_at = func.coalesce(func.min(PickupSlot.starts_at), Week.closes_at).label("starts_at")
    rows = db.session.execute(
        select(Week.id, starts_at)
        .outerjoin(PickupSlot, PickupSlot.week_id == Week.id)
        .where(
            Week.closes_at >= instant(first - CUTOFF_BEFORE, time(0)),
            Week.closes_at < instant(last + timedelta(days=1), time(0)),
        )
        .group_by(Week.id, Week.closes_at)
    )
    days = {row.id: local_day(row.starts_at) for row in rows}
    plates, orders = plates_of(list(days)), orders_of(list(days))
    cooked = sorted(
        (Cooked(day, plates[week], orders.get(week, 0)) for week, day in days.items() if plates[week]),
        key=lambda one: one.day,
    )
    now = tuple(one for one in cooked if quarter.first <= one.day <= quarter.last)
    return Weeks(now), Weeks(tuple(one for one in cooked if first <= one.day < quarter.first))


def plates_of(weeks: list[int]) -> Mapping[int, dict[str, int]]:
    """Count the portions handed over, by week and kind of dish."""
    rows = db.session.execute(
        select(Order.week_id, Dish.kind, func.sum(OrderLine.quantity))
        .join(OrderLine, OrderLine.number == Order.number)
        .join(MenuLine, MenuLine.id == OrderLine.line_id)
        .join(Dish, Dish.id == MenuLine.dish_id)
        .where(Order.week_id.in_(weeks), Order.state.in_(HANDED_OVER))
        .group_by(Order.week_id, Dish.kind)
    )
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for week, kind, portions in rows:
        found[week][kind.value] = int(portions)
    return found


def orders_of(weeks: list[int]) -> dict[int, int]:
    """Count the customers' orders handed over, by week."""
    rows = db.session.execute(
        select(Order.week_id, func.count())
        .where(Order.week_id.in_(weeks), Order.state.in_(HANDED_OVER), Order.source != OrderSource.TEAM)
        .group_by(Order.week_id)
    )
    return {week: int(many) for week, many in rows}
