"""What an entry is, what makes it right, and how it is chained. Pure."""

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from shop.errors import EntryIncomplete, Unbalanced

GENESIS = "0" * 64
"""What stands for the hash before the first entry."""

HASH_VERSION = 1

LIAISON = "499100"
"""Who owes whom, where one seller's box takes the other's money."""

CLOSING = "closing:"
"""How the document of a year end begins, that of its reversal too: neither is anything earned or spent."""

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
    CLOSING = "closing"
    REVERSAL = "reversal"


class ReversalReason(StrEnum):
    """Why an entry is undone, from a list, so that nobody writes about a person."""

    AMOUNT = "amount"
    TWICE = "twice"
    PLACE = "place"
    DAY = "day"
    NEVER = "never"


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
    legs = sorted([leg.account, leg.cents, leg.activity, leg.subject or ""] for leg in entry.legs)
    return _digest([entry.kind, entry.document, entry.reverses, legs])


def chain_hash(seq: int, entry: Entry, stated_fingerprint: str, recorded_on: dt.date, prev_hash: str) -> str:
    """Hash all that is kept of an entry, and the hash before it (version 1: SHA-256 of canonical JSON)."""
    return _digest(
        {
            "seq": seq,
            "key": entry.key,
            "fingerprint": stated_fingerprint,
            "date": entry.date.isoformat(),
            "recorded_on": recorded_on.isoformat(),
            "kind": entry.kind,
            "document": entry.document,
            "label": entry.label,
            "role": entry.role,
            "reverses": entry.reverses,
            "postings": [[leg.account, leg.cents, leg.activity, leg.subject] for leg in entry.legs],
            "prev_hash": prev_hash,
        }
    )


def _digest(value: object) -> str:
    text = json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
