"""What an entry is, what makes it right, and how it is chained. Pure."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from json.encoder import encode_basestring_ascii as _quote
from typing import NamedTuple

from shop.errors import EntryIncomplete, Unbalanced

GENESIS = "0" * 64
"""What stands for the hash before the first entry."""

HASH_VERSION = 1

LIAISON = "499100"
"""Who owes whom, where one seller's box takes the other's money."""

CLOSING = "closing:"
"""How the document of a year end begins, that of its reversal too: neither is anything earned or spent."""

WEIGHTS_SHOWN = "weights-shown"
"""The key of the decision whether weights and parts are shown beside each other: true or false."""

FEWEST = 3
"""Of fewer people a sum would tell about one of them."""

MONEY = {
    "570100": "meals", "550100": "meals",
    "570200": "beer", "550200": "beer",
}  # fmt: skip
"""The cash boxes and bank accounts that people pay from and into, and whose each is."""
LONGEST = {"key": 80, "document": 40, "label": 80, "role": 12}
"""Characters that the columns hold."""


class AccountType(StrEnum):
    """The five types of account."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"


class EntryKind(StrEnum):
    """What happened; one value for each event of the books that stands so far."""

    OPENING = "opening"
    HAND_OVER = "hand_over"
    PAYMENT = "payment"
    NO_SHOW = "no_show"
    COST = "cost"
    REIMBURSEMENT = "reimbursement"
    BILL_PAID = "bill_paid"
    GIFT = "gift"
    TRANSFER = "transfer"
    LIAISON = "liaison"
    COUNT = "count"
    SETTLEMENT = "settlement"
    PAYOUT = "payout"
    ADVANCE = "advance"
    CLOSING = "closing"
    REVERSAL = "reversal"


class ReversalReason(StrEnum):
    """Why an entry is undone, from a list, so that nobody writes about a person."""

    AMOUNT = "amount"
    TWICE = "twice"
    PLACE = "place"
    DAY = "day"
    NEVER = "never"


LegRow = tuple[str, int, str, str | None]
"""A leg as its row has it: account, cents, activity, subject."""


class Kept(NamedTuple):
    """An entry as its row keeps it, days as text; `hash` covers what stands before it, and the postings."""

    seq: int
    key: str
    fingerprint: str
    date: str
    recorded_on: str
    kind: str
    document: str
    label: str
    role: str
    reverses: int | None
    prev_hash: str
    hash: str = ""
    hash_version: int = HASH_VERSION
    sealed: bool = False


@dataclass(frozen=True)
class Leg:
    """A posting to be: debit > 0, credit < 0, in cents; `subject` is opaque."""

    account: str
    cents: int
    activity: str = "meals"
    subject: str | None = None


@dataclass(frozen=True)
class Entry:
    """An entry to be. `key` makes the same event one entry; `document` is what it cites: `order:1042`.

    `date` is the day it happened, `role` who booked it, and `reverses` the entry that it undoes.
    """

    key: str
    kind: EntryKind
    date: dt.date
    document: str
    label: str
    role: str
    legs: tuple[Leg, ...]
    reverses: int | None = None


def check_entry(entry: Entry) -> None:
    """Refuse an entry that is incomplete or does not balance within each activity.

    Raises EntryIncomplete, Unbalanced.
    """
    for name, most in LONGEST.items():
        text = getattr(entry, name)
        if len(text) > most or not (text or name == "label"):
            raise EntryIncomplete(name)
    if len(entry.legs) < 2:
        raise EntryIncomplete("legs")
    if not all(isinstance(leg.cents, int) and leg.cents for leg in entry.legs):
        raise EntryIncomplete("zero")
    for activity, off_by in off_balance(entry.legs).items():
        raise Unbalanced(activity, off_by)


def off_balance(legs: Iterable[Leg]) -> dict[str, int]:
    """Give what each activity's legs sum to in cents, where that is not 0."""
    sums: Counter[str] = Counter()
    for leg in legs:
        sums[leg.activity] += leg.cents
    return {activity: cents for activity, cents in sums.items() if cents}


