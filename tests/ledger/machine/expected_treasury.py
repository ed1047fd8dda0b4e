"""What costs, gifts, transfers, openings and counts leave in the books, after ledger.md section 4."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from tests.ledger.machine.expected_sharing import Sharing
from tests.ledger.machine.model import LIAISON, Leg, Refused, settle_between

OWNERS = {"570100": "meals", "550100": "meals", "570200": "beer", "550200": "beer"}
POCKETS, SUPPLIERS, FLOAT = "489200", "440000", "100000"
GIFTS, TO_FUNDS, TOO_MUCH, TOO_LITTLE = "731000", "691100", "749900", "644900"
FUNDS = {"139100": "beer", "139200": "beer", "139300": "beer", "139400": "beer", "139500": "meals"}
SPENT_ON = {
    "ingredients": "600100",
    "packaging": "600110",
    "kitchen": "610000",
    "transport": "616100",
    "volunteers": "618000",
    "bank": "656000",
}


@dataclass(frozen=True)
class Bought:
    """A cost of a seller: its day, cents by kind, who paid, its entry and the entry that paid it back."""

    seller: str
    day: date
    kinds: tuple[tuple[str, int], ...]
    paid_from: str
    entry: int = 0
    paid_back: int | None = None

    @property
    def cents(self) -> int:
        """Give the whole."""
        return sum(cents for _, cents in self.kinds)


@dataclass(frozen=True)
class Moved:
    """A movement: its seller, what an old debt was paid on, its cents and its entry."""

    seller: str
    owed: str
    cents: int
    entry: int


@dataclass(frozen=True)
class Counted:
    """A count of cash, or a check of a bank; the entry of its difference, and the newest entry then."""

    account: str
    counted: int
    expected: int
    entry: int | None
    head: int
    day: date


class Treasury(Sharing):
    """Costs and movements by the mark of their form, counts in their order."""

    def __init__(self) -> None:
        """Begin without any."""
        super().__init__()
        self.costs: dict[str, Bought] = {}
        self.movements: dict[str, Moved] = {}
        self.counts: list[Counted] = []

    def open(self, seller: str, held: Mapping[str, int], day: date) -> None:
        """Open a seller's books; what is held and not owed is the float, never income."""
        cited = f"opening:{seller}"
        legs: list[Leg] = []
        for account, cents in held.items():
            legs.append((account, cents if account in OWNERS else -cents, seller, ""))
        rest = sum(cents for _, cents, _, _ in legs)
        facts = set()
        if any(cents < 0 for cents in held.values()) or not any(held.values()):
            facts.add("NotAnAmount")
        if rest < 0:
            facts.add("OwedMoreThanHeld")
        if facts:
            raise Refused(*facts)
        legs = [leg for leg in (*legs, (FLOAT, -rest, seller, "")) if leg[1]]
        for seq in self._standing(cited, "opening"):
            if sorted(self.entries[seq - 1].legs) != sorted(legs):
                raise Refused("KeyReused")
            return
        self.post("opening", cited, day, legs)

    def _standing(self, document: str, kind: str) -> list[int]:
        return [
            seq
            for seq, entry in enumerate(self.entries, 1)
            if (entry.document, entry.kind) == (document, kind) and self.stands(seq)
        ]

    def buy(self, form: str, cost: Bought, today: date, another: bool, empty_line: bool) -> None:
        """Book a cost on its day or the first open one; somebody else's box is owed through 499100."""
        twins = (
            one
            for one in self.costs.values()
            if (one.seller, one.day, one.cents) == (cost.seller, cost.day, cost.cents)
        )
        facts = {"DayAhead"} if cost.day > today else set()
        if not another and any(self.stands(one.entry) for one in twins):
            facts.add("PerhapsTwice")
        if empty_line:
            facts.add("NotAnAmount")
        if facts:
            raise Refused(*facts)
        legs = [(SPENT_ON[kind], cents, cost.seller, "") for kind, cents in cost.kinds]
        legs.append((cost.paid_from, -cost.cents, OWNERS.get(cost.paid_from, cost.seller), ""))
        seq = self.post("cost", f"cost:{form}", self.open_day(cost.day), settle_between(legs))
        self.costs[form] = replace(cost, entry=seq)

    def pay_back(self, form: str, owed: str, paid_from: str, day: date) -> None:
        """Give a pocket or a supplier what a cost left owing."""
        cost = self.costs[form]
        facts = [] if self.stands(cost.entry) else ["CostUndone"]
        if cost.paid_from != owed:
            facts.append("NothingToRepay")
        if facts:
            raise Refused(*facts)
        if self.stands(cost.paid_back):
            return
        kind = "reimbursement" if owed == POCKETS else "bill_paid"
        legs = [(owed, cost.cents, cost.seller, ""), (paid_from, -cost.cents, OWNERS[paid_from], "")]
        seq = self.post(kind, f"cost:{form}", day, settle_between(legs))
        self.costs[form] = replace(cost, paid_back=seq)

    def unbuy(self, form: str, day: date) -> None:
        """Undo a cost that was not paid back."""
        cost = self.costs[form]
        facts = [] if self.stands(cost.entry) else ["CostUndone"]
        if self.stands(cost.paid_back):
            facts.append("CostRepaid")
        if facts:
            raise Refused(*facts)
        self.reverse(cost.entry, day)

    def give(self, form: str, cents: int, to_account: str, fund: str, happened: date, today: date) -> None:
        """Book a gift; one that is earmarked goes on to its fund, in the books of who keeps the fund."""
        self._check(cents, happened, today)
        seller = FUNDS.get(fund, OWNERS[to_account])
        legs: list[Leg] = [(to_account, cents, OWNERS[to_account], ""), (GIFTS, -cents, seller, "")]
        if fund:
            legs += [(TO_FUNDS, cents, seller, ""), (fund, -cents, seller, "")]
        self._move("gift", form, self.open_day(happened), legs, Moved(seller, "", cents, 0))

    def carry(self, form: str, cents: int, source: str, target: str, happened: date, today: date) -> None:
        """Move money from one place to another; to the other seller only what is owed to it."""
        facts = self._against(cents, happened, today)
        seller = OWNERS[source]
        crosses = seller != OWNERS[target]
        if crosses and cents > max(-self.balance(LIAISON, seller), 0):
            facts.add("MoreThanOwed")
        if facts:
            raise Refused(*facts)
        legs: list[Leg] = [(target, cents, OWNERS[target], ""), (source, -cents, seller, "")]
        kind = "liaison" if crosses else "transfer"
        self._move(kind, form, self.open_day(happened), legs, Moved(seller, "", cents, 0))

    def pay_old_debt(self, form: str, seller: str, owed: str, source: str, cents: int, today: date) -> None:
        """Pay what a seller owed when its books opened."""
        facts = self._against(cents, today, today)
        if cents > self.old_debt(seller, owed):
            facts.add("MoreThanOwed")
        if facts:
            raise Refused(*facts)
        kind = "reimbursement" if owed == POCKETS else "bill_paid"
        legs: list[Leg] = [(owed, cents, seller, ""), (source, -cents, OWNERS[source], "")]
        self._move(kind, form, today, legs, Moved(seller, owed, cents, 0))

    def old_debt(self, seller: str, owed: str) -> int:
        """Give what is left of a debt from before the books."""
        opened = sum(
            -cents
            for seq in self._standing(f"opening:{seller}", "opening")
            for account, cents, _, _ in self.entries[seq - 1].legs
            if account == owed
        )
        paid = (one for one in self.movements.values() if (one.seller, one.owed) == (seller, owed))
        return opened - sum(one.cents for one in paid if self.stands(one.entry))

    def _move(self, kind: str, form: str, day: date, legs: list[Leg], moved: Moved) -> None:
        seq = self.post(kind, f"movement:{form}", day, settle_between(legs))
        self.movements[form] = replace(moved, entry=seq)

    def _against(self, cents: int, happened: date, today: date) -> set[str]:
        facts = {"NotAnAmount"} if cents <= 0 else set()
        return facts | ({"DayAhead"} if happened > today else set())

    def _check(self, cents: int, happened: date, today: date) -> None:
        if facts := self._against(cents, happened, today):
            raise Refused(*facts)

    def count(self, account: str, counted: int, day: date, same: bool) -> None:
        """Book what a box holds more or less; the `same` pieces with nothing booked since are nothing."""
        last = next((one for one in reversed(self.counts) if one.account == account), None)
        if same and last and (last.entry or last.head) == len(self.entries):
            return
        head, expected, entry = len(self.entries), self.balance(account), None
        if counted != expected:
            other, off = (TOO_MUCH if counted > expected else TOO_LITTLE), counted - expected
            seller = OWNERS[account]
            legs: list[Leg] = [(account, off, seller, ""), (other, -off, seller, "")]
            entry = self.post("count", f"count:{len(self.counts) + 1}", day, legs)
        self.counts.append(Counted(account, counted, expected, entry, head, day))

    def check_bank(self, account: str, cents: int, day: date, today: date) -> None:
        """Write down what a bank says beside what the books held at that day's end."""
        if day > today:
            raise Refused("DayAhead")
        held = sum(
            leg[1] for entry in self.entries if entry.day <= day for leg in entry.legs if leg[0] == account
        )
        last = next((one for one in reversed(self.counts) if one.account == account), None)
        if last and (last.counted, last.day, last.head) == (cents, day, len(self.entries)):
            return
        self.counts.append(Counted(account, cents, held, None, len(self.entries), day))
