"""How the law on VAT sees each seller, with the day from which it does."""

from datetime import date
from enum import StrEnum

from shop.settings.queries import rows_of, value_on
from shop.settings.services import set_from

FRANCHISE = "vat-franchise"
"""The turnover of a year, in cents, up to which a seller may stay exempt.

Source: Code de la TVA, article 56bis (25 000 € since 2016).
"""


class Regime(StrEnum):
    """What a seller is to the VAT."""

    NOT_LIABLE = "not_liable"
    FRANCHISE = "franchise"
    CHARGES = "charges"


def regime_on(seller: str, day: date) -> Regime | None:
    """Give a seller's regime on a day, or None where nobody said it."""
    found = value_on(f"regime:{seller}", day)
    return Regime(found) if found else None


def set_regime(seller: str, regime: Regime, day: date) -> None:
    """Let a regime hold from a day on."""
    if regime_on(seller, day) is not regime:
        set_from(f"regime:{seller}", day, regime.value)


def thresholds() -> list[tuple[date, int]]:
    """List the franchise's bounds: the day from which each holds and cents, the newest first."""
    return [(row.holds_from, row.value) for row in rows_of(FRANCHISE)]
