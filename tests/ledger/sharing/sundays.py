"""What a Sunday does with closed weeks: share, undo, share again, pay out, advance; against the paper."""

from datetime import date
from fractions import Fraction

import pytest

from shop.errors import NothingToShare, NotReversible
from shop.extensions import db
from shop.ledger.books.queries import balance, balances_by_subject, distributable
from shop.ledger.sharing.models import Settlement
from shop.ledger.sharing.paying import advance, pay_out, undo_payout
from shop.ledger.sharing.queries import parts_of, pasts
from shop.ledger.sharing.rules import ADVANCED, ALLOTTED, SECU_JAR, carry
from shop.ledger.sharing.services import reverse_settlement, settle
from shop.transaction import transaction
from shop.verify import State, run
from tests.ledger.sharing.decade import BOUND, ROLE, Decade
from tests.ledger.sharing.pencil import Sheet

Weeks = list[tuple[int, date]]
WORST = Fraction(2)
"""Cents that nobody of up to eight people is ever short of, or ahead by."""


class Sundays(Decade):
    """Years whose weeks are shared, most of them at once and some after a while."""

    def __init__(self, seed: int) -> None:
        """Begin with nothing shared."""
        super().__init__(seed)
        self.settled: list[tuple[int, Weeks]] = []
        self.worst = Fraction(0)
        self.forms = 0
        self.seen: dict[str, int] = {}

    def live(self, weeks: int) -> None:
        """Let weeks pass; after each, hold the shop against the paper and prove its books."""
        for _ in range(weeks):
            self.live_a_week()
            if self.chance.random() < 0.85:
                for group in self.waiting():
                    self.share(group)
            if self.chance.random() < 0.12:
                self.share_again()
            if self.chance.random() < 0.2:
                self.advance()
            if self.chance.random() < 0.6:
                self.pay()
            self.agree()
            year_ends = self.today.month == 1 and self.today.day <= 7
            broken = [one for one in run(quick=not year_ends) if one.state == State.BROKEN]
            assert not broken, (self.today, broken)

    def share(self, weeks: Weeks) -> None:
        """Share all there is, a part of it or nothing; a loss is refused, and settled with nothing."""
        there = self.pencil.there()
        amount = self.chance.choice([None, None, None, None, max(there, 0) * 2 // 3 + 1, 0])
        if there <= 0:
            with pytest.raises(NothingToShare), transaction():
                settle([one for one, _ in weeks], None, self.today, ROLE)
            self.saw("losses")
            amount = 0
        self.settle(weeks, amount)

    def settle(self, weeks: Weeks, amount: int | None) -> None:
        """Settle weeks in the shop and on paper."""
        there = max(self.pencil.there(), 0)
        amount = None if amount is None else min(amount, there)
        weights, percent = self.held_on(weeks[0][1])
        with transaction():
            settlement = settle([one for one, _ in weeks], amount, self.today, ROLE)
            number = settlement.id
        sheet = self.pencil.share(there if amount is None else amount, weights, percent)
        self.compare(number, sheet)
        self.settled.append((number, weeks))
        self.saw("several at once" if len(weeks) > 1 else "one week")
        self.saw("left in" if sheet.taken < there else "all")
        self.saw("secu" if sheet.secu else "no secu")

    def compare(self, number: int, sheet: Sheet) -> None:
        """Hold one settlement against its sheet: each part, and what the SECU got."""
        settlement = db.session.get_one(Settlement, number)
        parts = {who: cents for who, cents in sheet.parts.items() if cents}
        assert parts_of(settlement) == parts, (number, sheet)
        assert sum(parts.values()) + settlement.secu == sheet.taken
        assert (settlement.secu, settlement.shared) == (sheet.secu, sheet.taken - sheet.secu)
        for who, cents in sheet.parts.items():
            assert abs(sheet.exact(who) - cents) < 1
        db.session.rollback()

    def share_again(self) -> None:
        """Undo one of the newest settlements, where nobody received of it yet, and settle its weeks again."""
        if not self.settled:
            return
        place = max(0, len(self.settled) - self.chance.choice([1, 1, 2]))
        (number, weeks), sheet = self.settled[place], self.pencil.sheets[place]
        whole = all(self.pencil.left(who) >= cents for who, cents in sheet.parts.items())
        if not whole or not sheet.taken:
            with pytest.raises(NotReversible), transaction():
                reverse_settlement(number, self.today, ROLE)
            self.saw("not undone")
            return
        with transaction():
            reverse_settlement(number, self.today, ROLE)
        self.settled.pop(place)
        self.pencil.sheets.pop(place)
        self.agree()
        self.saw("undone")
        self.share(weeks)

    def pay(self) -> None:
        """Hand most people what is left of their parts, some of it or none; advances come back."""
        for who, member in sorted(self.ever.items()):
            left = self.pencil.left(who)
            cents = left // self.chance.choice([1, 1, 2]) // 100 * 100
            back = min(self.pencil.lent[who], cents)
            if not cents or self.chance.random() < 0.3:
                continue
            with transaction():
                number = pay_out(self.form(), member, cents - back, self.today, ROLE, taken_back=back).id
            self.pencil.handed[who] += cents
            self.pencil.lent[who] -= back
            self.saw("taken back" if back else "paid")
            if self.chance.random() < 0.05:
                with transaction():
                    undo_payout(number, self.today, ROLE)
                self.pencil.handed[who] -= cents
                self.pencil.lent[who] += back
                self.saw("payout undone")

    def advance(self) -> None:
        """Lend somebody something on their next part, up to the bound."""
        member, who = self.chance.choice(sorted(self.people.items()))
        cents = self.chance.randrange(500, BOUND, 500)
        if who not in self.held_on(self.today)[0] or self.pencil.lent[who] + cents > BOUND:
            return
        with transaction():
            advance(self.form(), member, cents, self.today, ROLE)
        self.pencil.lent[who] += cents
        self.saw("advances")

    def agree(self) -> None:
        """Hold sums, what each has left, owes and is short of, against the paper, to the last fraction."""
        db.session.rollback()
        paper, short = self.pencil, self.pencil.short()
        assert distributable("meals") == paper.there()
        assert -balance(SECU_JAR, "beer") == paper.secured()
        assert {who: cents for who, cents in carry(pasts()).items() if cents} == {
            who: cents for who, cents in short.items() if cents
        }
        for account, sign, held in ((ALLOTTED, -1, paper.left), (ADVANCED, 1, paper.lent.__getitem__)):
            found = {who: sign * cents for who, cents in balances_by_subject(account).items() if cents}
            assert found == {who: held(who) for who in self.ever if held(who)}
        self.worst = max([self.worst, *(abs(cents) for cents in short.values())])
        assert self.worst < WORST, (self.today, self.worst)
        db.session.rollback()

    def form(self) -> str:
        """Give the mark of a form that was not sent before."""
        self.forms += 1
        return f"{self.forms:032x}"

    def saw(self, what: str) -> None:
        """Count what happened: a life in which something never happened proves nothing of it."""
        self.seen[what] = self.seen.get(what, 0) + 1
