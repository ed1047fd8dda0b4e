"""Bugs planted one at a time in a posting rule: an account, a leg dropped, twice the amount, the seller.

The posting rules are every function of a `rules` module that gives an entry or the legs of one.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FunctionType, ModuleType
from typing import Any

from shop import registry
from shop.ledger.books.rules import Entry, Leg
from tests.ledger.machine.ground import Ground
from tests.ledger.machine.machine import run_machine

GIVE = (Entry, Entry | None, tuple[Leg, ...])
INSTEAD = {
    "1": "100000",
    "2": "340200",
    "3": "288100",
    "4": "499000",
    "5": "580100",
    "6": "642100",
    "7": "749100",
}
"""By class, an account that no rule books yet: so that the wrong one is another one."""

Legs = tuple[Leg, ...]

assert registry  # importing it imports every feature


@dataclass(frozen=True)
class Bug:
    """A change of what a rule gives."""

    rule: str
    name: str
    change: Callable[[Legs], Legs]


def posting_rules() -> dict[str, FunctionType]:
    """Find the rules by their names, such as `shop.orders.rules.sale_entry`."""
    return {
        f"{module.__name__}.{name}": value
        for module in _modules()
        for name, value in vars(module).items()
        if module.__name__.endswith(".rules") and not name.startswith("_") and _is_rule(value, module)
    }


def _is_rule(value: object, module: ModuleType) -> bool:
    own = isinstance(value, FunctionType) and value.__module__ == module.__name__
    return own and value.__annotations__.get("return") in GIVE


def _modules() -> list[ModuleType]:
    return [module for name, module in sorted(sys.modules.items()) if name.startswith("shop.") and module]


def bugs() -> list[Bug]:
    """List every bug that can be planted."""
    changes: dict[str, Callable[[Legs], Legs]] = {
        "another account debited": lambda legs: _elsewhere(legs, 1),
        "another account credited": lambda legs: _elsewhere(legs, -1),
        "a leg dropped": _without_one,
        "twice the amount": lambda legs: tuple(replace(leg, cents=2 * leg.cents) for leg in legs),
        "the other seller": lambda legs: tuple(replace(leg, activity=_other(leg.activity)) for leg in legs),
    }
    return [Bug(rule, name, change) for rule in posting_rules() for name, change in changes.items()]


def _elsewhere(legs: Legs, sign: int) -> Legs:
    """Book the first leg of a side on another account of its class."""
    first = next((place for place, leg in enumerate(legs) if leg.cents * sign > 0), None)
    if first is None:
        return legs
    wrong = replace(legs[first], account=INSTEAD[legs[first].account[0]], subject=None)
    return (*legs[:first], wrong, *legs[first + 1 :])


def _without_one(legs: Legs) -> Legs:
    """Drop the last leg and take it off another one, so that the rest balances."""
    last = legs[-1]
    for place, leg in enumerate(legs[:-1]):
        if leg.activity == last.activity and leg.cents + last.cents:
            rest = (*legs[:place], replace(leg, cents=leg.cents + last.cents), *legs[place + 1 : -1])
            return rest if len(rest) > 1 else legs[:-1]
    return legs[:-1]


def _other(activity: str) -> str:
    return "beer" if activity == "meals" else "meals"


@contextmanager
def planted(bug: Bug) -> Iterator[None]:
    """Plant a bug wherever its rule is called by name."""
    right = posting_rules()[bug.rule]

    def wrong(*given: Any, **named: Any) -> Any:
        made = right(*given, **named)
        if isinstance(made, Entry):
            return replace(made, legs=bug.change(made.legs))
        return bug.change(made) if made else made

    places = [
        (module, name) for module in _modules() for name, value in vars(module).items() if value is right
    ]
    for module, name in places:
        setattr(module, name, wrong)
    try:
        yield
    finally:
        for module, name in places:
            setattr(module, name, right)


def is_found(bug: Bug, place: Ground, examples: int, seed: int = 0) -> bool:
    """Say whether the machine breaks on a bug within so many examples."""
    with planted(bug):
        try:
            run_machine(place, seed, examples, proves=False)
        except Exception:
            return True
    return False
