"""The verbs of the books: post, reverse, close a cycle or a year, lock days; in the caller's transaction."""

from collections import Counter
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from shop.errors import (
    AlreadyClosed,
    AlreadyReversed,
    BoxOverdrawn,
    DayAhead,
    DayNotOver,
    EntryUnknown,
    KeyReused,
    NothingToClose,
    PeriodLocked,
    ReversalOfReversal,
    UnknownAccount,
    YearNotOver,
    YearOutOfOrder,
)
from shop.extensions import db
from shop.ledger.books import queries, years
from shop.ledger.books.models import Account, Balance, Cycle, JournalEntry, Period, Posting
from shop.ledger.books.rules import (
    HASH_VERSION,
    Entry,
    EntryKind,
    chain_hash,
    check_entry,
    closing_document,
    closing_legs,
    fingerprint,
    in_natural_sign,
    next_generation,
    reversal_of,
)
from shop.members.models import Activity


def post(entry: Entry, today: date) -> int:
    """Book an entry and seal it; give its number, or the number it has where it was booked before.

    Raises EntryIncomplete, Unbalanced, KeyReused, DayAhead, PeriodLocked, UnknownAccount, BoxOverdrawn;
    where it reverses another, EntryUnknown, AlreadyReversed, ReversalOfReversal.
    """
    check_entry(entry)
    stated = fingerprint(entry)
    known = db.session.execute(
        select(JournalEntry.seq, JournalEntry.fingerprint).where(JournalEntry.idempotency_key == entry.key)
    ).first()
    if known:
        if known.fingerprint != stated:
            raise KeyReused(entry.key)
        return int(known.seq)
    _check_day(entry.date, today)
    _check_reversal(entry)
    _check_accounts(entry)
    seq, prev_hash = queries.head()
    seq += 1
    own_hash = chain_hash(seq, entry, stated, today, prev_hash)
    _write(
        seq, entry, {"fingerprint": stated, "recorded_on": today, "prev_hash": prev_hash, "hash": own_hash}
    )
    return seq


def reverse(seq: int, day: date, today: date, role: str, reason: str = "") -> int:
    """Undo an entry by its exact negation, dated `day`; give its number, the same when asked again.

    Raises EntryUnknown, ReversalOfReversal, DayAhead, PeriodLocked, BoxOverdrawn.
    """
    return post(reversal_of(queries.as_entry(seq), seq, day, role, reason), today)


def close_cycle(activity: str, label: str, starts_on: date, closed_on: date) -> Cycle:
    """Write down that a week (or a beer month) is closed, as of the newest entry. Raises AlreadyClosed."""
    if db.session.scalar(select(Cycle.id).where(Cycle.label == label)):
        raise AlreadyClosed
    cycle = Cycle(
        activity=activity,
        label=label,
        starts_on=starts_on,
        closed_on=closed_on,
        closed_seq=queries.head()[0],
    )
    db.session.add(cycle)
    db.session.flush()
    return cycle


def open_day(day: date) -> date:
    """Give the day on which something of `day` is posted: that day, or the first open one after its lock."""
    return years.first_open_day(day)


def lock_until(day: date, today: date) -> None:
    """Lock all days up to `day`, for good; to the same day again nothing happens.

    Raises DayNotOver, and PeriodLocked where later days are locked already.
    """
    if day >= today:
        raise DayNotOver(day)
    until = years.locked_until()
    if until and day < until:
        raise PeriodLocked(until)
    if day != until:
        db.session.add(Period(starts_on=until + timedelta(days=1) if until else date.min, ends_on=day))
        db.session.flush()


