"""What was typed in the form of a decision, read as the value that it would have."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from shop.collective.what_if import what_if
from shop.errors import NotAnAmount, ValueUnfit, WeightOutOfRange
from shop.ledger.books.rules import WEIGHTS_SHOWN
from shop.ledger.sharing.rules import (
    ADVANCE_BOUND,
    FUND_SHARES,
    MARGIN_FUNDS,
    SECU,
    WEIGHTS,
    read_fund_shares,
)
from shop.ledger.sharing.services import weights_value
from shop.menu.rules import CAP_BOUNDS, PRICE_BOUNDS
from shop.money import decimal, parse_euros

Typed = Mapping[str, str]


def value_of(key: str, typed: Typed) -> Any:
    """Read what was typed as the value of a decision.

    Raises ValueUnfit, FundsNotWhole, NoBeneficiary, WeightOutOfRange.
    """
    if key not in READERS:
        raise ValueUnfit
    return READERS[key](typed)


def _weights(typed: Typed) -> dict[str, str]:
    tried = what_if(typed)
    if any(row.wrong for row in tried.rows):
        raise WeightOutOfRange
    return weights_value(tried.weights)


def _shown(typed: Typed) -> bool:
    if typed.get("shown") not in {"y", "n"}:
        raise ValueUnfit
    return typed["shown"] == "y"


def _rate(typed: Typed) -> dict[str, str]:
    found = re.fullmatch(r"([0-9]{1,2})(?:[.,]([0-9]{1,2}))?", typed.get("rate", "").strip(), re.ASCII)
    if not found:
        raise ValueUnfit
    return {"rate": f"{int(found[1])}.{(found[2] or '').ljust(2, '0')}"}


def _bound(typed: Typed) -> int:
    return _hundredths(typed.get("bound", ""))


def _funds(typed: Typed) -> dict[str, str]:
    found = {fund: _hundredths(typed.get(f"fund-{fund}", "").strip() or "0") for fund in MARGIN_FUNDS}
    value = {fund: decimal(share, ".") for fund, share in found.items()}
    read_fund_shares(value)
    return value


def _hundredths(text: str) -> int:
    try:
        return parse_euros(text.strip(" %\u00a0\u202f"))
    except NotAnAmount as error:
        raise ValueUnfit from error


def _two(least: str, most: str) -> Callable[[Typed], list[int]]:
    """Make a reader of two whole numbers, by the names of their fields."""

    def read(typed: Typed) -> list[int]:
        texts = [typed.get(name, "").strip() for name in (least, most)]
        if not all(re.fullmatch(r"[0-9]{1,3}", text, re.ASCII) for text in texts):
            raise ValueUnfit
        return [int(text) for text in texts]

    return read


READERS: dict[str, Callable[[Typed], Any]] = {
    WEIGHTS: _weights,
    WEIGHTS_SHOWN: _shown,
    ADVANCE_BOUND: _bound,
    CAP_BOUNDS: _two("least", "most"),
    SECU: _rate,
    FUND_SHARES: _funds,
    PRICE_BOUNDS: _two("lowest", "highest"),
}
"""By what is decided, in the order in which the page offers it."""
