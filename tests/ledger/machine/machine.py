"""The machine with the acts of every feature, and how it is run."""

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.ledger.machine.acts_of_sharing import ActsOfSharing
from tests.ledger.machine.acts_of_treasury import ActsOfTreasury
from tests.ledger.machine.acts_of_years import ActsOfYears
from tests.ledger.machine.acts_on_orders import ActsOnOrders
from tests.ledger.machine.ground import Ground


class Machine(ActsOnOrders, ActsOfSharing, ActsOfTreasury, ActsOfYears):
    """Everything that can happen to the books."""


def run_machine(place: Ground, number: int, examples: int, *, steps: int = 8, proves: bool = True) -> None:
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
