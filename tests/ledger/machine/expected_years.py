"""What locks, year ends and undoing leave in the books, after ledger.md: "Corrections"."""

from dataclasses import replace
from datetime import date

from tests.ledger.machine.expected_treasury import Treasury
from tests.ledger.machine.model import CARRIED, RESULT, Leg, Refused


class Years(Treasury):
    """Locked days, closed years, and undoing any entry by what made it."""

    def lock(self, day: date, today: date) -> None:
        """Lock all days up to one that is over; never fewer than before."""
        facts = ["DayNotOver"] if day >= today else []
        if self.locked_until and day < self.locked_until:
            facts.append("PeriodLocked")
        if facts:
            raise Refused(*facts)
        self.locked_until = day

    def _to_close(self, seller: str, year: int) -> dict[str, int]:
        held: dict[str, int] = {}
        for entry in self.entries:
            closes = entry.document.startswith("closing:")
            counts = int(entry.document.split(":")[1]) <= year if closes else entry.day.year <= year
            for account, cents, activity, _ in entry.legs if counts else ():
                if activity == seller and account in RESULT:
                    held[account] = held.get(account, 0) + cents
        return {account: cents for account, cents in held.items() if cents}

    def close_year(self, seller: str, year: int, today: date) -> None:
        """Bring what a year earned and spent to the result account, with what later came into it."""
        facts = ["YearNotOver"] if date(year, 12, 31) >= today else []
        if self._to_close(seller, year - 1):
            facts.append("YearOutOfOrder")
        held, cited = self._to_close(seller, year), f"closing:{year}:{seller}"
        if not held and not self._standing(cited, "closing"):
            facts.append("NothingToClose")
        if facts:
            raise Refused(*facts)
        if not held:
            return
        days = [entry.day for entry in self.entries if entry.document == cited]
        legs: list[Leg] = [(account, -cents, seller, "") for account, cents in held.items()]
        legs.append((CARRIED[seller], sum(held.values()), seller, ""))
        self.post("closing", cited, self.open_day(max([date(year, 12, 31), *days])), legs)

    def undo(self, seq: int, day: date) -> None:
        """Undo any entry, by what made it and with all that hangs on it."""
        entry = self.entries[seq - 1]
        if entry.kind == "reversal":
            raise Refused("EntryStays")
        if not self.stands(seq):
            return
        source, _, which = entry.document.partition(":")
        if source == "order":
            self._undo_of_order(seq, entry.kind, int(which), day)
        elif source == "cost" and self.costs[which].paid_back == seq:
            self.reverse(seq, day)
            self.costs[which] = replace(self.costs[which], paid_back=None)
        elif source == "cost":
            self.unbuy(which, day)
        elif source == "settlement":
            self.unsettle(next(one for one in self.settlements if one.entry == seq), day)
        elif entry.kind == "advance":
            self.unadvance(seq, day)
        else:
            self.reverse(seq, day)

    def _undo_of_order(self, seq: int, kind: str, number: int, day: date) -> None:
        if kind != "payment":
            self.undo_end(number, day)
            return
        standing = [one for one, _ in self.orders[number].payments if self.stands(one)]
        if standing[-1] != seq:
            raise Refused("EntryStays")
        self.undo_payment(number, day)
