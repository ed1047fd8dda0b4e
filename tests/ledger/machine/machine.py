"""The machine with the acts of every feature, and how it is run."""

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.ledger.machine.acts_of_sharing import ActsOfSharing
from tests.ledger.machine.acts_on_orders import ActsOnOrders
from tests.ledger.machine.ground import Ground


class Machine(ActsOnOrders, ActsOfSharing):
    """Everything that can happen to the books."""


def run_machine(place: Ground, number: int, examples: int, steps: int = 8, shrinks: bool = True) -> None:
    """Run so many examples drawn from a seed. Raises AssertionError with the acts that lead there."""
    phases = [Phase.generate, Phase.shrink] if shrinks else [Phase.generate]
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        database=None,
        deadline=None,
        phases=phases,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    on_ground = type("MachineOnGround", (Machine,), {"ground": place})
    run_state_machine_as_test(seed(number)(on_ground), settings=chosen)
