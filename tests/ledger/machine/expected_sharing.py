"""What sharing leaves in the books, after ledger.md section 6."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.ledger.machine.expected_deciding import BOUND, RATE, WEIGHTS, Decisions
from tests.ledger.machine.expected_orders import BOX
from tests.ledger.machine.model import Refused, hamilton, meals, settle_between

AID, ALLOTTED, ADVANCED = "643100", "489110", "416100"
TO_FUNDS, JAR = "691100", "139400"


@dataclass(frozen=True)
class Shared:
    """A settlement: its weeks, its entry (None for nothing), what there was, the weights and the parts.

    `cents` went to the parts and `secu` to the jar of the SECU.
    """

    weeks: tuple[str, ...]
    entry: int | None
    available: int
    cents: int
    weights: tuple[tuple[str, int], ...]
    parts: tuple[tuple[str, int], ...]
    secu: int = 0


class Sharing(Decisions):
    """Closed weeks by their first day, and settlements."""

    def __init__(self) -> None:
        """Begin with nothing shared."""
        super().__init__()
        self.begins: dict[str, date] = {}
        self.settlements: list[Shared] = []

    def first_open(self, today: date) -> date:
        """Give from when a decision may hold: the first day of the oldest week that nothing divides."""
        settled = {week for one in self.standing() for week in one.weeks}
        closed = {week: self.begins[week] for week in self.closed_weeks}
        waiting = [day for week, day in closed.items() if week not in settled]
        if waiting:
            return min(waiting)
        if closed:
            return max(closed.values()) + timedelta(weeks=1)
        first = min([today, *(entry.day for entry in self.entries)])
        return first - timedelta(days=first.weekday())

    def standing(self) -> list[Shared]:
        """List the settlements that were not reversed."""
        return [one for one in self.settlements if one.entry is None or self.stands(one.entry)]

    def settle(self, weeks: list[str], amount: int | None, day: date) -> None:
        """Divide what these weeks left, or a part of it, by the weights that hold for all of them."""
        ordered = tuple(sorted(weeks, key=lambda week: self.begins[week]))
        available = self.distributable("meals")
        before = [one for one in self.standing() if set(one.weeks) & set(ordered)]
        if before:
            wanted = before[0].available if amount is None else amount
            if [one.weeks for one in before] == [ordered] and before[0].cents + before[0].secu == wanted:
                return
            raise Refused("AlreadySettled")
        days = [self.begins[week] for week in ordered]
        versions, rates = ({self.holding(about, day) for day in days} for about in (WEIGHTS, RATE))
        facts = set()
        if None in versions:
            facts.add("NoBeneficiary")
        if len(versions) > 1 or len(rates) > 1:
            facts.add("WeeksOfTwoVersions")
        if amount is None and available <= 0:
            facts.add("NothingToShare")
        if amount is not None and amount > max(available, 0):
            facts.add("MoreThanDistributable")
        if facts:
            raise Refused(*facts)
        taken = available if amount is None else amount
        secu = taken * self.number(rates.pop(), 0) // 10000
        self._divide(ordered, taken - secu, secu, self.number(versions.pop(), {}), day)

    def _divide(
        self, weeks: tuple[str, ...], cents: int, secu: int, weights: dict[str, int], day: date
    ) -> None:
        parts, entry = hamilton(cents, weights, self.short()), None
        available, frozen = self.distributable("meals"), tuple(sorted(weights.items()))
        if cents:
            legs = [meals(AID, cents), *(meals(ALLOTTED, -part, who) for who, part in parts.items())]
            legs += [meals(TO_FUNDS, secu), (JAR, -secu, "beer", "")]
            entry = self.post("settlement", f"settlement:{label(weeks)}", day, settle_between(legs))
        self.settlements.append(Shared(weeks, entry, available, cents, frozen, tuple(parts.items()), secu))

    def short(self) -> dict[str, Fraction]:
        """Sum what each was short of in the settlements that stand: the exact share minus the part."""
        carried: dict[str, Fraction] = {}
        for one in self.standing():
            everything = sum(weight for _, weight in one.weights)
            parts = dict(one.parts)
            for who, weight in one.weights:
                exact = Fraction(one.cents * weight, everything)
                carried[who] = carried.get(who, Fraction(0)) + exact - parts[who]
        return carried

    def pay_out(self, form: str, who: str, cents: int, back: int, day: date) -> None:
        """Hand somebody some of their part, in cash or by taking back what they were advanced."""
        facts = ["NotAnAmount"] if cents + back <= 0 else []
        if cents + back > -self.held[ALLOTTED, "meals", who]:
            facts.append("MoreThanAllotted")
        if back > self.held[ADVANCED, "meals", who]:
            facts.append("MoreThanAdvanced")
        if facts:
            raise Refused(*facts)
        legs = [meals(ALLOTTED, cents + back, who), meals(BOX, -cents), meals(ADVANCED, -back, who)]
        self.post("payout", f"payout:{form}", day, legs)

    def advance(self, form: str, who: str, cents: int, day: date) -> None:
        """Hand somebody who has a weight something before their part, up to the bound."""
        weights = self.number(self.holding(WEIGHTS, day), {})
        bound = self.number(self.holding(BOUND, day), 0)
        facts = ["NotAnAmount"] if cents <= 0 else []
        if who not in weights:
            facts.append("NoPart")
        if self.held[ADVANCED, "meals", who] + cents > bound:
            facts.append("MoreThanBound" if bound else "AdvancesNotDecided")
        if facts:
            raise Refused(*facts)
        self.post("advance", f"payout:{form}", day, [meals(ADVANCED, cents, who), meals(BOX, -cents)])

    def unadvance(self, seq: int, day: date) -> None:
        """Undo an advance that no part paid back."""
        _, cents, _, who = self.entries[seq - 1].legs[0]
        if self.held[ADVANCED, "meals", who] < cents:
            raise Refused("AdvanceTakenBack")
        self.reverse(seq, day)

    def unsettle(self, settlement: Shared, day: date) -> None:
        """Reverse a settlement whose parts stand whole; one that shared nothing has nothing to reverse."""
        if settlement.entry is None:
            raise Refused("NotReversible")
        left = {who: -self.held[ALLOTTED, "meals", who] for who, _ in settlement.parts}
        spent = -self.held[JAR, "beer", ""] < settlement.secu
        short = spent or any(left[who] < part for who, part in settlement.parts)
        if self.stands(settlement.entry) and short:
            raise Refused("NotReversible")
        self.reverse(settlement.entry, day)


def label(weeks: tuple[str, ...]) -> str:
    """Name what is settled: the week, or the first and the last."""
    return weeks[0] if len(weeks) == 1 else f"{weeks[0]}..{weeks[-1]}"
