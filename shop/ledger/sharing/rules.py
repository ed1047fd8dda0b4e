"""What a share is: weights, carry, envelopes and the entry of a settlement. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from shop.decisions.rules import Kind, a_flag, cents_up_to
from shop.errors import (
    FundsNotWhole,
    MoreThanDistributable,
    NoBeneficiary,
    NotAnAmount,
    NothingToShare,
    ValueUnfit,
    WeightOutOfRange,
)
from shop.ledger.books.rules import LIAISON, WEIGHTS_SHOWN, Entry, EntryKind, Leg
from shop.money import allocate

WEIGHTS = "weights"
"""The key of the decision: a member's id as text → a weight as text, such as `1.30`."""

SECU = "secu"
"""The key of the decision what goes to the SECU first: `{"rate": "10.00"}` of a hundred; 0 is nothing."""

FUND_SHARES = "funds"
"""The key of the decision how the beer's margin is divided: a fund's account → a percentage, as `25.00`."""

ADVANCE_BOUND = "advance-bound"
"""The key of the decision up to how many cents one person may be advanced; 0 is nothing."""

MOST_ADVANCED = 50_000

AID = "643100"
ALLOTTED = "489110"
TO_FUNDS = "691100"
SECU_JAR = "139400"
JARS = "beer"
"""Whose books the SECU's fund stands in: the ASBL keeps it."""

MARGIN_FUNDS = ("139100", "139200", "139300", SECU_JAR)
"""The four funds that the beer's margin goes to."""

HUNDRED = 10_000
"""A hundred, in hundredths."""

