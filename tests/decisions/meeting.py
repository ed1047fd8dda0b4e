"""A shop in which everything is decided, with everybody at its door; and what holds whatever they post."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from shop.decisions.models import Decision
from shop.decisions.queries import in_force
from shop.decisions.services import KINDS, decide
from shop.extensions import db
from shop.ledger.books.rules import WEIGHTS_SHOWN
from shop.ledger.sharing.models import Settlement
from shop.ledger.sharing.queries import is_standing, parts_of
from shop.ledger.sharing.rules import ADVANCE_BOUND, SECU
from shop.ledger.sharing.services import settle
from shop.members import services as members
from shop.members.limits import limiter
from shop.members.models import Member
from shop.menu.models import Week
from shop.menu.rules import CAP_BOUNDS
from shop.orders.closing import monday
from shop.pages import Role
from shop.transaction import transaction
from tests.conftest import NOON
from tests.decisions.forms import Form, forms_of
from tests.factories import csrf, knock, make_member, make_order, make_plan, make_week
from tests.ledger.sharing.life import MONDAY, decide_needs, live_week, make_beneficiaries
from tests.test_routes import NAMES, ROLES

DECIDED = {SECU: {"rate": "10.00"}, ADVANCE_BOUND: 3000, WEIGHTS_SHOWN: True, CAP_BOUNDS: [40, 90]}
EVERYONE = {**NAMES, "e": "Estragon"}
"""By the letter of what they do; e does everything, and x has left."""

DECIDERS = "octe"
TODAY = (NOON.date(), MONDAY + timedelta(weeks=1))
"""Today, and the first day of the week that waits to be shared."""

W42, W48 = "2026-W42", "2026-W48"
"""A week that waits to be settled, and one that takes orders."""

READ = (
    *(f"/collective/weeks/{W48}/menu", f"/collective/weeks/{W42}/close", "/collective/weeks/new"),
    *("/collective/payouts", "/collective/payouts/to/1", "/collective/payouts/to/1/advance"),
    *(
        "/treasury/entries/4/undo",
        "/settings/start",
        "/settings/house",
        "/settings/uses",
        "/collective/split/try",
    ),
)
"""Pages whose forms come nearest to what is decided."""


@dataclass(frozen=True)
class Known:
    """A decision as those who post know it: what it says, who wrote it, and what became of it."""

    key: str
    value: Any
    since: date
    writer: str = ""
    confirmed: bool = False
    contested: bool = False


class Meeting:
    """The shop, a browser for each, and the decisions as they must stand."""

    def __init__(self, app: Flask) -> None:
        """Let a shop live until its meeting has decided everything; two weeks are over, one is shared."""
        self.app = app
        with app.app_context():
            decide_needs(make_beneficiaries())
            with transaction():
                for key, value in DECIDED.items():
                    decide(key, value, MONDAY, NOON)
            settled = live_week(0, 59950, 29390)
            with transaction():
                settle([settled], None, NOON.date(), "treasurer")
            live_week(1, 10000)
            week = make_week()
            order = make_order(week, B=1)
            make_week([line.dish for line in week.lines], make_plan(-6))
            self.first = self._decisions()
        self.clients = {who: self._enter(who) for who in EVERYONE} | {who: app.test_client() for who in "ks"}
        with app.app_context(), transaction():
            left = db.session.scalars(select(Member).where(Member.pseudonym == EVERYONE["x"])).one()
            members.leave(left.id, NOON)
        key = {"csrf_token": csrf(self.clients["k"])}
        assert self.clients["k"].post(f"/o/{order.token}", data=key).status_code == 303
        self.tokens = {who: csrf(client) for who, client in self.clients.items()}
        self.cookies = {who: client.get_cookie("session") for who, client in self.clients.items()}
        self.template = self._file().with_name("meeting.db")
        self._copy(self._file(), self.template)

    @cached_property
    def forms(self) -> list[Form]:
        """List the forms of pages, as who does everything sees them; what ends a week comes last."""
        found = [form for form in forms_of(self.clients["e"], READ) if form[0] != "/sign-out"]
        return sorted(found, key=lambda form: form[0].endswith("/cancel"))

    def _enter(self, who: str) -> FlaskClient:
        client, everything = self.app.test_client(), [(of, role) for of in ("meals", "beer") for role in Role]
        with self.app.app_context():
            known = db.session.scalar(select(Member).where(Member.pseudonym == EVERYONE[who]))
            if known is None:
                make_member(EVERYONE[who], everything if who == "e" else ROLES.get(who, [Role.ORGANISER]))
            db.session.remove()
        knock(client, EVERYONE[who])
        return client

    def begin(self) -> None:
        """Put everything back to how it was once all was decided."""
        self._copy(self.template, self._file())
        limiter.reset()
        for who, cookie in self.cookies.items():
            if cookie:
                self.clients[who].set_cookie("session", cookie.value)
        self.known, self.posted = dict(self.first), list[str]()
        with self.app.app_context():
            self.kept = self._settled()
            self.caps = self._caps()

    def _file(self) -> Path:
        with self.app.app_context():
            return Path(str(db.engine.url.database))

    def _copy(self, source: Path, target: Path) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        for rest in target.parent.glob(f"{target.name}-*"):
            rest.unlink()
        shutil.copyfile(source, target)
        self.app.extensions.pop("kept_menus", None)

    def post(self, who: str, path: str, form: dict[str, str]) -> tuple[int, str]:
        """Send a form; gives the status, and where it leads."""
        answer = self.clients[who].post(path, data={**form, "csrf_token": self.tokens[who]})
        self.posted.append(f"{who} posts {form} to {path}: {answer.status_code}")
        assert answer.status_code < 500, path
        return answer.status_code, answer.headers.get("Location", "")

    def number(self, place: int, settled: Callable[[Known], bool]) -> int:
        """Give the number of a decision, the newest first of those about which something is not settled."""
        numbers = sorted(self.known, key=lambda number: (settled(self.known[number]), -number))
        return numbers[place % len(numbers)]

    def written(self, who: str, location: str) -> None:
        """Know what was written down: for an open week, and of a kind that can be decided."""
        number = int(location.rpartition("/")[2])
        with self.app.app_context():
            one = self._decisions()[number]
            self.app.extensions[KINDS][one.key].check(one.value)
            shared = [cycle.starts_on for each in self._standing() for cycle in each.cycles]
        assert one.since.weekday() == 0
        assert one.since >= MONDAY
        assert one.since not in shared
        assert who in DECIDERS
        self.known[number] = replace(one, writer=who)

    def became(self, number: int, **what: bool) -> None:
        """Know what became of a decision."""
        self.known[number] = replace(self.known[number], **what)

    def stands(self) -> None:
        """Say that each decision is as those who posted know it, and that there is no other."""
        with self.app.app_context():
            found = self._decisions()
        assert found == {number: replace(one, writer="") for number, one in self.known.items()}

    def holds(self) -> None:
        """Say that what is decided holds, and nothing else, and that what was shared stays as it was."""
        self.stands()
        with self.app.app_context():
            for key, day in product(self.app.extensions[KINDS], TODAY):
                one = in_force(key, day)
                assert (one.id if one else None) == self.holding(key, day), (key, day)
            kept, caps = self._settled(), self._caps()
        assert {number: one for number, one in kept.items() if number in self.kept} == self.kept
        for label, (cap, day) in caps.items():
            bounds = self.holding(CAP_BOUNDS, day)
            if bounds and cap != self.caps.get(label, (0, day))[0]:
                least, most = self.known[bounds].value
                assert least <= cap <= most, label

    def holding(self, key: str, day: date) -> int | None:
        """Give the decision that holds: the last one that a second confirmed and nobody contested."""
        numbers = [number for number, one in self.known.items() if one.key == key and one.since <= day]
        standing = [one for one in numbers if self.known[one].confirmed and not self.known[one].contested]
        return max(standing, default=None)

    def _decisions(self) -> dict[int, Known]:
        return {
            one.id: Known(
                one.key,
                one.value.value,
                one.holds_from,
                confirmed=one.confirmed_at is not None,
                contested=one.contested_at is not None,
            )
            for one in db.session.scalars(select(Decision))
        }

    def _standing(self) -> list[Settlement]:
        return [one for one in db.session.scalars(select(Settlement)) if is_standing(one)]

    def _settled(self) -> dict[int, tuple[Any, dict[str, int]]]:
        rows = db.session.scalars(select(Settlement))
        return {one.id: (one.inputs.value, parts_of(one)) for one in rows}

    def _caps(self) -> dict[str, tuple[int, date]]:
        weeks = db.session.scalars(select(Week))
        return {week.label: (week.cap, monday(week.label)) for week in weeks}