def through_liaison(legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """Add what each seller owes the other, so that the legs balance within each (ledger.md: 499100).

    The legs balance together; they are given back as they are where each seller's do.
    """
    given = tuple(legs)
    return (*given, *(Leg(LIAISON, -cents, activity) for activity, cents in off_balance(given).items()))


def in_natural_sign(kind: AccountType, cents: int) -> int:
    """Turn a balance so that what such an account usually holds is positive."""
    return cents if kind in {AccountType.ASSET, AccountType.EXPENSE} else -cents


def reversal_of(entry: Entry, seq: int, day: dt.date, role: str, reason: str = "") -> Entry:
    """Make the exact negation of entry `seq`, dated `day`; it cites the same document.

    Its label is the `reason`, a value of ReversalReason, or where none is given the label of what it undoes.
    """
    legs = tuple(replace(leg, cents=-leg.cents) for leg in entry.legs)
    return Entry(
        f"reversal:{seq}",
        EntryKind.REVERSAL,
        day,
        entry.document,
        reason or entry.label,
        role,
        legs,
        reverses=seq,
    )


def closing_document(activity: str, year: int) -> str:
    """Name the year end of a seller, as its entries cite it: `closing:2026:meals`."""
    return f"{CLOSING}{year}:{activity}"


def closing_legs(activity: str, held: Mapping[str, int], result_account: str) -> tuple[Leg, ...]:
    """Empty accounts of income and expense into the result account, where they hold more than each other.

    `held` has what each of them holds in cents, debit > 0.
    """
    legs = [Leg(account, -cents, activity) for account, cents in sorted(held.items())]
    total = sum(held.values())
    return (*legs, Leg(result_account, total, activity)) if total else tuple(legs)


def next_generation(base: str, key: str) -> str:
    """Give the key after `key` for an act done again: `base`, `base#2`, `base#3` …"""
    generation = int(key.removeprefix(f"{base}#")) if key != base else 1
    return f"{base}#{generation + 1}"


def fingerprint(entry: Entry) -> str:
    """Hash what the event says: kind, document, what it reverses, its sorted postings.

    Not the dates, the label or the role, so that a rerun after midnight is the same event.
    """
    return event_hash(entry.kind, entry.document, entry.reverses, _rows(entry))


def event_hash(kind: str, document: str, reverses: int | None, legs: Iterable[LegRow]) -> str:
    """Hash what an event says, from its columns: see `fingerprint`."""
    rows = sorted((account, cents, activity, subject or "") for account, cents, activity, subject in legs)
    return _digest(f"[{_quote(kind)},{_quote(document)},{_or_null(reverses)},{_canonical(rows)}]")


def chain_hash(seq: int, entry: Entry, stated_fingerprint: str, recorded_on: dt.date, prev_hash: str) -> str:
    """Hash all that is kept of an entry, and the hash before it (version 1: SHA-256 of canonical JSON)."""
    kept = Kept(
        seq,
        entry.key,
        stated_fingerprint,
        entry.date.isoformat(),
        recorded_on.isoformat(),
        entry.kind,
        entry.document,
        entry.label,
        entry.role,
        entry.reverses,
        prev_hash,
    )
    return link_hash(kept, _rows(entry))


def link_hash(kept: Kept, legs: Iterable[LegRow]) -> str:
    """Hash the columns of an entry and its postings in order: see `chain_hash`."""
    # Written by hand, because a proof of long books does little else; the tests compare it with json's own.
    return _digest(
        f'{{"date":{_quote(kept.date)},"document":{_quote(kept.document)},'
        f'"fingerprint":{_quote(kept.fingerprint)},"key":{_quote(kept.key)},"kind":{_quote(kept.kind)},'
        f'"label":{_quote(kept.label)},"postings":{_canonical(legs)},"prev_hash":{_quote(kept.prev_hash)},'
        f'"recorded_on":{_quote(kept.recorded_on)},"reverses":{_or_null(kept.reverses)},'
        f'"role":{_quote(kept.role)},"seq":{kept.seq}}}'
    )


def _rows(entry: Entry) -> list[LegRow]:
    return [(leg.account, leg.cents, leg.activity, leg.subject) for leg in entry.legs]


def _canonical(legs: Iterable[LegRow]) -> str:
    """Write legs as JSON does, without spaces."""
    rows = [
        f"[{_quote(account)},{cents},{_quote(activity)},{'null' if subject is None else _quote(subject)}]"
        for account, cents, activity, subject in legs
    ]
    return f"[{','.join(rows)}]"


def _or_null(number: object) -> str:
    return "null" if number is None else str(number)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
