"""What a check of `shop verify` is; each feature lists its own in its `checks.py`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

SHOWN = 3
"""Problems that a line of the report spells out."""


class State(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    BROKEN = "BROKEN"


@dataclass(frozen=True)
class Result:
    """A line of the report."""

    name: str
    state: State
    detail: str


@dataclass(frozen=True)
class Check:
    """An invariant, proved from the rows alone and without keys.

    `name` says it in a few words. `function(quick)` gives what is wrong, a short sentence each, in constant
    memory; where `quick`, from stored sums and what is newest. `warns`: what it finds is no damage.
    """

    name: str
    function: Callable[[bool], Iterable[str]]
    warns: bool = False

    def run(self, quick: bool) -> Result:
        """Prove it; rows that cannot even be read are broken."""
        try:
            problems = list(islice(self.function(quick), SHOWN + 1))
        except Exception as error:  # a damaged row may fail in any way
            problems = [f"cannot be read ({type(error).__name__})"]
        if not problems:
            return Result(self.name, State.OK, "")
        more = ["…"] if len(problems) > SHOWN else []
        state = State.WARNING if self.warns else State.BROKEN
        return Result(self.name, state, "; ".join(problems[:SHOWN] + more))