EQUAL_FUNDS = dict.fromkeys(MARGIN_FUNDS, HUNDRED // len(MARGIN_FUNDS))
"""How the margin is divided until the meeting decides otherwise."""

LARGEST_WEIGHT = 9999
STEP = 100
"""Envelopes hold whole euros; what is left over waits for the next one."""

BOX = "570100"
ADVANCED = "416100"
PAYOUT_STEP = "payout-step"
"""The setting of the smallest piece that a payout uses, one of STEPS; what is below it waits."""

STEPS = (5, 100, 500)
"""Five cents, a euro, five euros."""


class PayoutKind(StrEnum):
    """What cash handed to somebody was: of their part, or an advance on it."""

    PART = "part"
    ADVANCE = "advance"


@dataclass(frozen=True)
class Secu:
    """What goes to the SECU first: `rate` in hundredths of a hundred, by the decision of this id, or none."""

    rate: int = 0
    decision: int | None = None


@dataclass(frozen=True)
class Past:
    """A settlement that stands: cents shared, weights in hundredths and cents got, by subject."""

    shared: int
    weights: Mapping[str, int]
    got: Mapping[str, int]


def parse_weight(text: str) -> int:
    """Read a weight with comma or point, such as `1,3`, as hundredths, 1 to 9999. Raises WeightOutOfRange."""
    found = re.fullmatch(r"([0-9]{1,2})(?:[.,]([0-9]{1,2}))?", text.strip(), re.ASCII)
    if not found:
        raise WeightOutOfRange
    whole, decimals = found.groups()
    weight = int(whole) * 100 + int((decimals or "").ljust(2, "0"))
    if not 1 <= weight <= LARGEST_WEIGHT:
        raise WeightOutOfRange
    return weight


class Scale(StrEnum):
    """A scale that turns who lives in a household into a weight; the first adult is 1 in each.

    Source: OECD-modified, 0.5 for each other from 14 on and 0.3 for a child; Oxford, 0.7 and 0.5.
    """

    OECD = "oecd"
    OXFORD = "oxford"


SCALES = {Scale.OECD: (50, 30), Scale.OXFORD: (70, 50)}


def household_weight(scale: Scale, others: int, children: int) -> int:
    """Give the weight in hundredths of a household: one adult, `others` from 14 on, and children."""
    per_other, per_child = SCALES[scale]
    return 100 + per_other * others + per_child * children


def write_weight(weight: int) -> str:
    """Write hundredths as `1.30`."""
    return f"{weight // 100}.{weight % 100:02}"


def read_weights(value: Mapping[str, str]) -> dict[int, int]:
    """Read a decision's value as hundredths by member id. Raises WeightOutOfRange."""
    return {int(member): parse_weight(text) for member, text in value.items()}


def check_weights(value: Any) -> None:
    """Refuse weights that nobody could share by. Raises NoBeneficiary, WeightOutOfRange, ValueUnfit."""
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise ValueUnfit
    if not value:
        raise NoBeneficiary
    read_weights(value)


def read_rate(value: Any) -> int:
    """Read a rate of a hundred, such as `{"rate": "10.00"}`, as hundredths. Raises ValueUnfit."""
    text = value.get("rate") if isinstance(value, dict) else None
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{1,2}\.[0-9]{2}", text, re.ASCII):
        raise ValueUnfit
    return int(text.replace(".", ""))


def check_rate(value: Any) -> None:
    """Refuse a rate of the SECU that is none. Raises ValueUnfit."""
    read_rate(value)


def read_fund_shares(value: Any) -> dict[str, int]:
    """Read the percentage of each fund, such as `{"139100": "25.00", …}`, as hundredths by account.

    Raises ValueUnfit, FundsNotWhole.
    """
    if not isinstance(value, dict) or set(value) != set(MARGIN_FUNDS):
        raise ValueUnfit
    for text in value.values():
        if not isinstance(text, str) or not re.fullmatch(r"[0-9]{1,3}\.[0-9]{2}", text, re.ASCII):
            raise ValueUnfit
    shares = {fund: int(value[fund].replace(".", "")) for fund in MARGIN_FUNDS}
    if short := HUNDRED - sum(shares.values()):
        raise FundsNotWhole(short)
    return shares


def check_fund_shares(value: Any) -> None:
    """Refuse percentages that do not divide the whole. Raises ValueUnfit, FundsNotWhole."""
    read_fund_shares(value)


KINDS = (
    Kind(WEIGHTS, check_weights),
    Kind(WEIGHTS_SHOWN, a_flag),
    Kind(SECU, check_rate),
    Kind(ADVANCE_BOUND, cents_up_to(MOST_ADVANCED)),
    Kind(FUND_SHARES, check_fund_shares),
)
"""What is decided about sharing."""


def exact_share(shared: int, weights: Mapping[str, int], subject: str) -> Fraction:
    """Give a subject's share in cents before any rounding; 0 for who has no weight."""
    everything = sum(weights.values())
    return Fraction(shared * weights.get(subject, 0), everything) if everything else Fraction(0)


def carry(pasts: Iterable[Past]) -> dict[str, Fraction]:
    """Sum what each subject was short of so far, in cents: exact share minus what they got.

    Leavers keep theirs, joiners start at 0. Source: ledger.md section 6.
    """
    short: dict[str, Fraction] = {}
    for past in pasts:
        for subject in past.weights.keys() | past.got.keys():
            missing = exact_share(past.shared, past.weights, subject) - past.got.get(subject, 0)
            short[subject] = short.get(subject, Fraction(0)) + missing
    return short


def divide(
    amount: int | None,
    distributable: int,
    weights: Mapping[str, int],
    short: Mapping[str, Fraction],
    rate: int = 0,
) -> dict[str, int]:
    """Divide `amount` cents, or all there is where it is None, by weight; gives the cents of each subject.

    What the SECU's `rate`, in hundredths of a hundred, takes comes off first. An amount of 0 leaves
    everything to the next time. Raises NothingToShare, MoreThanDistributable.
    """
    wanted = taken(amount, distributable)
    return allocate(wanted - secu_share(wanted, rate), weights, short)


def secu_share(amount: int, rate: int) -> int:
    """Give what goes to the SECU first of `amount` cents: whole cents, rounded down; `rate` in hundredths."""
    return max(amount, 0) * rate // 10_000


def taken(amount: int | None, distributable: int) -> int:
    """Give the cents that a settlement takes: `amount`, or all there is where it is None.

    Raises NothingToShare, MoreThanDistributable.
    """
    if amount is None and distributable <= 0:
        raise NothingToShare(distributable)
    wanted = distributable if amount is None else amount
    if wanted > max(distributable, 0):
        raise MoreThanDistributable(max(distributable, 0))
    if wanted < 0:
        raise NothingToShare(distributable)
    return wanted


def settlement_label(labels: Sequence[str]) -> str:
    """Name a settlement after its weeks: `2026-W48`, or `2026-W47..2026-W48` from the first to the last."""
    ordered = sorted(labels)
    return ordered[0] if len(ordered) == 1 else f"{ordered[0]}..{ordered[-1]}"


def settlement_entry(
    key: str, parts: Mapping[str, int], activity: str, day: date, role: str, *, secu: int = 0
) -> Entry:
    """Make the one entry of a settlement: 643100 for the total, 489110 for each part that is not 0.

    `secu` cents go to the ASBL, which keeps the SECU's fund: 691100 → 499100, and there 499100 → 139400.
    `key` is `settlement:<label>`, with `#2` and so on where it was undone before.
    """
    legs = [Leg(AID, sum(parts.values()), activity)]
    legs += [Leg(ALLOTTED, -cents, activity, subject) for subject, cents in sorted(parts.items()) if cents]
    if secu:
        legs += [Leg(TO_FUNDS, secu, activity), Leg(LIAISON, -secu, activity)]
        legs += [Leg(LIAISON, secu, JARS), Leg(SECU_JAR, -secu, JARS)]
    return Entry(key, EntryKind.SETTLEMENT, day, key.partition("#")[0], "", role, tuple(legs))


def payout_entry(form_id: str, subject: str, cents: int, taken_back: int, *, day: date, role: str) -> Entry:
    """Make the entry of a part paid out: 489110 of the subject → the box, and what pays back an advance.

    Raises NotAnAmount.
    """
    if min(cents, taken_back) < 0 or not cents + taken_back:
        raise NotAnAmount
    name = f"payout:{form_id}"
    legs = [Leg(ALLOTTED, cents + taken_back, subject=subject)]
    legs += [Leg(BOX, -cents)] if cents else []
    legs += [Leg(ADVANCED, -taken_back, subject=subject)] if taken_back else []
    return Entry(name, EntryKind.PAYOUT, day, name, "", role, tuple(legs))


def advance_entry(form_id: str, subject: str, cents: int, *, day: date, role: str) -> Entry:
    """Make the entry of an advance on a part: 416100 of the subject → the box. Raises NotAnAmount."""
    if cents <= 0:
        raise NotAnAmount
    name = f"payout:{form_id}"
    legs = (Leg(ADVANCED, cents, subject=subject), Leg(BOX, -cents))
    return Entry(name, EntryKind.ADVANCE, day, name, "", role, legs)


def in_steps(cents: int, step: int) -> int:
    """Give how much of a part can be handed out in pieces of `step` cents; the rest waits."""
    return cents // step * step


def envelope(before: int, part: int, step: int = STEP) -> int:
    """Say how many cents to put into an envelope: whole steps, with what was left over `before` this part.

    `before` is the sum of the parts of earlier settlements, whose envelopes were rounded down the same way.
    """
    return (before + part) // step * step - before // step * step
