"""Does each act twice, in the shop and in the model, and compares what they say and what they booked."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, TypeVar

from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlalchemy import text

from shop.errors import Refusal
from shop.extensions import db
from shop.ledger.books.queries import distributable
from shop.orders.queries import owed
from shop.transaction import transaction
from shop.verify import State, run
from shop.weeks import local_day
from tests.ledger.machine.expected import Expected
from tests.ledger.machine.expected_deciding import BOUND, WEIGHTS
from tests.ledger.machine.ground import ADVANCED, BEGINS, CAP, NEEDS, Ground, Scene
from tests.ledger.machine.model import Booked

ROLE = "treasurer"
Answer = TypeVar("Answer")

ENTRIES = text("SELECT seq, kind, document, date, reverses FROM journal_entry WHERE seq > :seen ORDER BY seq")
POSTINGS = text(
    "SELECT entry, account, cents, activity, coalesce(subject, '') FROM posting WHERE entry > :seen"
)
BALANCES = text("SELECT account, activity, subject, cents FROM balance WHERE cents <> 0")


class Driver(RuleBasedStateMachine):
    """What the rules of each feature share."""

    ground: ClassVar[Ground]
    proves: ClassVar[bool] = True
    """Whether each step is followed by `verify --quick` and the last by `verify`."""

    def __init__(self) -> None:
        """Begin in the furnished shop, and with a model that knows what stands there."""
        super().__init__()
        self.ground.restore()
        self.scene: Scene = self.ground.scene
        self.model = Expected()
        self.model.cap = CAP
        self.model.begins = dict(self.scene.begins)
        self.model.cutoffs = dict(self.scene.cutoffs)
        weights = {self.scene.subjects[name]: weight for name, weight in NEEDS.items()}
        self.model.decide(WEIGHTS, weights, date.min)
        self.model.decide(BOUND, ADVANCED, date.min)
        self.now: datetime = BEGINS
        self.seen = 0
        self.forms = 0
        self.whole = True
        self.changed = True

    @property
    def today(self) -> date:
        """Give the local day of the machine's clock."""
        return local_day(self.now)

    def form(self) -> str:
        """Give the mark of a form that was not sent before."""
        self.forms += 1
        return f"{self.forms:030x}"

    def wait(self, days: int) -> None:
        """Let days pass."""
        self.now += timedelta(days=days)

    def act(self, shop: Callable[[], Answer], expected: Callable[[], object]) -> Answer | None:
        """Do the same in both; they agree on whether it may be, why not, and what it booked."""
        self.whole = False
        facts = self.model.attempt(expected)
        answer, fact = self._in_the_shop(shop)
        self.changed = self.changed or fact is None
        if facts:
            assert fact in facts, f"{fact or 'done'} where {sorted(facts)} stands against it"
        else:
            assert fact is None, f"refused as {fact}"
        self.compare()
        self.whole = True
        return answer

    def _in_the_shop(self, shop: Callable[[], Answer]) -> tuple[Answer | None, str | None]:
        try:
            with transaction():
                return shop(), None
        except Refusal as refusal:
            return None, refusal.fact

    def compare(self) -> None:
        """Hold the newest entries, every balance and both distributables against the model."""
        db.session.rollback()
        expected = [_written(entry) for entry in self.model.entries[self.seen :]]
        newest = self._newest()
        agree(newest, expected)
        self.seen += len(expected)
        found = {tuple(row[:3]): row.cents for row in db.session.execute(BALANCES)}
        agree(found, {place: cents for place, cents in self.model.held.items() if cents})
        for activity in ("meals", "beer"):
            agree(distributable(activity), self.model.distributable(activity))

    def _newest(self) -> list[tuple[Any, ...]]:
        seen = {"seen": self.seen}
        legs: dict[int, list[tuple[Any, ...]]] = {}
        for row in db.session.execute(POSTINGS, seen):
            legs.setdefault(row[0], []).append(tuple(row[1:]))
        return [
            (kind, document, str(day), reverses, sorted(legs.get(seq, [])))
            for seq, kind, document, day, reverses in db.session.execute(ENTRIES, seen)
        ]

    @invariant()
    def holds(self) -> None:
        """Prove the invariants from stored sums after each step; what was refused left nothing to prove."""
        if self.proves and self.changed:
            self.changed = False
            agree(broken(quick=True), [])

    def teardown(self) -> None:
        """Prove everything from zero, and what each order owes."""
        if self.proves and self.whole:
            self.seen = 0
            self.compare()
            agree(broken(quick=False), [])
            agree({number: owed(number) for number in self.model.orders}, self._owed())

    def _owed(self) -> dict[int, int]:
        return {number: self.model.owes(number) for number in self.model.orders}


def agree(shop: object, model: object) -> None:
    """Say where the shop and the model differ."""
    assert shop == model, f"the shop has\n  {shop}\nand the model\n  {model}"


def broken(quick: bool) -> list[str]:
    """Name what verify finds broken, with its detail."""
    results = run(quick)
    return [f"{one.name}: {one.detail}" for one in results if one.state == State.BROKEN]


def _written(entry: Booked) -> tuple[Any, ...]:
    return entry.kind, entry.document, str(entry.day), entry.reverses, sorted(entry.legs)
