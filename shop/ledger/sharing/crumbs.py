"""The odd cents without a fraction: a cent is cut into crumbs, whole numbers for a pencil. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm

from shop.ledger.sharing.telling import Part

MOST = 9999
"""Where a cent would need more crumbs than this, as many as put everybody in the same order are enough."""


@dataclass(frozen=True)
class Crumbs:
    """What decides about the odd cents, in whole crumbs.

    `rest` is what the division leaves over; `before` is what was missing before, `waits` both together,
    `after` what is missing next time; below 0 it was got too early. `rounded` is what rounding gave, or took
    below 0.
    """

    rest: int
    before: int
    waits: int
    rounded: int
    after: int


def crumbs_of_a_cent(parts: Sequence[Part]) -> int:
    """Say into how many crumbs to cut a cent: as many as there are equal parts, so that a rest is crumbs.

    Where the weights were others before, it is the smallest number in which nobody has a fraction; where that
    is above MOST, the first power of ten that leaves everybody in the same order.
    """
    exact = lcm(1, *(number for part in parts for number in (part.of or 1, part.waits.denominator)))
    if exact <= MOST:
        return exact
    waiting = [part for part in parts if part.rest]
    order = sorted(waiting, key=lambda part: (-part.waits, part.turn))
    cut = 1000
    while order != sorted(waiting, key=lambda part: (-in_crumbs(part, cut).waits, part.turn)):
        cut *= 10
    return cut


def in_crumbs(part: Part, cut: int) -> Crumbs:
    """Count a part's rest and what was missing before in crumbs, `cut` of a cent.

    What is below a crumb is left out of the rest and kept in `before`; both always make `waits`.
    """
    rest, waits, given = int(part.rest * cut), round(part.waits * cut), cut if part.odd else 0
    return Crumbs(rest, waits - rest, waits, given - rest, waits - given)
