"""The invariants of the books, proved from their rows (ledger.md: "Invariants")."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Executable, Row, func, select
from sqlalchemy.orm import aliased

from shop.checks import Check
from shop.errors import BooksRefused
from shop.extensions import db
from shop.ledger.books import queries
from shop.ledger.books.models import Account, Balance, Count, Cycle, JournalEntry, Posting
from shop.ledger.books.rules import (
    GENESIS,
    HASH_VERSION,
    AccountType,
    Entry,
    Leg,
    chain_hash,
    check_entry,
    fingerprint,
    in_natural_sign,
)

RECENT = 200
"""Entries that a quick proof looks at."""

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

LIQUID = "5"
EARMARKED = "139"
BREWERY = "288100"
ADVANCED = "415100"
GUARANTEES = ("139300", ADVANCED)

Place = tuple[str, str, str]
"""An account, an activity and a subject, '' for none."""


def entries_balance(quick: bool) -> Iterator[str]:
    """Each entry has two legs or more, none of them zero, and sums to 0 in each activity."""
    for row, legs in _entries(quick):
        try:
            check_entry(_as_entry(row, legs))
        except BooksRefused as refusal:
            yield f"entry {row.seq}: {refusal.fact}"


def chain_holds(quick: bool) -> Iterator[str]:
    """Numbers have no gap, everything is sealed, and each hash is right from the first entry on."""
    seq, link = 0, GENESIS
    for row, legs in _entries(quick):
        if quick and seq == 0:
            seq, link = row.seq - 1, row.prev_hash
        yield from _unchained(row, legs, seq, link)
        seq, link = row.seq, row.hash


def _unchained(row: Row[Any], legs: list[Row[Any]], seq: int, link: str) -> Iterator[str]:
    """Say what is wrong with an entry that should follow number `seq` with hash `link`."""
    entry = _as_entry(row, legs)
    if row.seq != seq + 1:
        yield f"entry {row.seq}: a gap before it"
    if row.prev_hash != link:
        yield f"entry {row.seq}: not chained to the one before"
    if row.hash_version != HASH_VERSION or row.sealed is not True:
        yield f"entry {row.seq}: not sealed"
    if [leg.line for leg in legs] != list(range(1, len(legs) + 1)):
        yield f"entry {row.seq}: a line is missing"
    if row.fingerprint != fingerprint(entry):
        yield f"entry {row.seq}: the fingerprint of another"
    if row.hash != chain_hash(row.seq, entry, row.fingerprint, row.recorded_on, row.prev_hash):
        yield f"entry {row.seq}: the hash of another"


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
    undone = aliased(JournalEntry)
    pairs = (
        select(JournalEntry.seq, undone.seq.label("undone"), undone.reverses.label("twice"))
        .outerjoin(undone, undone.seq == JournalEntry.reverses)
        .where(JournalEntry.reverses.is_not(None))
        .order_by(JournalEntry.reverses.desc())
    )
    before = None
    for row in _rows(pairs.limit(RECENT) if quick else pairs):
        if row.undone in {None, before} or row.undone >= row.seq or row.twice is not None:
            yield f"entry {row.seq}: reverses what it may not"
        elif _legs(row.seq, 1) != _legs(row.undone, -1):
            yield f"entry {row.seq}: not the negation of {row.undone}"
        before = row.undone


def floors_hold(quick: bool) -> Iterator[str]:
    """Accounts that are never negative never were, nor the fund of guarantees less what it advanced."""
    types = {row.code: row.type for row in db.session.execute(select(Account.code, Account.type))}
    floors = set(db.session.scalars(select(Account.code).where(Account.never_negative)))
    for seq, touched, held in _stored() if quick else _replay():
        for account, activity, subject in touched:
            cents = held[account, activity, subject]
            if account in floors and in_natural_sign(types[account], cents) < 0:
                yield f"account {account} below zero at entry {seq}"
        guarded = any(place[0] in GUARANTEES for place in touched)
        if guarded and sum(cents for place, cents in held.items() if place[0] in GUARANTEES) > 0:
            yield f"guarantees above their fund at entry {seq}"


def balances_are_right(quick: bool) -> Iterator[str]:
    """All postings sum to 0, and replaying them from zero gives each stored balance."""
    stored = {place: cents for _, _, held in _stored() for place, cents in held.items()}
    sums: Counter[str] = Counter()
    for (_, activity, _), cents in stored.items():
        sums[activity] += cents
    for activity, cents in sums.items():
        if cents:
            yield f"{activity} is off by {cents} cents"
    if quick:
        return
    replayed: dict[Place, int] = {}
    for _, _, held in _replay():
        replayed = held
    for place in sorted(stored.keys() | replayed.keys()):
        if stored.get(place) != replayed.get(place):
            yield f"balance of {place[0]} is {stored.get(place)}, its postings sum to {replayed.get(place)}"


def counts_are_right(quick: bool) -> Iterator[str]:
    """Each count adds up, its difference was booked, and it expected what the books held then."""
    newest = queries.head()[0]
    taken: defaultdict[int, list[Count]] = defaultdict(list)
    # A bank's statement books nothing: the treasury proves it.
    cash = select(Count).where(Count.account.startswith("57"))
    for count in db.session.scalars(cash.order_by(Count.id)):
        taken[count.at_seq].append(count)
        if sum(int(value) * pieces for value, pieces in count.pieces.items()) != count.counted:
            yield f"count {count.id}: its pieces do not add up"
        if _booked_on(count) != count.counted - count.expected:
            yield f"count {count.id}: its difference was not booked"
        if not 0 <= count.at_seq <= newest:
            yield f"count {count.id}: taken at an entry that is not there"
    for seq, _, held in () if quick or not taken else _replay():
        for count in taken.get(seq, ()):
            if count.expected != sum(cents for place, cents in held.items() if place[0] == count.account):
                yield f"count {count.id}: the books held something else"


def cycles_are_in_order(_quick: bool) -> Iterator[str]:
    """Closed cycles follow each other, and each closed at an entry that is there."""
    newest, before = queries.head()[0], 0
    for cycle in db.session.scalars(select(Cycle).order_by(Cycle.id)):
        if not before <= cycle.closed_seq <= newest:
            yield f"cycle {cycle.label}: closed at entry {cycle.closed_seq}"
        if cycle.starts_on > cycle.closed_on:
            yield f"cycle {cycle.label}: closed before it began"
        before = max(before, cycle.closed_seq)


def chart_is_sound(_quick: bool) -> Iterator[str]:
    """Each account is of a type that the first digit of its code allows, and has the floor of the chart."""
    rows = select(Account.code, Account.type, Account.never_negative)
    for code, kind, never_negative in db.session.execute(rows):
        if kind not in CLASSES.get(code[:1], ()):
            yield f"account {code} is no {kind}"
        if never_negative != (code in NEVER_NEGATIVE):
            yield f"account {code} {'lost' if code in NEVER_NEGATIVE else 'was given'} its floor"


def money_covers(_quick: bool) -> Iterator[str]:
    """Funds not lent out and debts, less deposits at the brewery, are covered by money, in each activity."""
    short: Counter[str] = Counter()
    types = {row.code: row.type for row in db.session.execute(select(Account.code, Account.type))}
    for _, _, held in _stored():
        for (account, activity, _), cents in held.items():
            owed = types[account] == AccountType.LIABILITY or account.startswith(EARMARKED)
            if owed or account.startswith(LIQUID) or account in {BREWERY, ADVANCED}:
                short[activity] -= cents
    for activity, cents in short.items():
        if cents > 0:
            yield f"{activity}: {cents} cents are owed or earmarked and not there"


CHECKS = (
    Check("entries balance, in each activity", entries_balance),
    Check("the chain of hashes holds, without a gap", chain_holds),
    Check("postings belong to entries and accounts", postings_have_entries),
    Check("reversals negate, once", reversals_negate),
    Check("no account is below its floor", floors_hold),
    Check("balances are what the postings sum to", balances_are_right),
    Check("cash counts are right", counts_are_right),
    Check("closed cycles are in order", cycles_are_in_order),
    Check("the chart of accounts is sound", chart_is_sound),
    Check("money covers funds and debts", money_covers, warns=True),
)


def _rows(statement: Executable) -> Iterator[Row[Any]]:
    """Read row by row, never the whole."""
    with db.session.execute(statement, execution_options={"yield_per": 1000}) as found:
        yield from found


def _entries(quick: bool) -> Iterator[tuple[Row[Any], list[Row[Any]]]]:
    """Give entries with their postings, in order; where quick, the newest ones."""
    legs = Posting.__table__.c
    wanted = (
        select(JournalEntry.__table__, legs.line, legs.account, legs.cents, legs.activity, legs.subject)
        .outerjoin(Posting, Posting.entry == JournalEntry.seq)
        .order_by(JournalEntry.seq, Posting.line)
    )
    if quick:
        wanted = wanted.where(JournalEntry.seq > queries.head()[0] - RECENT)
    for _, rows in groupby(_rows(wanted), key=lambda row: row.seq):
        found = list(rows)
        yield found[0], [row for row in found if row.line is not None]


def _as_entry(row: Row[Any], legs: list[Row[Any]]) -> Entry:
    return Entry(
        row.idempotency_key,
        row.kind,
        row.date,
        row.document,
        row.label,
        row.role,
        tuple(Leg(leg.account, leg.cents, leg.activity, leg.subject) for leg in legs),
        row.reverses,
    )


def _legs(seq: int, sign: int) -> list[tuple[object, ...]]:
    wanted = select(Posting.account, Posting.activity, Posting.subject, Posting.cents)
    rows = db.session.execute(wanted.where(Posting.entry == seq).order_by(Posting.line))
    return [(*row[:-1], sign * row.cents) for row in rows]


def _replay() -> Iterator[tuple[int, list[Place], dict[Place, int]]]:
    """Replay all postings: after each entry its number, the places it touched and all balances."""
    held: dict[Place, int] = defaultdict(int)
    wanted = select(Posting.__table__).order_by(Posting.entry, Posting.line)
    for seq, rows in groupby(_rows(wanted), key=lambda row: row.entry):
        touched: list[Place] = []
        for row in rows:
            touched.append((row.account, row.activity, row.subject or ""))
            held[touched[-1]] += row.cents
        yield seq, touched, held


def _stored() -> Iterator[tuple[int, list[Place], dict[Place, int]]]:
    """Give the stored balances in the form of a replay that has just ended."""
    rows = db.session.execute(select(Balance.__table__))
    held = {(row.account, row.activity, row.subject): row.cents for row in rows}
    yield queries.head()[0], list(held), held


def _booked_on(count: Count) -> int:
    """Give what the count's own entry booked on its account, in cents; 0 where it has none."""
    total = select(func.coalesce(func.sum(Posting.cents), 0))
    return int(
        db.session.scalar(total.where(Posting.entry == count.entry, Posting.account == count.account)) or 0
    )
