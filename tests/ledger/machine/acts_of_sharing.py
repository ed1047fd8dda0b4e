"""Acts of Sunday: settling one week or two, all or a part, and undoing it."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select

from shop.extensions import db
from shop.ledger.books.models import Cycle
from shop.ledger.sharing import services as sharing
from shop.ledger.sharing.models import Settlement
from shop.ledger.sharing.paying import advance, pay_out
from tests.ledger.machine.driver import ROLE, Driver
from tests.ledger.machine.ground import NEEDS

ALL, HALF, NONE, TOO_MUCH = "all", "half", "none", "too much"


class ActsOfSharing(Driver):
    """What is shared."""

    @precondition(lambda self: self.model.closed_weeks)
    @rule(
        both=st.booleans(), pick=st.integers(0, 2), amount=st.sampled_from([ALL, ALL, HALF, NONE, TOO_MUCH])
    )
    def settles(self, both: bool, pick: int, amount: str) -> None:
        """Settle a closed week or all of them; the same is asked twice."""
        closed = sorted(self.model.closed_weeks)
        chosen = closed if both else [closed[pick % len(closed)]]
        there = self.model.distributable("meals")
        cents = {ALL: None, HALF: max(there, 0) // 2, NONE: 0, TOO_MUCH: max(there, 0) + 1}[amount]

        def settled() -> int:
            ids = list(db.session.scalars(select(Cycle.id).where(Cycle.label.in_(chosen))))
            return sharing.settle(ids, cents, self.today, ROLE).id

        first = self.act(settled, lambda: self.model.settle(chosen, cents, self.today))
        if first:
            assert self.act(settled, lambda: None) == first

    @precondition(lambda self: self.model.settlements)
    @rule(pick=st.integers(0, 5))
    def unsettles(self, pick: int) -> None:
        """Reverse a settlement, perhaps one that was reversed before."""
        place = pick % len(self.model.settlements)
        self.act(
            lambda: sharing.reverse_settlement(self._ids()[place], self.today, ROLE),
            lambda: self.model.unsettle(self.model.settlements[place], self.today),
        )

    @rule(name=st.sampled_from(sorted(NEEDS)), part=st.sampled_from([0, 1, 2, 2, 3]), back=st.booleans())
    def pays_out(self, name: str, part: int, back: bool) -> None:
        """Hand somebody half of their part, all of it, or more than there is; the form comes twice."""
        form, who = self.form(), self.scene.subjects[name]
        cents = max(0, -self.model.held["489110", "meals", who]) * part // 2 + part // 3
        taken = min(cents, self.model.held["416100", "meals", who] + part // 3) if back else 0

        def paid() -> int:
            member = self.scene.members[name]
            return pay_out(form, member, cents - taken, self.today, ROLE, taken_back=taken).id

        first = self.act(paid, lambda: self.model.pay_out(form, who, cents - taken, taken, self.today))
        if first:
            assert self.act(paid, lambda: None) == first

    @rule(name=st.sampled_from(sorted(NEEDS)), cents=st.sampled_from([0, 1000, 1000, 3000, 6000]))
    def advances(self, name: str, cents: int) -> None:
        """Hand somebody an advance, up to the bound or above; the form comes twice."""
        form, who = self.form(), self.scene.subjects[name]

        def advanced() -> int:
            return advance(form, self.scene.members[name], cents, self.today, ROLE).id

        first = self.act(advanced, lambda: self.model.advance(form, who, cents, self.today))
        if first:
            assert self.act(advanced, lambda: None) == first

    def _ids(self) -> list[int]:
        return list(db.session.scalars(select(Settlement.id).order_by(Settlement.id)))
