"""What a settlement comes to, figure by figure, as pages and sheets tell it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Protocol

from shop.money import notes_and_coins


@dataclass(frozen=True)
class Part:
    """A beneficiary's part: weight in hundredths, money in cents; `exact` and `carried` in fractions.

    `shares` of `of` is the weight in the smallest whole numbers. `carried` is what they were short of before.
    `turn` says who comes first where two are short of the same. `envelope` is the part in whole euros, with
    what earlier envelopes left over. `pseudonym` is empty where the tie to a member can no longer be read.
    """

    member_id: int | None
    pseudonym: str
    emblem: str
    weight: int
    shares: int
    of: int
    cents: int
    exact: Fraction
    carried: Fraction
    turn: int
    envelope: int

    @property
    def floor(self) -> int:
        """Give the whole cents of the exact share."""
        return int(self.exact)

    @property
    def rest(self) -> Fraction:
        """Give what the exact share has beyond whole cents."""
        return self.exact - self.floor

    @property
    def waits(self) -> Fraction:
        """Give what the odd cents go by: the rest, and what was missing before."""
        return self.rest + self.carried

    @property
    def odd(self) -> bool:
        """Say whether one of the odd cents came here."""
        return self.cents > self.floor

    @property
    def rounded(self) -> Fraction:
        """Give what rounding gave, or took where it is below 0."""
        return self.cents - self.exact

    @property
    def after(self) -> Fraction:
        """Give what is still missing after this part; below 0, it was got too early."""
        return self.carried - self.rounded

    @property
    def of_hundred(self) -> int:
        """Give the cents that this weight gets of 100 euros, rounded down."""
        return 10_000 * self.shares // self.of if self.of else 0

    @property
    def pieces(self) -> list[tuple[int, int]]:
        """Give the notes and coins of the envelope, largest first, as (cents, how many)."""
        return list(notes_and_coins(self.envelope).items())


@dataclass(frozen=True)
class Sums:
    """What came in and went out since the settlement before, by account label; all in cents."""

    income: tuple[tuple[str, int], ...]
    costs: tuple[tuple[str, int], ...]
    distributable: int

    @property
    def earned(self) -> int:
        """Give what came in."""
        return sum(cents for _, cents in self.income)

    @property
    def spent(self) -> int:
        """Give what went out."""
        return sum(cents for _, cents in self.costs)

    @property
    def left_over(self) -> int:
        """Give what earlier weeks left to share; below 0 it is their loss."""
        return self.distributable - self.earned + self.spent


@dataclass(frozen=True)
class Explained:
    """A settlement, made or to be made, told from the sales to each envelope; money in cents.

    `weeks` has the first day of each week. `id`, `entry` and `seal` are None before it is made; `entry` stays
    None where nothing was shared, and `seal` is the books' then. `first` and `last` are the entries that it
    looked at; `step` is the smallest piece in an envelope. `secu` of `rate` hundredths of a hundred went to
    the SECU first. `pieces` are those of all the envelopes; they and the parts of others are left out where
    the weights are `hidden`.
    """

    id: int | None
    entry: int | None
    seal: str
    weeks: tuple[date, ...]
    settled_on: date | None
    decision_id: int
    decided_at: datetime
    holds_from: date
    first: int
    last: int
    sums: Sums
    shared: int
    secu: int
    rate: int
    secu_decision: int | None
    parts: tuple[Part, ...]
    pieces: tuple[tuple[int, int], ...]
    in_envelopes: int
    step: int
    hidden: bool = False

    @property
    def amount(self) -> int:
        """Give what the settlement took, the SECU's share included."""
        return self.shared + self.secu

    @property
    def kept(self) -> int:
        """Give what waits for the next time."""
        return self.sums.distributable - self.amount

    @property
    def odd_cents(self) -> int:
        """Count the cents that whole shares leave over."""
        return self.shared - sum(part.floor for part in self.parts)

    @property
    def owed_next(self) -> Part | None:
        """Give who is short of most after this settlement, or None where nobody is."""
        short = [part for part in self.parts if part.after > 0]
        return min(short, key=lambda part: (-part.after, part.turn), default=None)

    def for_one(self, member_id: int | None) -> "Explained":
        """Leave out what would tell this member the weights of others: totals and their own line stay."""
        own = tuple(part for part in self.parts if member_id is not None and part.member_id == member_id)
        return replace(self, parts=own, pieces=(), hidden=True)


class Packed(Protocol):
    """What goes into an envelope of its own."""

    @property
    def pieces(self) -> list[tuple[int, int]]:
        """Give its notes and coins, as (cents, how many)."""


def pieces_of(envelopes: Iterable[Packed]) -> tuple[tuple[int, int], ...]:
    """Give the notes and coins of all the envelopes together, largest first."""
    total: dict[int, int] = {}
    for envelope in envelopes:
        for value, many in envelope.pieces:
            total[value] = total.get(value, 0) + many
    return tuple(sorted(total.items(), reverse=True))