def close_year(activity: str, year: int, today: date, role: str) -> int:
    """Bring a seller's income and expense of a year that is over to its result account; give the number.

    Dated 31 December, or the first open day. What was booked into the year since is closed by an entry more;
    where there is nothing more, the number is that of the closing that stands. Raises YearNotOver,
    YearOutOfOrder, NothingToClose.
    """
    if years.last_day(year) >= today:
        raise YearNotOver(year)
    if years.to_close(activity, year - 1):
        raise YearOutOfOrder(year - 1)
    held, standing = years.to_close(activity, year), years.closings(activity, year)
    if not held and standing:
        return standing[-1]
    if not held:
        raise NothingToClose(year)
    document = closing_document(activity, year)
    key, day = _next_closing(document)
    day = open_day(max(day, years.last_day(year)))
    legs = closing_legs(activity, held, db.session.get_one(Activity, activity).result_account)
    return post(Entry(key, EntryKind.CLOSING, day, document, "", role, legs), today)


def _next_closing(document: str) -> tuple[str, date]:
    """Give the first key of a year end that is free, and the last day on which one was closed or undone."""
    cited = (JournalEntry.idempotency_key, JournalEntry.date)
    found = db.session.execute(select(*cited).where(JournalEntry.document == document)).all()
    key, keys = document, {row.idempotency_key for row in found}
    while key in keys:
        key = next_generation(document, key)
    return key, max((row.date for row in found), default=date.min)


def _check_day(day: date, today: date) -> None:
    if day > today:
        raise DayAhead(day)
    until = years.lock_on(day)
    if until:
        raise PeriodLocked(until)


def _check_reversal(entry: Entry) -> None:
    if entry.reverses is None:
        return
    found = db.session.execute(
        select(JournalEntry.seq, JournalEntry.reverses).where(
            (JournalEntry.seq == entry.reverses) | (JournalEntry.reverses == entry.reverses)
        )
    ).all()
    if not found:
        raise EntryUnknown(entry.reverses)
    if any(seq == entry.reverses and reverses is not None for seq, reverses in found):
        raise ReversalOfReversal(entry.reverses)
    if any(reverses == entry.reverses for _, reverses in found):
        raise AlreadyReversed(entry.reverses)


def _check_accounts(entry: Entry) -> None:
    """Refuse unknown and closed accounts, and one that may not go below zero and would."""
    accounts, held = _accounts({leg.account for leg in entry.legs})
    for leg in entry.legs:
        account = accounts.get(leg.account)
        day = entry.date
        if account is None or not (account.opened_on or day) <= day <= (account.closed_on or day):
            raise UnknownAccount(leg.account)
        held[leg.account, leg.activity, leg.subject or ""] += leg.cents
    for (code, _activity, _subject), cents in held.items():
        left = in_natural_sign(accounts[code].type, cents)
        if accounts[code].never_negative and left < 0:
            raise BoxOverdrawn(code, -left)


def _accounts(codes: Collection[str]) -> tuple[dict[str, Row[Any]], Counter[tuple[str, str, str]]]:
    """Read accounts and, by account, activity and subject, what they hold in cents."""
    rows = db.session.execute(
        select(Account.__table__, Balance.activity, Balance.subject, Balance.cents)
        .outerjoin(Balance, Balance.account == Account.code)
        .where(Account.code.in_(codes))
    ).all()
    held: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        if row.cents is not None:
            held[row.code, row.activity, row.subject] = row.cents
    return {row.code: row for row in rows}, held


def _write(seq: int, entry: Entry, chain: dict[str, object]) -> None:
    """Insert the entry and its postings and seal it; the database checks all of it once more."""
    db.session.execute(
        insert(JournalEntry).values(
            seq=seq,
            idempotency_key=entry.key,
            date=entry.date,
            kind=entry.kind,
            document=entry.document,
            label=entry.label,
            role=str(entry.role),
            reverses=entry.reverses,
            hash_version=HASH_VERSION,
            sealed=False,
            **chain,
        )
    )
    lines = [
        {
            "entry": seq,
            "line": line,
            "account": leg.account,
            "cents": leg.cents,
            "activity": leg.activity,
            "subject": leg.subject,
        }
        for line, leg in enumerate(entry.legs, 1)
    ]
    db.session.execute(insert(Posting).values(lines))
    db.session.execute(
        update(JournalEntry)
        .where(JournalEntry.seq == seq)
        .values(sealed=True)
        .execution_options(synchronize_session=False)
    )
