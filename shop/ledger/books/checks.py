"""The invariants of the books, proved from their rows (ledger.md: "Invariants")."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from shop.checks import Check, Walk
from shop.extensions import db
from shop.ledger.books import queries
from shop.ledger.books.history import RECENT, steps
from shop.ledger.books.models import Account, Cycle, JournalEntry, Period, Posting
from shop.ledger.books.rules import AccountType
from shop.ledger.books.watchers import WATCHERS, stored
from shop.members.models import Activity

NEVER_NEGATIVE = {
    *("570100", "570200", "570300", "460100", "460200", "488100", "489110", "489200", "489300", "489400"),
    *("139100", "139200", "139400", "139500"),
}
"""The accounts that the chart marks (n); written here too, so that a mark taken off by hand is seen."""

CLASSES = {
    "1": {AccountType.EQUITY},
    "2": {AccountType.ASSET},
    "3": {AccountType.ASSET},
    "4": {AccountType.ASSET, AccountType.LIABILITY},
    "5": {AccountType.ASSET},
    "6": {AccountType.EXPENSE},
    "7": {AccountType.INCOME},
}
"""What the first digit of a Belgian code says of an account."""

MONDAY = 0

NEWEST = 20
"""Closed cycles that a quick proof looks at."""

LIQUID = "5"
EARMARKED = "139"
BREWERY = "288100"
ADVANCED = "415100"


_CHART = select(Account.code, Account.type, Account.never_negative)
_SELLERS = select(Activity.result_account, Activity.cash_account)
_LOCKS = select(Period).order_by(Period.starts_on)


def postings_have_entries(quick: bool) -> Iterator[str]:
    """Each posting belongs to an entry and stands on an account of the chart."""
    if quick:
        return
    lost = (
        select(Posting.entry, Posting.line)
        .outerjoin(JournalEntry, JournalEntry.seq == Posting.entry)
        .outerjoin(Account, Account.code == Posting.account)
        .where(JournalEntry.seq.is_(None) | Account.code.is_(None))
    )
    for row in db.session.execute(lost):
        yield f"posting {row.entry}/{row.line}: no entry or no account"


def reversals_negate(quick: bool) -> Iterator[str]:
    """A reversal is the exact negation of what it reverses, once, and is not reversed itself."""
    after = queries.head()[0] - RECENT if quick else 0
    for seq, reverses, allowed in db.session.execute(_wrong_reversals(), {"after": after}):
        yield f"entry {seq}: " + (
            f"not the negation of {reverses}" if allowed else "reverses what it may not"
        )


@cache
def _wrong_reversals() -> Select[int, int | None, bool]:
    undone, other = aliased(JournalEntry), aliased(JournalEntry)
    again = exists().where(other.reverses == JournalEntry.reverses, other.seq != JournalEntry.seq)
    may = undone.seq.is_not(None) & (undone.seq < JournalEntry.seq) & undone.reverses.is_(None) & ~again
    return (
        select(JournalEntry.seq, JournalEntry.reverses, may.label("may"))
        .outerjoin(undone, undone.seq == JournalEntry.reverses)
        .where(JournalEntry.reverses.is_not(None), ~may | _unlike(), JournalEntry.seq > bindparam("after"))
    )


def _unlike() -> ColumnElement[bool]:
    """Say in SQL that a leg of a reversal, or of what it reverses, has no negation in the other."""
    own, opposite = aliased(Posting), aliased(Posting)
    negated = (
        (opposite.line == own.line)
        & (opposite.account == own.account)
        & (opposite.activity == own.activity)
        & (func.coalesce(opposite.subject, "-") == func.coalesce(own.subject, "-"))
        & (opposite.cents == -own.cents)
    )
    return exists().where(
        (own.entry == JournalEntry.seq) & ~exists().where(opposite.entry == JournalEntry.reverses, negated)
        | (own.entry == JournalEntry.reverses) & ~exists().where(opposite.entry == JournalEntry.seq, negated)
    )


def cycles_are_in_order(quick: bool) -> Iterator[str]:
    """Closed cycles follow each other, and each closed at an entry that is there."""
    newest, before = queries.head()[0], 0
    for cycle in reversed(db.session.scalars(_newest_cycles(quick)).all()):
        if not before <= cycle.closed_seq <= newest:
            yield f"cycle {cycle.label}: closed at entry {cycle.closed_seq}"
        if cycle.starts_on > cycle.closed_on:
            yield f"cycle {cycle.label}: closed before it began"
        if cycle.label not in {cycle.starts_on.strftime(form) for form in ("%G-W%V", "%Y-%m")} or (
            "W" in cycle.label and cycle.starts_on.weekday() != MONDAY
        ):
            yield f"cycle {cycle.label}: began on {cycle.starts_on}"
        before = max(before, cycle.closed_seq)


@cache
def _newest_cycles(quick: bool) -> Select[Cycle]:
    return select(Cycle).order_by(Cycle.id.desc()).limit(NEWEST if quick else None)


def locks_follow_each_other(_quick: bool) -> Iterator[str]:
    """Locks on past days lie end to end, so that no day before the last lock is open."""
    until = None
    for lock in db.session.scalars(_LOCKS):
        if lock.ends_on < lock.starts_on or (until and lock.starts_on != until + timedelta(days=1)):
            yield f"lock {lock.id}: not the day after the one before"
        until = lock.ends_on


def chart_is_sound(_quick: bool) -> Iterator[str]:
    """Each account is of a type that the first digit of its code allows, and has the floor of the chart."""
    for code, kind, never_negative in db.session.execute(_CHART):
        if kind not in CLASSES.get(code[:1], ()):
            yield f"account {code} is no {kind}"
        if never_negative != (code in NEVER_NEGATIVE):
            yield f"account {code} {'lost' if code in NEVER_NEGATIVE else 'was given'} its floor"


def sellers_are_sound(_quick: bool) -> Iterator[str]:
    """Each seller has a result account and a cash box of its own, of the right type."""
    rules = (("result_account", AccountType.EQUITY), ("cash_account", AccountType.ASSET))
    types = {row.code: row.type for row in db.session.execute(_CHART)}
    sellers = db.session.execute(_SELLERS).all()
    for name, kind in rules:
        held = [getattr(seller, name) for seller in sellers]
        if len(set(held)) < len(held) or any(types.get(code) != kind for code in held):
            yield f"{name}: {', '.join(held)}"


def money_covers(_quick: bool) -> Iterator[str]:
    """Funds not lent out and debts, less deposits at the brewery, are covered by money, in each activity."""
    short: Counter[str] = Counter()
    types = {row.code: row.type for row in db.session.execute(_CHART)}
    for (account, activity, _), cents in stored().items():
        owed = types[account] == AccountType.LIABILITY or account.startswith(EARMARKED)
        if owed or account.startswith(LIQUID) or account in {BREWERY, ADVANCED}:
            short[activity] -= cents
    for activity, cents in short.items():
        if cents > 0:
            yield f"{activity}: {cents} cents are owed or earmarked and not there"


CHECKS = (
    Walk(steps, *WATCHERS),
    Check("postings belong to entries and accounts", postings_have_entries),
    Check("reversals negate, once", reversals_negate),
    Check("closed cycles are in order", cycles_are_in_order),
    Check("locks on past days follow each other", locks_follow_each_other),
    Check("the chart of accounts is sound", chart_is_sound),
    Check("each seller has accounts of its own", sellers_are_sound),
    Check("money covers funds and debts", money_covers, warns=True),
)
