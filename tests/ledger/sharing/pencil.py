"""The sharing of years on paper: exact fractions, from the rules of sharing and nothing of the shop."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass
class Sheet:
    """A settlement on paper: what was taken, of it for the SECU, and weights and cents by person."""

    taken: int
    secu: int
    weights: Mapping[str, Fraction]
    parts: Mapping[str, int]

    def exact(self, who: str) -> Fraction:
        """Give what is due to a person before any rounding."""
        whole = sum(self.weights.values(), Fraction(0))
        return (self.taken - self.secu) * self.weights.get(who, Fraction(0)) / whole


class Pencil:
    """What was earned, shared, handed out and lent, in cents; a sheet that is torn up is gone."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.earned = 0
        self.sheets: list[Sheet] = []
        self.handed: defaultdict[str, int] = defaultdict(int)
        self.lent: defaultdict[str, int] = defaultdict(int)

    def there(self) -> int:
        """Give what may be shared: all that was earned and not taken; below 0 it is a loss that waits."""
        return self.earned - sum(sheet.taken for sheet in self.sheets)

    def secured(self) -> int:
        """Give what stands in the SECU's fund."""
        return sum(sheet.secu for sheet in self.sheets)

    def short(self) -> dict[str, Fraction]:
        """Give what each person is short of: all exact shares minus all parts."""
        people = {who for sheet in self.sheets for who in sheet.weights}
        return {
            who: sum((sheet.exact(who) - sheet.parts.get(who, 0) for sheet in self.sheets), Fraction(0))
            for who in sorted(people)
        }

    def given(self, who: str) -> int:
        """Sum the parts of a person."""
        return sum(sheet.parts.get(who, 0) for sheet in self.sheets)

    def left(self, who: str) -> int:
        """Give what a person was given and did not receive yet."""
        return self.given(who) - self.handed[who]

    def share(self, taken: int, weights: Mapping[str, Fraction], percent: Fraction) -> Sheet:
        """Write a sheet: the SECU's percent first, whole cents of the rest, odd cents to who is owed most."""
        secu = int(taken * percent / 100)
        sheet = Sheet(taken, secu, weights, {})
        exact = {who: sheet.exact(who) for who in weights}
        parts = {who: int(cents) for who, cents in exact.items()}
        owed, odd = self.short(), taken - secu - sum(parts.values())
        due = [(exact[who] - parts[who] + owed.get(who, 0), who) for who in weights if exact[who] % 1]
        for _, who in first(due, odd):
            parts[who] += 1
        sheet.parts = parts
        self.sheets.append(sheet)
        return sheet


def first(due: Sequence[tuple[Fraction, str]], number: int) -> list[tuple[Fraction, str]]:
    """Give who is owed most; of two that are owed the same, the one whose name comes first."""
    return sorted(due, key=lambda one: (-one[0], one[1]))[:number]
