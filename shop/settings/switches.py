"""What a group uses beyond the week: all off in a new shop, each turned on by a switch on one page."""

from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import abort, g

from shop import clock
from shop.settings.queries import value_on
from shop.settings.services import set_from
from shop.weeks import local_day

KEY = "uses"
READ = "uses_read"

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class Switch(StrEnum):
    """Something a small group may do without; what is off leaves no trace on any page."""

    DELIVERY = "delivery"
    CREDIT = "credit"
    BANK = "bank"
    BILLS = "bills"
    RECEIPTS = "receipts"
    FUNDS = "funds"
    BEER = "beer"
    SOLIDARITY = "solidarity"


def uses(switch: Switch) -> bool:
    """Say whether the group uses this today; read once a request."""
    return switch in used()


def used() -> frozenset[str]:
    """Give all that the group uses today."""
    if READ not in g:
        setattr(g, READ, frozenset(value_on(KEY, local_day(clock.now()), ())))
    found: frozenset[str] = getattr(g, READ)
    return found


def use(switches: Iterable[Switch], day: date) -> None:
    """Let the group use these from a day on, and nothing else."""
    wanted = set(switches)
    set_from(KEY, day, [switch.value for switch in Switch if switch in wanted])
    g.pop(READ, None)


def needs(switch: Switch) -> Callable[[Callable[Given, Answer]], Callable[Given, Answer]]:
    """Let a page be there only where the group uses this: elsewhere it answers 404."""

    def guard(view: Callable[Given, Answer]) -> Callable[Given, Answer]:
        @wraps(view)
        def page(*given: Given.args, **named: Given.kwargs) -> Answer:
            if not uses(switch):
                abort(404)
            return view(*given, **named)

        return page

    return guard
