"""The turnover of a calendar year against the VAT franchise threshold. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

NEAR = 80
"""Percent of the threshold from which the to-do list speaks."""

ENOUGH_DAYS = 14
"""Fewer days say nothing of a year."""


class State(StrEnum):
    """How it stands: below, passed by the end of the year at this pace, near, or over the threshold."""

    CALM = "calm"
    HEADING = "heading"
    NEAR = "near"
    OVER = "over"


@dataclass(frozen=True)
class Gauge:
    """A year's turnover up to `day` against the threshold of a whole year, in cents.

    `begun` is the Monday of the first week sold, or 1 January where the seller sold before it: whoever begins
    during a year has the threshold for the days that are left. Source: Belgian VAT code, article 56bis.
    """

    seller: str
    turnover: int
    threshold: int
    begun: date
    day: date

    @property
    def year(self) -> int:
        """Give the calendar year."""
        return self.day.year

    @property
    def partial(self) -> bool:
        """Say whether the seller began during this year."""
        return self.begun > date(self.year, 1, 1)

    @property
    def complete(self) -> bool:
        """Say whether the year is over: nothing more comes."""
        return self.day == date(self.year, 12, 31)

    @property
    def bound(self) -> int:
        """Give the threshold for the days from the beginning to 31 December, in cents."""
        return self.threshold * self._days // self._of(date(self.year, 1, 1))

    @property
    def percent(self) -> int:
        """Give how much of the bound is sold, in whole percent."""
        return 100 * self.turnover // self.bound if self.bound else 0

    @property
    def by_year_end(self) -> int | None:
        """Give the turnover on 31 December at this pace, in cents; None after too few days."""
        if self._elapsed < ENOUGH_DAYS or self.turnover <= 0:
            return None
        return self.turnover * self._days // self._elapsed

    @property
    def passes_on(self) -> date | None:
        """Give the day on which the bound is passed at this pace, None where it is not in this year."""
        expected = self.by_year_end
        if expected is None or expected <= self.bound:
            return None
        return self.begun + timedelta(days=min(self._elapsed * self.bound // self.turnover, self._days - 1))

    @property
    def state(self) -> State:
        """Say how it stands."""
        if self.turnover > self.bound:
            return State.OVER
        if self.percent >= NEAR:
            return State.NEAR
        return State.HEADING if self.passes_on else State.CALM

    @property
    def _elapsed(self) -> int:
        return (self.day - self.begun).days + 1

    @property
    def _days(self) -> int:
        return self._of(self.begun)

    def _of(self, first: date) -> int:
        return (date(self.year, 12, 31) - first).days + 1
