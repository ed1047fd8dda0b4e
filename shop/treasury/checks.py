"""What `shop verify` proves of costs, movements and box holders; needs no key."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from shop.checks import Check
from shop.extensions import db
from shop.ledger.books.models import Count, JournalEntry, Period, Posting
from shop.ledger.books.queries import balance, head
from shop.ledger.books.rules import Entry, EntryKind
from shop.ledger.books.searching import of_kind
from shop.members.models import Activity
from shop.treasury import receipt_checks
from shop.treasury.models import BoxHolder, Cost, CostLine, Movement
from shop.treasury.queries import not_undone, old_debts_left
from shop.treasury.rules import (
    CASH,
    POCKETS,
    SUPPLIERS,
    Line,
    Moved,
    MovementKind,
    Spent,
    cost_entry,
    gift,
    movement_entry,
    old_debt,
    passage,
)

RECENT = 200
"""Sources that a quick proof looks at."""

PAID_BACK = {POCKETS: EntryKind.REIMBURSEMENT, SUPPLIERS: EntryKind.BILL_PAID}
MOVED = (EntryKind.GIFT, EntryKind.TRANSFER, EntryKind.LIAISON)
TOLD: dict[type[Cost] | type[Movement], tuple[InstrumentedAttribute[Any], ...]] = {
    Cost: (Cost.form_id, Cost.activity, Cost.kind, Cost.paid_from, Cost.cents, Cost.spent_on, Cost.week),
    Movement: (
        *(Movement.form_id, Movement.kind, Movement.activity, Movement.cents, Movement.happened_on),
        *(Movement.from_account, Movement.to_account, Movement.fund),
    ),
}
"""What a source says of itself, as far as its entry must say the same."""

SOURCED = (EntryKind.COST, EntryKind.COUNT, *PAID_BACK.values(), *MOVED)


def _costs_are_what_their_entries_book(quick: bool) -> Iterator[str]:
    """Find costs whose entry books another amount, account, kind, document or day."""
    lines, unlocked = _lines(), _days_after_locks()
    for cost, legs in _with_legs(Cost, quick):
        bought = tuple(Line(kind, cents) for kind, cents in lines.get(cost.id, ()))
        spent = Spent(
            *(cost.kind, cost.paid_from, cost.cents, cost.spent_on, cost.week),
            activity=cost.activity,
            lines=bought,
        )
        entry = cost_entry(cost.form_id, spent, cost.spent_on, "-")
        if cost.kind is not next(iter(spent.by_kind)) or not _books(cost, legs, entry, unlocked):
            yield f"cost {cost.id} is not what its entry books"


def _movements_are_what_their_entries_book(quick: bool) -> Iterator[str]:
    """Find movements whose entry books another amount, account, kind, document or day."""
    unlocked = _days_after_locks()
    for one, legs in _with_legs(Movement, quick):
        moved = Moved(
            *(one.kind, one.activity, one.cents, one.happened_on),
            *(one.from_account, one.to_account, one.fund),
        )
        entry = movement_entry(one.form_id, moved, one.happened_on, "-")
        if moved != _as_made(moved) or not _books(one, legs, entry, unlocked):
            yield f"movement {one.id} is not what its entry books"


def _as_made(moved: Moved) -> Moved:
    """Give a movement of these places as the rules make it: with its own kind, seller and fund."""
    source, target = moved.from_account or "", moved.to_account or ""
    if moved.kind is MovementKind.GIFT:
        return gift(moved.cents, moved.happened_on, target, moved.fund)
    if moved.kind is MovementKind.DEBT:
        return old_debt(moved.cents, moved.happened_on, moved.activity, target, source)
    return passage(moved.cents, moved.happened_on, source, target)


def _what_is_paid_back_was_owed(_quick: bool) -> Iterator[str]:
    """Find costs paid back by an entry of something else, by one that was undone, or still with a payer."""
    for row in db.session.execute(_paid_back()):
        right = (f"cost:{row.form_id}", PAID_BACK.get(row.paid_from))
        if (row.document, row.kind) != right or row.kept or not row.stands:
            yield f"cost {row.id} is not what paid it back"


@cache
def _paid_back() -> Select[*tuple[Any, ...]]:
    told = (Cost.id, Cost.form_id, Cost.paid_from, JournalEntry.document, JournalEntry.kind)
    return (
        select(*told, Cost.payer.is_not(None).label("kept"), not_undone(Cost.repaid).label("stands"))
        .outerjoin(JournalEntry, JournalEntry.seq == Cost.repaid)
        .where(Cost.repaid.is_not(None))
        .order_by(Cost.id)
    )


def _debts_are_costs_that_wait(_quick: bool) -> Iterator[str]:
    """Find sellers that owe pockets or suppliers something else than what waits."""
    owed = {(seller, account): int(cents) for seller, account, cents in db.session.execute(_waiting())}
    for seller in db.session.scalars(_SELLERS):
        old = old_debts_left(seller)
        for account in PAID_BACK:
            expected = owed.get((seller, account), 0) + old[account]
            if -balance(account, seller) != expected:
                yield f"account {account} of {seller} owes {-balance(account, seller)} and not {expected}"


_SELLERS = select(Activity.code).order_by(Activity.code)


@cache
def _waiting() -> Select[str, str, int]:
    return (
        select(Cost.activity, Cost.paid_from, func.sum(Cost.cents))
        .where(Cost.paid_from.in_(PAID_BACK), Cost.repaid.is_(None), not_undone())
        .group_by(Cost.activity, Cost.paid_from)
    )


def _holders_took_their_box(_quick: bool) -> Iterator[str]:
    """Find holders of what is no cash box, or who took it at the count of another."""
    for account, counted in db.session.execute(_HOLDERS):
        if account not in CASH.values() or counted != account:
            yield f"box {account} was not counted for its holder"


_HOLDERS = (
    select(BoxHolder.account, Count.account)
    .outerjoin(Count, Count.id == BoxHolder.count_id)
    .order_by(BoxHolder.account)
)


def _entries_have_their_source(quick: bool) -> Iterator[str]:
    """Find entries that cite a cost, movement or count that is not there, or does not know them."""
    after = head()[0] - RECENT if quick else 0
    for number, document in db.session.execute(_without_source(), {"after": after}):
        yield f"entry {number} cites {document}"


@cache
def _without_source() -> Select[int, str]:
    seq = JournalEntry.seq
    return (
        select(seq, JournalEntry.document)
        .where(
            of_kind(*SOURCED),
            or_(
                *(JournalEntry.document.startswith(f"{source}:") for source in ("cost", "movement", "count"))
            ),
            ~exists().where(Count.entry == seq),
            ~exists().where(Cost.entry == seq),
            ~exists().where(Cost.repaid == seq),
            ~exists().where(Movement.entry == seq),
            # What paid a pocket or a bill is forgotten by its cost once it is undone.
            or_(not_undone(seq), ~of_kind(*PAID_BACK.values())),
            seq > bindparam("after"),
        )
        .order_by(seq)
    )


CHECKS = (
    Check("each cost is what its entry books", _costs_are_what_their_entries_book),
    Check("each movement is what its entry books", _movements_are_what_their_entries_book),
    Check("what is paid back was owed", _what_is_paid_back_was_owed),
    Check("pockets and suppliers are owed what waits", _debts_are_costs_that_wait),
    Check("who holds a box counted it", _holders_took_their_box),
    Check("entries of costs and movements have their source", _entries_have_their_source, warns=True),
    *receipt_checks.CHECKS,
)


def _with_legs(
    source: type[Cost] | type[Movement], quick: bool
) -> Iterator[tuple[Row[Any], list[tuple[str, str, int]]]]:
    """Give each source's columns with its entry's document, kind and date, and that entry's legs."""
    with db.session.execute(_sourced(source, quick), execution_options={"yield_per": 1000}) as rows:
        for _, group in groupby(rows, key=lambda row: row.id):
            found = list(group)
            yield found[0], sorted((row.account, row.seller, row.leg) for row in found if row.account)


