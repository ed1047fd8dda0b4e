"""Which sentences stand on the to-do list: facts in, sentences' facts out, the most urgent first. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from shop.collective.gauge.rules import Gauge, State
from shop.ledger.books.rules import FEWEST

COUNT_AFTER = timedelta(days=7)
"""A box in which money moved is counted each week."""

CHECK_AFTER = timedelta(days=31)
SHOWN = 6
"""Debts that have a sentence of their own; the rest are summed up."""

KEPT_LONG = timedelta(days=25)
"""From here on a debt is what keeps a customer's contact. Source: protection.md, « Rhythm of forgetting »."""

SETTLED_BY = 15
"""The day of a month on which what belongs to the month before has come."""


class Task(StrEnum):
    """What is to be done, in the order of urgency."""

    BROKEN = "broken"
    RECEIVE = "receive"
    RECEIVE_OLD = "receive_old"
    CLOSE_WEEK = "close_week"
    SHARE = "share"
    CONFIRM = "confirm"
    TALK = "talk"
    HAND_OUT = "hand_out"
    COUNT = "count"
    REPAY = "repay"
    PAY = "pay"
    HAND_ON = "hand_on"
    CHECK_BANK = "check_bank"
    WATCH_VAT = "watch_vat"
    CLOSE_YEAR = "close_year"
    LOCK = "lock"


ORDER = tuple(Task)


@dataclass(frozen=True)
class Todo:
    """A sentence and what its button needs: cents, how many, an order or a decision, a day, an account.

    `label` is a week's, or the key of a decision.
    """

    task: Task
    seller: str
    cents: int = 0
    many: int = 0
    number: int = 0
    day: date | None = None
    account: str = ""
    label: str = ""
    kept_long: bool = False


@dataclass(frozen=True)
class Debt:
    """What a customer owes for an order handed over on a day."""

    number: int
    cents: int
    since: date


@dataclass(frozen=True)
class Place:
    """A box or a bank account: cents; when it was last counted or checked, whether money moved since."""

    account: str
    seller: str
    cents: int
    counted_on: date | None
    moved: bool
    holder: str = ""
    emblem: str = ""

    @property
    def cash(self) -> bool:
        """Say whether it holds notes and coins."""
        return self.account.startswith("57")


@dataclass(frozen=True)
class Books:
    """What one seller's books say, in cents: what it owes to pockets, to suppliers and to the other seller.

    `year_left` is last year, where something is left to close.
    """

    seller: str
    places: tuple[Place, ...] = ()
    pockets: int = 0
    bills: int = 0
    owes: int = 0
    gauge: Gauge | None = None
    year_left: int | None = None


@dataclass(frozen=True)
class Weeks:
    """What concerns the weeks of the meals: debts, the oldest first, weeks over, weeks closed and not shared.

    A week is its label and the day of its food; `to_share` are the cents that closed weeks have to share.
    `envelopes` has the cents of each part that is still to be handed out; their sum is told where
    `parts_shown` or there are enough. `to_confirm` and `contested` are decisions, by number and key, that
    wait for a second member, or to be talked about again.
    """

    debts: tuple[Debt, ...] = ()
    older_debts: int = 0
    over: tuple[tuple[str, date], ...] = ()
    unshared: tuple[tuple[str, date], ...] = ()
    to_share: int = 0
    envelopes: tuple[int, ...] = ()
    parts_shown: bool = True
    to_confirm: tuple[tuple[int, str], ...] = ()
    contested: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Facts:
    """All that the list is made from, for whoever looks; months up to the day `lock` could be locked."""

    today: date
    books: tuple[Books, ...] = ()
    weeks: Weeks = field(default_factory=Weeks)
    broken: int = 0
    lock: date | None = None


def todos(facts: Facts) -> list[Todo]:
    """List the sentences, the most urgent first."""
    found = [
        *_proof(facts),
        *_weeks(facts.weeks, facts.today),
        *(one for books in facts.books for one in _books(books, facts.today)),
    ]
    if facts.lock:
        found.append(Todo(Task.LOCK, "", day=facts.lock))
    return sorted(found, key=lambda one: ORDER.index(one.task))


def month_to_lock(today: date, locked_until: date | None, first: date | None) -> date | None:
    """Give the last day of a month that is settled and not locked, or None.

    `first` is the day of the first entry: without entries nothing is locked.
    """
    end = today.replace(day=1) - timedelta(days=1)
    if today.day < SETTLED_BY:
        end = end.replace(day=1) - timedelta(days=1)
    if first is None or first > end or (locked_until is not None and locked_until >= end):
        return None
    return end


def _proof(facts: Facts) -> Iterator[Todo]:
    if facts.broken:
        yield Todo(Task.BROKEN, "", many=facts.broken)


def _weeks(weeks: Weeks, today: date) -> Iterator[Todo]:
    for debt in weeks.debts[:SHOWN]:
        kept_long = today - debt.since >= KEPT_LONG
        yield Todo(Task.RECEIVE, "meals", debt.cents, number=debt.number, day=debt.since, kept_long=kept_long)
    rest = sum(debt.cents for debt in weeks.debts[SHOWN:]) + weeks.older_debts
    if rest > 0:
        yield Todo(Task.RECEIVE_OLD, "meals", rest, account="400000")
    for label, day in weeks.over:
        yield Todo(Task.CLOSE_WEEK, "meals", label=label, day=day)
    if weeks.unshared and weeks.to_share > 0:
        label, day = weeks.unshared[-1]
        yield Todo(Task.SHARE, "meals", weeks.to_share, many=len(weeks.unshared), label=label, day=day)
    for number, key in weeks.to_confirm:
        yield Todo(Task.CONFIRM, "meals", number=number, label=key)
    for number, key in weeks.contested:
        yield Todo(Task.TALK, "meals", number=number, label=key)
    if weeks.envelopes:
        told = weeks.parts_shown or len(weeks.envelopes) >= FEWEST
        yield Todo(Task.HAND_OUT, "meals", sum(weeks.envelopes) if told else 0, many=len(weeks.envelopes))


def _books(books: Books, today: date) -> Iterator[Todo]:
    for place in books.places:
        task, after = (Task.COUNT, COUNT_AFTER) if place.cash else (Task.CHECK_BANK, CHECK_AFTER)
        old = place.counted_on is None or today - place.counted_on >= after
        if place.moved and old:
            yield Todo(task, books.seller, place.cents, day=place.counted_on, account=place.account)
    owed = {Task.REPAY: books.pockets, Task.PAY: books.bills, Task.HAND_ON: books.owes}
    for task, cents in owed.items():
        if cents > 0:
            yield Todo(task, books.seller, cents)
    if books.gauge and books.gauge.state in {State.NEAR, State.OVER}:
        yield Todo(Task.WATCH_VAT, books.seller, books.gauge.turnover, many=books.gauge.percent)
    if books.year_left is not None:
        yield Todo(Task.CLOSE_YEAR, books.seller, many=books.year_left)
