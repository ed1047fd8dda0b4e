"""The books as ledger.md tells them, written without the shop: what each act must leave behind.

Nothing here imports the shop. An act that may not be raises `Refused` with every reason against it; the shop
is free to name any of them.
"""

import copy
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

CHART = {
    "asset": "570100n 570200n 570300n 550100 550200 580100 400000 415100 416100 288100 340200 499100",
    "liability": "440000 460100n 460200n 488100n 489110n 489200n 489300n 489400n 499000",
    "equity": "139100n 139200n 139300 139400n 139500n 140100 140200 100000",
    "income": "700100 700180 700190 700200 700210 731000 731100 749100 749900 791100",
    "expense": "600100 600110 600200 609200 610000 613100 616100 618000 642000 642100 643100 643200 644100"
    " 644900 656000 691100",
}
"""Section 3; n: never negative, in its natural sign."""

NEVER_NEGATIVE = {code[:6] for codes in CHART.values() for code in codes.split() if code.endswith("n")}
DEBIT = {code[:6] for kind in ("asset", "expense") for code in CHART[kind].split()}
RESULT = {code[:6] for kind in ("income", "expense") for code in CHART[kind].split()}
CARRIED = {"meals": "140100", "beer": "140200"}
LIAISON = "499100"

Leg = tuple[str, int, str, str]
"""Account, cents (debit > 0), activity, subject ('' for none)."""


class Refused(Exception):
    """An act may not be; `facts` are the reasons, of which the shop names one."""

    def __init__(self, *facts: str) -> None:
        """Keep the reasons."""
        super().__init__(*facts)
        self.facts = set(facts)


@dataclass(frozen=True)
class Booked:
    """A sealed entry: what it is, what it cites, its day, its legs and the number that it reverses."""

    kind: str
    document: str
    day: date
    legs: tuple[Leg, ...]
    reverses: int | None = None


def meals(account: str, cents: int, subject: str = "") -> Leg:
    """Make a leg of the meals."""
    return account, cents, "meals", subject


class Books:
    """Entries, balances and locks. The number of an entry is its place, from 1."""

    def __init__(self) -> None:
        """Begin with empty books."""
        self.entries: list[Booked] = []
        self.held: Counter[tuple[str, str, str]] = Counter()
        self.reversed_by: dict[int, int] = {}
        self.locked_until: date | None = None

    def attempt(self, act: Callable[[], object]) -> set[str]:
        """Do an act whole or not at all; give the reasons against it, none where it was done."""
        before = {name: copy.copy(value) for name, value in vars(self).items()}
        try:
            act()
        except Refused as refused:
            vars(self).update(before)
            return refused.facts
        return set()

    def post(
        self, kind: str, document: str, day: date, legs: Iterable[Leg], reverses: int | None = None
    ) -> int:
        """Book an entry and give its number; legs of 0 are left out."""
        given = tuple(leg for leg in legs if leg[1])
        assert len(given) > 1, f"{kind} of {document} has no legs"
        for activity in CARRIED:
            assert not sum(leg[1] for leg in given if leg[2] == activity), f"{kind} does not balance"
        moved: Counter[tuple[str, str, str]] = Counter()
        for account, cents, activity, subject in given:
            moved[account, activity, subject] += cents
        facts = {"BoxOverdrawn" for place, cents in moved.items() if self._below_zero(place, cents)}
        if self.locked_until and day <= self.locked_until:
            facts.add("PeriodLocked")
        if facts:
            raise Refused(*facts)
        self.held.update(moved)
        self.entries.append(Booked(kind, document, day, given, reverses))
        return len(self.entries)

    def _below_zero(self, place: tuple[str, str, str], cents: int) -> bool:
        after = self.held[place] + cents
        natural = after if place[0] in DEBIT else -after
        return place[0] in NEVER_NEGATIVE and natural < 0

    def reverse(self, seq: int, day: date) -> int:
        """Book the exact negation of an entry, once; asked again for the same, give it again."""
        if not 1 <= seq <= len(self.entries):
            raise Refused("EntryUnknown")
        if self.entries[seq - 1].reverses:
            raise Refused("ReversalOfReversal")
        if seq not in self.reversed_by:
            undone = self.entries[seq - 1]
            legs = [(account, -cents, activity, subject) for account, cents, activity, subject in undone.legs]
            self.reversed_by[seq] = self.post("reversal", undone.document, day, legs, reverses=seq)
        return self.reversed_by[seq]

    def stands(self, seq: int | None) -> bool:
        """Say whether an entry was booked and not reversed."""
        return seq is not None and seq not in self.reversed_by

    def balance(self, account: str, activity: str | None = None) -> int:
        """Give what an account holds, debit > 0."""
        return sum(
            cents
            for (code, seller, _), cents in self.held.items()
            if code == account and activity in {None, seller}
        )

    def distributable(self, activity: str) -> int:
        """Give what an activity may share: minus its income, expense and result accounts (section 6)."""
        counted = {*RESULT, CARRIED[activity]}
        places = ((place, cents) for place, cents in self.held.items() if place[1] == activity)
        return -sum(cents for (account, _, _), cents in places if account in counted)

    def open_day(self, day: date) -> date:
        """Give the first day from this one on that no lock covers."""
        if self.locked_until and day <= self.locked_until:
            return date.fromordinal(self.locked_until.toordinal() + 1)
        return day


def settle_between(legs: Iterable[Leg]) -> list[Leg]:
    """Add the legs on 499100 that say which seller owes the other, where one's box took the other's money."""
    given = list(legs)
    off = {
        activity: sum(cents for _, cents, seller, _ in given if seller == activity) for activity in CARRIED
    }
    return [*given, *((LIAISON, -cents, activity, "") for activity, cents in off.items() if cents)]


def hamilton(total: int, weights: dict[str, int], short: dict[str, Fraction]) -> dict[str, int]:
    """Divide by largest remainder with the carry (section 6); ties go to the smaller name."""
    if total <= 0:
        return dict.fromkeys(weights, 0)
    shares = {who: Fraction(total * weight, sum(weights.values())) for who, weight in weights.items()}
    parts = {who: share.numerator // share.denominator for who, share in shares.items()}
    left = total - sum(parts.values())
    rest = {who: shares[who] - parts[who] for who in weights}
    for _ in range(left):
        # Each in turn to who is short of most: those with nothing over get nothing more.
        waiting = [who for who in sorted(weights) if rest[who]]
        luckiest = max(waiting, key=lambda who: rest[who] + short.get(who, Fraction(0)))
        parts[luckiest] += 1
        rest[luckiest] = Fraction(0)
    return parts