@cache
def _sourced(source: type[Cost] | type[Movement], quick: bool) -> Select[*tuple[Any, ...]]:
    entry = (JournalEntry.document, JournalEntry.kind.label("booked_as"), JournalEntry.date)
    leg = (Posting.account, Posting.activity.label("seller"), Posting.cents.label("leg"))
    wanted = (
        select(source.id, *TOLD[source], *entry, *leg)
        .outerjoin(JournalEntry, JournalEntry.seq == source.entry)
        .outerjoin(Posting, Posting.entry == source.entry)
        .order_by(source.id, Posting.line)
    )
    newest = select(func.max(source.id)).scalar_subquery()
    return wanted.where(source.id > newest - RECENT) if quick else wanted


def _books(row: Row[Any], legs: list[tuple[str, str, int]], expected: Entry, unlocked: set[date]) -> bool:
    """Say whether a source's entry is the one expected, on its day or the first that a lock left open."""
    wanted = sorted((leg.account, leg.activity, leg.cents) for leg in expected.legs)
    same = (row.document, row.booked_as) == (expected.document, expected.kind)
    on_time = row.date == expected.date or (row.date > expected.date and row.date in unlocked)
    return same and legs == wanted and on_time


def _days_after_locks() -> set[date]:
    """Give the days on which what came for a locked day was booked."""
    return {day + timedelta(days=1) for day in db.session.scalars(select(Period.ends_on))}


def _lines() -> dict[int, list[tuple[Any, int]]]:
    """Give the lines of the costs that have some, by the cost's id: a kind and cents."""
    found: dict[int, list[tuple[Any, int]]] = {}
    rows = select(CostLine.cost_id, CostLine.kind, CostLine.cents).order_by(CostLine.cost_id, CostLine.line)
    for cost_id, kind, cents in db.session.execute(rows):
        found.setdefault(cost_id, []).append((kind, cents))
    return found
