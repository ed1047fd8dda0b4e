"""What the to-do list is made from, read in a number of statements that does not grow with the books."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from shop.checks import State
from shop.collective.gauge.queries import gauge
from shop.collective.todo.rules import Books, Debt, Facts, Place, Weeks, month_to_lock
from shop.decisions.queries import contested, waiting
from shop.extensions import db
from shop.ledger.books import years
from shop.ledger.books.legs import weights_shown
from shop.ledger.books.models import Balance, Count, JournalEntry, Posting
from shop.ledger.books.queries import distributable, on_documents
from shop.ledger.books.rules import LIAISON, MONEY
from shop.ledger.sharing.purses import purses
from shop.ledger.sharing.queries import unsettled_cycles
from shop.menu.models import Week
from shop.menu.queries import unfinished
from shop.menu.rules import WeekState
from shop.orders.models import Order
from shop.orders.rules import CUSTOMERS, HANDED_OVER, OWING, OrderState, document
from shop.settings.switches import Switch, uses
from shop.treasury.boxes import holders_of
from shop.treasury.rules import POCKETS, SUPPLIERS
from shop.verify import run
from shop.weeks import local_day

MEALS = "meals"
RECENT = timedelta(days=120)
"""Orders handed over since then are looked at one by one; what older ones owe is one sum."""

Held = dict[tuple[str, str], int]
"""Cents by account and seller, debit > 0."""


def facts(sellers: Sequence[str], organised: Sequence[str], now: datetime) -> Facts:
    """Gather the list of who keeps these sellers' books, and organises for those."""
    today = local_day(now)
    # First, because each invariant is proved on a state of the database of its own.
    proved = run(quick=True) if sellers else []
    held = _held()
    first = db.session.scalar(select(func.min(JournalEntry.date)))
    books = [_books(seller, held, first, today) for seller in sellers]
    return Facts(
        today,
        (*(_box_of(seller, held) for seller in organised), *books),
        _weeks(held, now) if MEALS in {*sellers, *organised} else Weeks(),
        sum(one.state is State.BROKEN for one in proved),
        month_to_lock(today, years.locked_until(), first) if sellers else None,
    )


def _box_of(seller: str, held: Held) -> Books:
    """Give what an organiser sees: the box to count, and pockets to repay; the rest is the treasurer's."""
    places = tuple(place for place in _places(seller, held) if place.cash)
    return Books(seller, places, _owed(POCKETS, seller, held))


def _books(seller: str, held: Held, first: date | None, today: date) -> Books:
    return Books(
        seller,
        _places(seller, held),
        _owed(POCKETS, seller, held),
        _owed(SUPPLIERS, seller, held),
        _owed(LIAISON, seller, held),
        gauge(seller, today),
        _year_left(seller, first, today),
    )


def _owed(account: str, seller: str, held: Held) -> int:
    return max(-held.get((account, seller), 0), 0)


def _held() -> Held:
    """Read what the accounts that the list speaks of hold."""
    accounts = [*MONEY, POCKETS, SUPPLIERS, LIAISON, CUSTOMERS]
    wanted = select(Balance.account, Balance.activity, func.sum(Balance.cents))
    rows = db.session.execute(
        wanted.where(Balance.account.in_(accounts)).group_by(Balance.account, Balance.activity)
    )
    return {(account, seller): int(cents) for account, seller, cents in rows}


def _places(seller: str, held: Held) -> tuple[Place, ...]:
    accounts = [
        account
        for account, owner in MONEY.items()
        if owner == seller and (account.startswith("57") or uses(Switch.BANK))
    ]
    counts, moved, holders = _counts(accounts), _last_moves(accounts), holders_of(accounts)
    found = []
    for account in accounts:
        count, holder = counts.get(account), holders.get(account)
        since = max(count.entry or 0, count.at_seq) if count else 0
        found.append(
            Place(
                account,
                seller,
                held.get((account, seller), 0),
                count.counted_on if count else None,
                moved.get(account, 0) > since,
                holder.pseudonym if holder else "",
                holder.emblem if holder else "",
            )
        )
    return tuple(found)


def _counts(accounts: Collection[str]) -> dict[str, Count]:
    newest = select(func.max(Count.id)).where(Count.account.in_(accounts)).group_by(Count.account)
    return {count.account: count for count in db.session.scalars(select(Count).where(Count.id.in_(newest)))}


def _last_moves(accounts: Sequence[str]) -> dict[str, int]:
    """Give the newest entry on each of these accounts: a look into an index for each, in one statement."""
    newest = [
        select(func.max(Posting.entry)).where(Posting.account == account).scalar_subquery()
        for account in accounts
    ]
    row = db.session.execute(select(*newest)).one()
    return {account: int(seq or 0) for account, seq in zip(accounts, row, strict=True)}


def _weeks(held: Held, now: datetime) -> Weeks:
    debts = _debts(now) if held.get((CUSTOMERS, MEALS), 0) > 0 else ()
    unshared = [(cycle.label, cycle.starts_on) for cycle in unsettled_cycles(MEALS)]
    return Weeks(
        debts,
        max(held.get((CUSTOMERS, MEALS), 0) - sum(debt.cents for debt in debts), 0),
        tuple(
            (week.label, local_day(week.handed_over_at))
            for week in unfinished(now)
            if week.state is WeekState.PUBLISHED
        ),
        tuple(unshared),
        distributable(MEALS) if unshared else 0,
        # Cents that wait for the next envelope are no reason to get up.
        tuple(purse.proposed for purse in purses(local_day(now)) if purse.proposed),
        weights_shown(),
        tuple((decision.id, decision.key) for decision in waiting()),
        tuple((decision.id, decision.key) for decision in contested()),
    )


def _debts(now: datetime) -> tuple[Debt, ...]:
    """List the orders of the last months that were handed over and are not paid, the oldest first."""
    states = (*HANDED_OVER, OrderState.NO_SHOW)
    recent = (
        select(Order.number, Order.changed_at)
        .join(Week, Week.id == Order.week_id)
        .where(Week.closes_at > now - RECENT, Order.state.in_(states))
    )
    handed_over: dict[int, datetime] = {row.number: row.changed_at for row in db.session.execute(recent)}
    owed = on_documents([document(number) for number in handed_over], OWING)
    found = [
        Debt(number, cents, local_day(at))
        for number, at in handed_over.items()
        if (cents := owed[document(number)]) > 0
    ]
    return tuple(sorted(found, key=lambda debt: (debt.since, debt.number)))


def _year_left(seller: str, first: date | None, today: date) -> int | None:
    """Give last year where it, or one before it, leaves something to close; else None."""
    year = today.year - 1
    if first is None or first.year > year or years.closings(seller, year):
        return None
    return year if years.to_close(seller, year) else None
