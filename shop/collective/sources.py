"""Where the money of a settlement came from and went: dish by dish, purchase by purchase, to the cent."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from shop.extensions import db
from shop.ledger.books.models import Account, JournalEntry, Posting
from shop.ledger.books.queries import REVERSAL, no_year_end
from shop.ledger.books.rules import AccountType, EntryKind
from shop.ledger.books.searching import of_kind
from shop.ledger.sharing.explaining import of_no_settlement
from shop.ledger.sharing.telling import Explained
from shop.menu.models import Dish, MenuLine
from shop.orders.models import OrderLine
from shop.orders.rules import SALES, document
from shop.treasury.models import Cost

_UNDONE = aliased(JournalEntry)


@dataclass(frozen=True)
class Sold:
    """Portions of a dish at one price, in cents."""

    names: Mapping[str, str]
    unit_price: int
    portions: int

    @property
    def cents(self) -> int:
        """Give portions × price."""
        return self.portions * self.unit_price


@dataclass(frozen=True)
class Other:
    """What the books have besides, in cents: of an account, by `kind`, an EntryKind's value."""

    account: str
    label: str
    kind: str
    cents: int


@dataclass(frozen=True)
class Sources:
    """All that came in and went out between two entries, as people remember it; the rest by account."""

    dishes: tuple[Sold, ...]
    income: tuple[Other, ...]
    purchases: tuple[Cost, ...]
    costs: tuple[Other, ...]

    @property
    def earned(self) -> int:
        """Give what came in, in cents."""
        return sum(dish.cents for dish in self.dishes) + sum(one.cents for one in self.income)

    @property
    def spent(self) -> int:
        """Give what went out, in cents."""
        return sum(cost.cents for cost in self.purchases) + sum(one.cents for one in self.costs)


def sources(told: Explained) -> Sources:
    """Gather what the sums of a settlement were made of: together they are those sums."""
    orders = _orders(told)
    dishes = _dishes(orders.values())
    purchases = tuple(
        db.session.scalars(
            select(Cost)
            .where(Cost.entry.between(told.first, told.last), Cost.activity == "meals")
            .where(~_undone_by(Cost.entry, told.last))
            .order_by(Cost.spent_on, Cost.id)
        )
    )
    income = _others(told, AccountType.INCOME, orders)
    # An order changed since: what its dishes come to now is not what was booked then.
    booked = -_sum_of(orders)
    if changed := booked - sum(dish.cents for dish in dishes):
        income = (*income, Other(SALES, "", EntryKind.HAND_OVER, changed))
    costs = _others(told, AccountType.EXPENSE, [cost.entry for cost in purchases])
    return Sources(dishes, income, purchases, costs)


def _undone_by(entry: InstrumentedAttribute[int], last: int) -> ColumnElement[bool]:
    return select(REVERSAL.seq).where(REVERSAL.reverses == entry, REVERSAL.seq <= last).exists()


def _orders(told: Explained) -> dict[int, str]:
    """Give the entries by which orders were handed over, with the order each cites."""
    rows = db.session.execute(
        select(JournalEntry.seq, JournalEntry.document).where(
            JournalEntry.seq.between(told.first, told.last),
            of_kind(EntryKind.HAND_OVER),
            JournalEntry.document.like(document(0).replace("0", "%")),
            ~_undone_by(JournalEntry.seq, told.last),
        )
    )
    return {row.seq: row.document for row in rows}


def _dishes(documents: Collection[str]) -> tuple[Sold, ...]:
    numbers = [int(one.rpartition(":")[2]) for one in documents]
    rows = db.session.execute(
        select(Dish.id, Dish.names, OrderLine.unit_price, OrderLine.quantity)
        .join(MenuLine, MenuLine.dish_id == Dish.id)
        .join(OrderLine, OrderLine.line_id == MenuLine.id)
        .where(OrderLine.number.in_(numbers), OrderLine.unit_price != 0)
    )
    names: dict[int, Mapping[str, str]] = {}
    portions: defaultdict[tuple[int, int], int] = defaultdict(int)
    for row in rows:
        names[row.id] = row.names
        portions[row.id, row.unit_price] += row.quantity
    found = [Sold(names[dish], price, many) for (dish, price), many in sorted(portions.items())]
    return tuple(sorted(found, key=lambda sold: -sold.cents))


def _sum_of(entries: Collection[int]) -> int:
    wanted = select(func.coalesce(func.sum(Posting.cents), 0))
    wanted = wanted.where(Posting.entry.in_(entries), Posting.account == SALES)
    return int(db.session.execute(wanted).scalar_one())


def _others(told: Explained, kind: AccountType, without: Collection[int]) -> tuple[Other, ...]:
    """Sum what else the books have, by account and by what happened or was undone."""
    sign = -1 if kind is AccountType.INCOME else 1
    happened = func.coalesce(_UNDONE.kind, JournalEntry.kind)
    # Of a hand-over only the dishes are told apart, not its delivery.
    besides: ColumnElement[bool] = Posting.entry.not_in(without)
    if kind is AccountType.INCOME:
        besides = or_(besides, Posting.account != SALES)
    rows = db.session.execute(
        select(Account.code, Account.label, happened, func.sum(Posting.cents))
        .join(Posting, Posting.account == Account.code)
        .join(JournalEntry, JournalEntry.seq == Posting.entry)
        .outerjoin(_UNDONE, _UNDONE.seq == JournalEntry.reverses)
        .where(Posting.entry.between(told.first, told.last), no_year_end(), of_no_settlement())
        .where(Posting.activity == "meals", Account.type == kind, besides)
        .group_by(Account.code, Account.label, happened)
        .having(func.sum(Posting.cents) != 0)
        .order_by(Account.code, happened)
    )
    return tuple(Other(code, label, str(what), sign * int(cents)) for code, label, what, cents in rows)
