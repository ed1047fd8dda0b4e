"""The machine with the acts of every feature, and how it is run."""

from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, run_state_machine_as_test

from tests.ledger.machine.acts_of_deciding import SAID, ActsOfDeciding
from tests.ledger.machine.acts_of_sharing import ALL, ActsOfSharing
from tests.ledger.machine.acts_of_treasury import POCKETS, ActsOfTreasury
from tests.ledger.machine.acts_of_years import ActsOfYears
from tests.ledger.machine.acts_on_orders import BASKETS, ActsOnOrders
from tests.ledger.machine.ground import NEEDS, Ground

LIVED = (
    *("nothing", "a week", "a week shared", "two weeks shared", "a part handed out", "a year"),
    *("somebody stayed away", "a pocket paid"),
)


class Machine(ActsOnOrders, ActsOfDeciding, ActsOfSharing, ActsOfTreasury, ActsOfYears):
    """Everything that can happen to the books."""

    @initialize(basket=BASKETS, name=st.sampled_from(sorted(NEEDS)), lived=st.sampled_from(LIVED), said=SAID)
    def has_lived(self, basket: dict[str, int], name: str, lived: str, said: tuple[str, Any]) -> None:
        """Begin where chance alone rarely comes: after a week, its settlement, a payout, a year end."""
        if lived == "nothing":
            return
        self.place(self.week(0), basket)
        self.wait(7)
        if lived == "somebody stayed away":
            self.stays_away(0, True)
        self.ends_a_week(0, True)
        if lived == "two weeks shared":
            self._two_weeks(basket, said)
        if lived == "a pocket paid":
            self.buys("meals", POCKETS, [("ingredients", 200)], 0, False)
            self.pays_back(0, "570100", False)
        if lived == "a year":
            self.closes_a_year("meals", 1, True)
        elif lived in {"a week shared", "a part handed out"} and self.model.closed_weeks:
            self.settles(True, 0, ALL)
        if lived == "a part handed out":
            self.advances(name, 1000)
            self.pays_out(name, 2, True)

    def _two_weeks(self, basket: dict[str, int], said: tuple[str, Any]) -> None:
        """Decide between two weeks, not to be settled as one then, but once somebody disagreed."""
        self.place(self.week(1), basket)
        self.wait(7)
        self.ends_a_week(1, True)
        self.decides(said, 1)
        if self.model.closed_weeks:
            self.settles(True, 0, ALL)
            self.disagrees(0)
            self.settles(True, 0, ALL)


def run_machine(place: Ground, number: int, examples: int, *, steps: int = 6, proves: bool = True) -> None:
    """Run so many examples drawn from a seed; a failure prints its acts, short enough to be read as they are.

    Without `proves`, what `verify` says is not asked.

    Raises AssertionError.
    """
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    on_ground = type("MachineOnGround", (Machine,), {"ground": place, "proves": proves})
    run_state_machine_as_test(seed(number)(on_ground), settings=chosen)
