"""Where ten euros go: sums of the year's books, never a person's."""

from dataclasses import dataclass

from shop.ledger.books.queries import balances_by_subject, balances_of
from shop.ledger.sharing.rules import ALLOTTED
from shop.money import allocate

FOOD = ("600100", "600110")
RUNNING = ("610000", "616100")
COOKS = ("643100",)
ENOUGH = 3
"""Below so many who had a part, what they had together would say what one of them had."""


@dataclass(frozen=True)
class TenEuros:
    """How ten euros were spent, in cents that sum to 1000."""

    food: int
    running: int
    cooks: int


def ten_euros() -> TenEuros | None:
    """Divide ten euros as the books divided all of them; None before three people had a part."""
    balances = balances_of(FOOD + RUNNING + COOKS)
    spent = {
        "food": sum(balances[code] for code in FOOD),
        "running": sum(balances[code] for code in RUNNING),
        "cooks": sum(balances[code] for code in COOKS),
    }
    if any(cents < 0 for cents in spent.values()) or not spent["cooks"]:
        return None
    if len(balances_by_subject(ALLOTTED)) < ENOUGH:
        return None
    return TenEuros(**allocate(1000, spent))
