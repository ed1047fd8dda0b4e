"""Whole cents: reading, writing, rounding and dividing them. Pure."""

import re
from collections.abc import Mapping
from fractions import Fraction

from shop.errors import NotAnAmount


def parse_euros(text: str) -> int:
    """Read an amount with comma or point and at most two decimals as cents, 0 or more.

    Raises NotAnAmount.
    """
    found = re.fullmatch(r"([0-9]{1,6})(?:[.,]([0-9]{1,2}))?", text.strip(" \u00a0\u202f€"), re.ASCII)
    if not found:
        raise NotAnAmount
    euros, decimals = found.groups()
    return int(euros) * 100 + int((decimals or "").ljust(2, "0"))


def decimal(cents: int, mark: str = ",") -> str:
    """Write cents as `-25,50`, for fields and files."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}{mark}{abs(cents) % 100:02}"


def euros(cents: int) -> str:
    """Write cents as people read them in Belgium: `1 234,50 €`, with no-break spaces."""
    sign = "−" if cents < 0 else ""
    whole = f"{abs(cents) // 100:,}".replace(",", "\u202f")
    return f"{sign}{whole},{abs(cents) % 100:02}\u00a0€"


def round_cash(cents: int) -> int:
    """Round a total paid in cash to 5 cents; 5 cents or less stays.

    Source: Belgian rounding since 1 December 2019, on the total and never on a line.
    """
    if cents <= 5:
        return cents
    return (cents + 2) // 5 * 5


def allocate(
    total: int, weights: Mapping[str, int], carry: Mapping[str, Fraction] | None = None
) -> dict[str, int]:
    """Divide `total` cents by weight: largest remainder, then the id, never the order of the input.

    `weights` are whole numbers (hundredths of a need). `carry` is what each was short of so far, in cents;
    the odd cents go to the largest remainder + carry among those whose remainder is not 0. A total of 0 or
    less gives nothing to anyone. Raises ValueError for a negative weight.
    """
    if any(weight < 0 for weight in weights.values()):
        raise ValueError("a weight is never negative")
    everything = sum(weights.values())
    if total <= 0 or everything == 0:
        return dict.fromkeys(weights, 0)
    owed = carry or {}
    parts = {who: total * weight // everything for who, weight in weights.items()}
    remainders = {who: Fraction(total * weight % everything, everything) for who, weight in weights.items()}
    waiting = sorted(
        (who for who in weights if remainders[who]),
        key=lambda who: (-(remainders[who] + owed.get(who, Fraction(0))), who),
    )
    for who in waiting[: total - sum(parts.values())]:
        parts[who] += 1
    return parts


COINS = (20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1)
"""Euro notes and coins in cents; the 500 is no longer printed, and shops refuse it."""


def notes_and_coins(cents: int, largest: int = 5000) -> dict[int, int]:
    """Say which notes and coins make an amount, largest first; none above `largest` cents."""
    found: dict[int, int] = {}
    for value in COINS:
        if value <= largest and cents >= value:
            found[value], cents = divmod(cents, value)
    return found
