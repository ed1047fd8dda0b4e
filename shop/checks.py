"""What a check of `shop verify` is; each feature lists its own in its `checks.py`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

SHOWN = 3
"""Problems that a line of the report spells out."""

STRIDE = 5000
"""Rows of a walk after which it says how far it is."""

Tell = Callable[[str], None]
"""Says in a few words what is being proved, to somebody who waits."""


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


def silent(_words: str) -> None:
    """Say nothing."""


def result_of(name: str, problems: list[str], warns: bool = False) -> Result:
    """Make the line of the report from what was found."""
    if not problems:
        return Result(name, State.OK, "")
    more = ["…"] if len(problems) > SHOWN else []
    return Result(name, State.WARNING if warns else State.BROKEN, "; ".join([*problems[:SHOWN], *more]))


def unread(error: Exception) -> str:
    """Say that rows cannot even be read, which is broken too."""
    return f"cannot be read ({type(error).__name__})"


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
            problems = [unread(error)]
        return result_of(self.name, problems, self.warns)

    def results(self, quick: bool, tell: Tell = silent) -> list[Result]:
        """Prove it, as one line of the report."""
        tell(self.name)
        return [self.run(quick)]


class Watcher:
    """An invariant that looks at each step of a walk, and once more at its end."""

    name: str

    def __init__(self, quick: bool) -> None:
        self.quick = quick

    def see(self, *step: Any) -> Iterable[str]:
        """Say what is wrong with a step."""
        return ()

    def end(self) -> Iterable[str]:
        """Say what is wrong with the whole."""
        return ()


class Walk:
    """Invariants that are proved together, so that a long history is read once.

    `read(quick)` gives the steps; each watcher, made anew, sees them all.
    """

    def __init__(self, read: Callable[[bool], Iterable[tuple[Any, ...]]], *watchers: type[Watcher]) -> None:
        self.read = read
        self.watchers = watchers

    def results(self, quick: bool, tell: Tell = silent) -> list[Result]:
        """Prove them, a line of the report each; one that has found enough looks no further."""
        walkers = [Walker(watcher(quick)) for watcher in self.watchers]
        try:
            self._walk(walkers, quick, tell)
        except Exception as error:  # the rows themselves could not be read
            for walker in walkers:
                walker.problems.append(unread(error))
        return [result_of(walker.watcher.name, walker.problems) for walker in walkers]

    def _walk(self, walkers: "list[Walker]", quick: bool, tell: Tell) -> None:
        for number, step in enumerate(self.read(quick)):
            if number % STRIDE == 0:
                tell(f"entry {number}")
            for walker in walkers:
                if walker.looks:
                    walker.note(walker.watcher.see, *step)
        for walker in walkers:
            if walker.looks:
                walker.note(walker.watcher.end)


class Walker:
    """What a watcher found so far."""

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.problems: list[str] = []
        self.looks = True

    def note(self, look: Callable[..., Iterable[str]], *step: Any) -> None:
        """Let it look; a damaged row may fail in any way."""
        try:
            for problem in look(*step):
                self.problems.append(problem)
                if len(self.problems) > SHOWN:
                    self.looks = False
                    return
        except Exception as error:
            self.problems.append(unread(error))
            self.looks = False
