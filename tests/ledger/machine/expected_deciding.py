"""What the meeting decided, after ledger.md section 6: versions of numbers, and disagreements."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tests.ledger.machine.expected_orders import Orders

WEIGHTS, RATE, BOUND = "weights", "secu", "advance-bound"
"""What is decided: weights by subject, hundredths of a percent for the SECU, cents of an advance."""


@dataclass(frozen=True)
class Decided:
    """A number that holds from a day on, unless somebody disagreed."""

    about: str
    value: Any
    since: date
    contested: bool = False


class Decisions(Orders):
    """Decisions by their place, the oldest first."""

    def __init__(self) -> None:
        """Begin with nothing decided."""
        super().__init__()
        self.decisions: list[Decided] = []

    def decide(self, about: str, value: Any, since: date) -> None:
        """Let a number hold from a week on that is not settled."""
        self.decisions.append(Decided(about, value, since))

    def disagree(self, place: int) -> None:
        """Let the number before hold again, for all that is not settled."""
        self.decisions[place] = replace(self.decisions[place], contested=True)

    def holding(self, about: str, day: date) -> int | None:
        """Give the place of what holds on a day: of what nobody contested, the one decided last."""
        places = [
            place
            for place, one in enumerate(self.decisions)
            if one.about == about and one.since <= day and not one.contested
        ]
        return max(places, default=None)

    def number(self, place: int | None, otherwise: Any) -> Any:
        """Give the number of a decision, or another one where there is none."""
        return otherwise if place is None else self.decisions[place].value
