"""Years of Sundays in a shop and on paper at once: what happens is drawn, what it gives must be the same."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from random import Random

from sqlalchemy import select

from shop.decisions import services as decisions
from shop.extensions import db
from shop.ledger.books.rules import Entry, EntryKind, Leg
from shop.ledger.books.services import close_cycle, close_year, post
from shop.ledger.sharing.queries import first_open_day, unsettled_cycles
from shop.ledger.sharing.rules import ADVANCE_BOUND, SECU, WEIGHTS
from shop.ledger.sharing.services import weights_value
from shop.members.models import Member
from shop.members.services import add_member, leave, subject_of
from shop.pages import Role
from shop.transaction import transaction
from shop.treasury.opening import open_books
from shop.treasury.rules import BOX, CostKind, Spent
from shop.treasury.services import record_cost
from shop.weeks import week_label
from tests.ledger.sharing.pencil import Pencil

BEGINS = date(2026, 10, 5)
FLOAT, BOUND, MOST = 2_000_000, 6000, 8
"""Cents in the box, cents that a person may be advanced, and the people of whom the bound is told."""

ROLE = "treasurer"
NAMES = [f"Membre {first}{second}" for first in "BCDFGLMNPR" for second in "aeiou"]
Version = tuple[date, dict[str, Fraction]]


class Decade:
    """Weeks of sales and costs, people who come and go, and what the meeting decides."""

    def __init__(self, seed: int) -> None:
        """Open the books with four people."""
        self.chance = Random(seed)
        self.pencil = Pencil()
        self.week = 0
        self.people: dict[int, str] = {}
        self.ever: dict[str, int] = {}
        self.came = 0
        self.weights: list[Version] = []
        self.rates: list[tuple[date, Fraction]] = [(date.min, Fraction(0))]
        with transaction():
            open_books(FLOAT, BEGINS, ROLE)
        for _ in range(4):
            self.somebody_comes()
        self.weights_change()
        self._decided(ADVANCE_BOUND, BOUND)

    @property
    def today(self) -> date:
        """Give the Sunday of the week."""
        return BEGINS + timedelta(weeks=self.week, days=6)

    @property
    def now(self) -> datetime:
        """Give Sunday noon."""
        return datetime.combine(self.today, time(12), UTC)

    def live_a_week(self) -> None:
        """Let a week pass: what rarely happens, cooking, closing; sharing it is another's."""
        self.week += 1
        for chance, happens in (
            (0.03, self.somebody_comes_in),
            (0.02, self.somebody_leaves),
            (0.05, self.weights_change),
            (0.04, self.a_decision_is_contested),
            (0.08, self.somebody_gets_money_back),
        ):
            if self.chance.random() < chance:
                happens()
        if self.week % 130 == 4:
            self.the_secu_gets(self.chance.choice(["5.00", "10.00", "12.50"]))
        if self.week % 130 == 90:
            self.the_secu_gets("0.00")
        self.cook()
        if self.today.month == 1 and self.today.day <= 7:
            self.close_the_year()

    def cook(self) -> None:
        """Sell on Thursday and buy for it, one week in eight at a loss, and close the week."""
        start = self.today - timedelta(days=6)
        day, label = start + timedelta(days=3), week_label(start)
        sold = self.chance.randrange(30000, 90000)
        spent = int(sold * self.chance.uniform(0.3, 0.7))
        if self.chance.random() < 0.125:
            spent = sold + self.chance.randrange(1, 40000)
        with transaction():
            self._book(f"sale:{label}", day, sold, f"week:{label}")
            record_cost(f"cost-{label}", Spent(CostKind.INGREDIENTS, BOX, spent, day, label), day, ROLE)
            close_cycle("meals", label, start, day)
        self.pencil.earned += sold - spent

    def somebody_gets_money_back(self) -> None:
        """Give a customer money back of a week long past."""
        cents = self.chance.randrange(1, 5000)
        with transaction():
            self._book(f"late:{self.week}", self.today, -cents, "movement:late")
        self.pencil.earned -= cents

    def _book(self, key: str, day: date, cents: int, document: str) -> None:
        legs = (Leg("570100", cents), Leg("700100", -cents))
        post(Entry(key, EntryKind.HAND_OVER, day, document, "", ROLE, legs), self.today)

    def close_the_year(self) -> None:
        """Close the year that is over; what may be shared stays."""
        with transaction():
            close_year("meals", self.today.year - 1, self.today, ROLE)

    def somebody_comes(self) -> None:
        """Add a member, who has no weight before it is decided."""
        self.came += 1
        with transaction():
            add_member(NAMES[self.came], [("meals", Role.COOK)], self.now)
            member = db.session.scalars(select(Member).order_by(Member.id.desc()).limit(1)).one()
            # Not a random one: a seed gives the same life each time.
            self.people[member.id] = subject_of(member, f"subject-{self.came:02}")
            self.ever[self.people[member.id]] = member.id

    def somebody_comes_in(self) -> None:
        """Add a member and decide their weight, where there is room."""
        if len(self.people) < MOST:
            self.somebody_comes()
            self.weights_change()

    def somebody_leaves(self) -> None:
        """Let a member leave; what is not decided anew keeps their weight."""
        if len(self.people) > 2:
            gone = self.chance.choice(sorted(self.people))
            with transaction():
                leave(gone, self.now)
            del self.people[gone]
            if self.chance.random() < 0.7:
                self.weights_change()

    def weights_change(self) -> None:
        """Decide a weight for each member, by two of them."""
        drawn = {member: self.chance.choice([100, 130, 180, 210, 55, 333]) for member in sorted(self.people)}
        with transaction():
            value = weights_value(drawn)
        day = self._decided(WEIGHTS, value)
        by_person = {self.people[member]: Fraction(weight, 100) for member, weight in drawn.items()}
        self.weights.append((day, by_person))

    def a_decision_is_contested(self) -> None:
        """Write weights that somebody disagrees with at once, or that nobody confirms: nothing changes."""
        with transaction():
            value = weights_value(dict.fromkeys(self.people, 700))
            written, second = sorted(self.people)[:2]
            day = first_open_day(self.today)
            decision = decisions.propose(WEIGHTS, value, day, self.now, written_by=written)
            if self.chance.random() < 0.5:
                decisions.confirm(decision.id, second, self.now)
                decisions.contest(decision.id, self.now)

    def the_secu_gets(self, percent: str) -> None:
        """Decide what goes to the SECU first."""
        self.rates.append((self._decided(SECU, {"rate": percent}), Fraction(percent)))

    def _decided(self, key: str, value: object) -> date:
        written, second = sorted(self.people)[:2]
        with transaction():
            day = first_open_day(self.today)
            decision = decisions.propose(key, value, day, self.now, written_by=written)
            decisions.confirm(decision.id, second, self.now)
        return day

    def waiting(self) -> list[list[tuple[int, date]]]:
        """Give the closed weeks that wait, those of one version of weights and rate together."""
        groups: dict[tuple[int, int], list[tuple[int, date]]] = {}
        for cycle in unsettled_cycles():
            versions = newest(self.weights, cycle.starts_on), newest(self.rates, cycle.starts_on)
            groups.setdefault(versions, []).append((cycle.id, cycle.starts_on))
        db.session.rollback()
        return list(groups.values())

    def held_on(self, day: date) -> tuple[dict[str, Fraction], Fraction]:
        """Give the weights and the rate of a week that begins on this day, as they were decided."""
        return self.weights[newest(self.weights, day)][1], self.rates[newest(self.rates, day)][1]


def newest(versions: Sequence[tuple[date, object]], day: date) -> int:
    """Give the place of what was decided last among what holds on a day."""
    return max(place for place, (since, _) in enumerate(versions) if since <= day)
