"""Acts of a treasurer: costs, paying back, gifts, transfers, counts and bank checks."""

from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select

from shop.extensions import db
from shop.money import notes_and_coins
from shop.treasury import rules
from shop.treasury import services as treasury
from shop.treasury.models import Cost
from shop.treasury.rules import CostKind, Line, Spent
from tests.ledger.machine.driver import ROLE, Driver
from tests.ledger.machine.expected_treasury import FUNDS, OWNERS, POCKETS, SPENT_ON, SUPPLIERS, Bought

SELLERS = st.sampled_from(["meals", "beer"])
PLACES = st.sampled_from(sorted(OWNERS))
SOURCES = st.sampled_from([*sorted(OWNERS), POCKETS, SUPPLIERS])
CENTS = st.integers(0, 9999)
LINES = st.lists(st.tuples(st.sampled_from(sorted(SPENT_ON)), CENTS), min_size=1, max_size=3)
AGO = st.sampled_from([0, 0, 1, 9, 40, -1])
PICKS = st.integers(0, 9)


class ActsOfTreasury(Driver):
    """What a treasurer does in two evenings a month."""

    def ago(self, days: int) -> date:
        """Give the day so many days ago; below 0, a day that has not come."""
        return self.today - timedelta(days=days)

    def form_of(self, pick: int) -> str:
        """Give the mark of a cost's form, the newest first."""
        return list(self.model.costs)[-1 - pick % len(self.model.costs)]

    @rule(seller=SELLERS, source=SOURCES, lines=LINES, days=AGO, another=st.booleans())
    def buys(self, seller: str, source: str, lines: list[tuple[str, int]], days: int, another: bool) -> None:
        """Buy from any box or bank, a pocket or on a bill, with lines or without; the form comes twice."""
        form, day = self.form(), self.ago(days)
        sums: dict[str, int] = {}
        for kind, cents in lines:
            sums[kind] = sums.get(kind, 0) + cents
        spent = Spent(
            CostKind(lines[0][0]),
            source,
            sum(cents for _, cents in lines),
            day,
            "2026-W50",
            payer=self.scene.members["Cumin"] if source == POCKETS else None,
            activity=seller,
            lines=tuple(Line(CostKind(kind), cents) for kind, cents in lines) if lines[1:] else (),
        )

        def record() -> int:
            return treasury.record_cost(form, spent, self.today, ROLE, another).id

        bought = Bought(seller, day, tuple(sums.items()), source)
        empty = any(not cents for _, cents in lines)
        first = self.act(record, lambda: self.model.buy(form, bought, self.today, another, empty))
        if first:
            assert self.act(record, lambda: None) == first

    @precondition(lambda self: self.model.costs)
    @rule(pick=PICKS, source=PLACES, bill=st.booleans())
    def pays_back(self, pick: int, source: str, bill: bool) -> None:
        """Give a pocket its money back, or pay a bill, from any box or bank."""
        form = self.form_of(pick)
        verb, owed = (treasury.pay_bill, SUPPLIERS) if bill else (treasury.repay, POCKETS)
        self.act(
            lambda: verb(_cost(form).id, self.today, ROLE, source),
            lambda: self.model.pay_back(form, owed, source, self.today),
        )

    @precondition(lambda self: self.model.costs)
    @rule(pick=PICKS)
    def undoes_a_cost(self, pick: int) -> None:
        """Undo a cost, perhaps one that was paid back or undone."""
        form = self.form_of(pick)
        self.act(
            lambda: treasury.undo_cost(_cost(form).id, self.today, ROLE, "amount"),
            lambda: self.model.unbuy(form, self.today),
        )

    @rule(cents=CENTS, place=PLACES, fund=st.sampled_from(["", "", *sorted(FUNDS)]), days=AGO)
    def gives(self, cents: int, place: str, fund: str, days: int) -> None:
        """Give money, for a fund or not; the form comes twice."""
        form, day = self.form(), self.ago(days)
        moved = rules.gift(cents, day, place, fund or None)
        self._moves(form, moved, lambda: self.model.give(form, cents, place, fund, day, self.today))

    @rule(cents=CENTS, source=PLACES, to=PLACES, days=AGO, all_of_it=st.booleans())
    def carries(self, cents: int, source: str, to: str, days: int, all_of_it: bool) -> None:
        """Bring cash to the bank or back, or pay the other seller what its box laid out."""
        form, day = self.form(), self.ago(days)
        if source == to:
            return
        owed = -self.model.balance("499100", OWNERS[source])
        if all_of_it and OWNERS[source] != OWNERS[to] and owed > 0:
            cents = owed
        moved = rules.passage(cents, day, source, to)
        self._moves(form, moved, lambda: self.model.carry(form, cents, source, to, day, self.today))

    @rule(seller=SELLERS, owed=st.sampled_from([POCKETS, SUPPLIERS]), source=PLACES, part=st.integers(1, 3))
    def pays_an_old_debt(self, seller: str, owed: str, source: str, part: int) -> None:
        """Pay what was owed when the books opened: all, a part, or too much."""
        form, cents = self.form(), self.model.old_debt(seller, owed) * part // 2 + part // 2
        moved = rules.old_debt(cents, self.today, seller, owed, source)
        self._moves(
            form,
            moved,
            lambda: self.model.pay_old_debt(form, seller, owed, source, cents, self.today),
        )

    def _moves(self, form: str, moved: rules.Moved, expected: object) -> None:
        def move() -> int:
            return treasury.move(form, moved, self.today, ROLE).id

        first = self.act(move, expected)  # type: ignore[arg-type]
        if first:
            assert self.act(move, lambda: None) == first

    @rule(beer=st.booleans(), off=st.sampled_from([0, 0, 20, -50, 5]), handed=st.booleans())
    def counts_a_box(self, beer: bool, off: int, handed: bool) -> None:
        """Count a box, in whole 5 cents, and maybe hand it to somebody; the same count is sent twice."""
        account = "570200" if beer else "570100"
        cents = max(0, self.model.balance(account) // 5 * 5 + off)
        pieces = {value: many for value, many in notes_and_coins(cents, 20000).items() if value >= 5}
        before = self.model.counts

        def count() -> object:
            if handed:
                member = self.scene.members["Menthe"]
                return treasury.hand_box_over(account, pieces, member, self.today, ROLE)
            return treasury.count_cash(pieces, self.today, ROLE, account)

        last = next((one for one in reversed(before) if one.account == account), None)
        same = last is not None and last.counted == cents
        self.act(count, lambda: self.model.count(account, cents, self.today, same))
        self.act(count, lambda: self.model.count(account, cents, self.today, same=True))

    @rule(beer=st.booleans(), cents=st.integers(-500, 60000), days=AGO)
    def checks_a_bank(self, beer: bool, cents: int, days: int) -> None:
        """Write down what a bank says of a day; the same statement comes twice."""
        account, day = ("550200" if beer else "550100"), self.ago(days)

        def check() -> int:
            return treasury.check_bank(account, cents, day, self.today).expected

        def expected() -> None:
            self.model.check_bank(account, cents, day, self.today)

        found = self.act(check, expected)
        if found is not None:
            last = next(one for one in reversed(self.model.counts) if one.account == account)
            assert found == last.expected
            assert self.act(check, expected) == found


def _cost(form: str) -> Cost:
    return db.session.scalars(select(Cost).where(Cost.form_id == form)).one()
