"""Acts on the books themselves: opening, locking, closing a year, undoing anything, and what may never be."""

from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from sqlalchemy import text

from shop.collective.undoing.services import undo
from shop.extensions import db
from shop.ledger.books import services as books
from shop.ledger.books.rules import Entry, EntryKind, Leg
from shop.treasury import services as treasury
from tests.ledger.machine.driver import ROLE, Driver
from tests.ledger.machine.model import Refused

SELLERS = st.sampled_from(["meals", "beer"])
HELD = {
    "meals": {"570100": 30000, "550100": 50000, "489200": 2100, "440000": 4400, "139500": 3000},
    "beer": {"570200": 5000, "550200": 150000, "140200": 150000},
}
"""What is there when the books open: the meals' debts and fund, the beer's past margin."""

FUTURE, LOCKED, OVERDRAWN, TAKEN = "a day ahead", "a locked day", "an overdrawn box", "a key of another"
NOTHING, AGAIN, TWICE = "nothing reversed", "a reversal reversed", "reversed twice"
WRONG = {
    FUTURE: "DayAhead",
    LOCKED: "PeriodLocked",
    OVERDRAWN: "BoxOverdrawn",
    TAKEN: "KeyReused",
    NOTHING: "EntryUnknown",
    AGAIN: "ReversalOfReversal",
    TWICE: "AlreadyReversed",
    "no balance": "Unbalanced",
    "two sellers": "Unbalanced",
    "one leg": "EntryIncomplete",
    "a leg of 0": "EntryIncomplete",
    "no such account": "UnknownAccount",
}
WRONG_LEGS = {
    "no balance": (Leg("570100", 100), Leg("731000", -99)),
    "two sellers": (Leg("570100", 100), Leg("731000", -100, "beer")),
    "one leg": (Leg("570100", 100),),
    "a leg of 0": (Leg("570100", 100), Leg("731000", -100), Leg("570100", 0)),
    "no such account": (Leg("570100", 100), Leg("999999", -100)),
}


class ActsOfYears(Driver):
    """What is rare, and what somebody tries."""

    @initialize(sellers=st.sampled_from([(), ("meals",), ("meals", "beer"), ("meals", "beer")]))
    def begins(self, sellers: tuple[str, ...]) -> None:
        """Begin with open books, or without."""
        for seller in sellers:
            self._open(seller, HELD[seller])

    def _open(self, seller: str, held: dict[str, int]) -> None:
        self.act(
            lambda: treasury.open_seller(seller, held, self.today, ROLE),
            lambda: self.model.open(seller, held, self.today),
        )

    @rule(seller=SELLERS, change=st.sampled_from([0, 0, 100, -100000000]))
    def opens_again(self, seller: str, change: int) -> None:
        """Open a seller's books once more, with the same or with something else."""
        money = next(iter(HELD[seller]))
        self._open(seller, HELD[seller] | {money: HELD[seller][money] + change})

    @rule(days=st.sampled_from([0, 1, 5, 30]))
    def locks(self, days: int) -> None:
        """Lock all days up to one in the past, or to today, which may not be."""
        day = self.today - timedelta(days=days)
        self.act(lambda: books.lock_until(day, self.today), lambda: self.model.lock(day, self.today))

    @rule(seller=SELLERS, ago=st.sampled_from([1, 1, 1, 0, 2]), turns=st.booleans())
    def closes_a_year(self, seller: str, ago: int, turns: bool) -> None:
        """Close a year, maybe after waiting for January; asked twice, and what may be shared stays."""
        if turns:
            self.wait((date(self.today.year + 1, 1, 4) - self.today).days)
        year, before = self.today.year - ago, self.model.distributable(seller)

        def close() -> int:
            return books.close_year(seller, year, self.today, ROLE)

        first = self.act(close, lambda: self.model.close_year(seller, year, self.today))
        if first:
            assert self.act(close, lambda: None) == first
        assert self.model.distributable(seller) == before

    @precondition(lambda self: self.model.entries)
    @rule(pick=st.integers(0, 12))
    def undoes(self, pick: int) -> None:
        """Undo any entry, the newest first, by what made it; asked again, it is the same."""
        seq = max(1, len(self.model.entries) - pick)

        def undone() -> int:
            return undo(seq, self.now, ROLE, "amount")

        first = self.act(undone, lambda: self.model.undo(seq, self.today))
        if first:
            assert first == self.model.reversed_by[seq] == self.act(undone, lambda: None)

    @rule(wrong=st.sampled_from(sorted(WRONG)), pick=st.integers(0, 9))
    def tries_what_may_not_be(self, wrong: str, pick: int) -> None:
        """Hand the books an entry that they must refuse."""
        entry = self._wrong_entry(wrong, pick)
        if entry:
            self.act(lambda: books.post(entry, self.today), lambda: _refuse(WRONG[wrong]))

    def _wrong_entry(self, wrong: str, pick: int) -> Entry | None:
        """Make an entry that is wrong in one way; None where nothing stands to be wrong about."""
        day, key, reverses = self.today, f"by hand:{self.form()}", None
        legs = WRONG_LEGS.get(wrong) or _legs(100)
        reversals, locked = sorted(self.model.reversed_by.values()), self.model.locked_until
        if wrong == OVERDRAWN:
            legs = _legs(-self.model.balance("570100") - 1 - pick)
        elif wrong == FUTURE:
            day += timedelta(days=1 + pick * 40)
        elif wrong == LOCKED and locked:
            day = locked - timedelta(days=pick)
        elif wrong == TAKEN and self.model.entries:
            key = self._key(1 + pick % len(self.model.entries))
        elif wrong == NOTHING:
            reverses = len(self.model.entries) + 1 + pick
        elif wrong in (AGAIN, TWICE) and reversals:
            reversal = reversals[pick % len(reversals)]
            reverses = reversal if wrong == AGAIN else self._undone_by(reversal)
        elif wrong not in WRONG_LEGS:
            return None
        return Entry(key, EntryKind.GIFT, day, "movement:by hand", "", ROLE, legs, reverses)

    def _undone_by(self, reversal: int) -> int | None:
        return self.model.entries[reversal - 1].reverses

    def _key(self, seq: int) -> str:
        wanted = text("SELECT idempotency_key FROM journal_entry WHERE seq = :seq")
        return str(db.session.execute(wanted, {"seq": seq}).scalar_one())


def _legs(cents: int) -> tuple[Leg, ...]:
    return Leg("570100", cents), Leg("731000", -cents)


def _refuse(fact: str) -> None:
    raise Refused(fact)
