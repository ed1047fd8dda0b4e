"""What can be decided, and nothing else: each kind of decision with what its value may be. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shop.errors import ValueUnfit


@dataclass(frozen=True)
class Kind:
    """A kind of decision: its `key`, and a `check` that raises where a value cannot be decided."""

    key: str
    check: Callable[[Any], None]


def a_flag(value: Any) -> None:
    """Refuse what is neither true nor false. Raises ValueUnfit."""
    if not isinstance(value, bool):
        raise ValueUnfit


def cents_up_to(most: int) -> Callable[[Any], None]:
    """Make a check for whole cents from 0 to `most`."""

    def check(value: Any) -> None:
        if type(value) is not int or not 0 <= value <= most:
            raise ValueUnfit

    return check


def bounds_within(least: int, most: int) -> Callable[[Any], None]:
    """Make a check for a pair of whole numbers, the smaller one first, that lie within these."""

    def check(value: Any) -> None:
        if not isinstance(value, list) or [type(one) for one in value] != [int, int]:
            raise ValueUnfit
        if not least <= value[0] <= value[1] <= most:
            raise ValueUnfit

    return check


def bounds_around(least: int, middle: int, most: int) -> Callable[[Any], None]:
    """Make a check for a pair of whole numbers within these, of which none lies beyond `middle`."""
    within = bounds_within(least, most)

    def check(value: Any) -> None:
        within(value)
        if not value[0] <= middle <= value[1]:
            raise ValueUnfit

    return check
