"""A furnished shop, made once and put back after each example: members, weeks and weights, no money."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy.engine import URL, make_url

from shop.decisions.services import decide
from shop.extensions import db
from shop.ledger.sharing.rules import ADVANCE_BOUND
from shop.ledger.sharing.services import decide_weights
from shop.members.models import Member
from shop.members.services import add_member, subject_of
from shop.menu import services as menu
from shop.menu.rules import DishKind, Plan, Slot
from shop.orders.closing import monday
from shop.pages import Role
from shop.transaction import transaction
from tests.conftest import _postgres, make_movable_app

BEGINS = datetime(2026, 12, 9, 12, tzinfo=UTC)
"""A Wednesday near the end of a year: two weeks can be closed soon, and the year not long after."""

PRICES = {"A": 301, "B": 247, "C": 853}
"""Cents, so that totals must be rounded; C is a main."""

MAIN = "C"
FEE, CAP, ADVANCED = 202, 14, 5000
NEEDS = {"Basilic": 100, "Cumin": 130, "Gingembre": 180, "Menthe": 210}


@dataclass(frozen=True)
class Scene:
    """What is there before the first act; ids by what people call them."""

    weeks: dict[str, int] = field(default_factory=dict)
    begins: dict[str, date] = field(default_factory=dict)
    slots: dict[str, int] = field(default_factory=dict)
    lines: dict[str, dict[str, int]] = field(default_factory=dict)
    members: dict[str, int] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)
    cutoffs: dict[str, datetime] = field(default_factory=dict)


@dataclass
class Ground:
    """A shop, its scene, and what puts a fresh copy of the furnished database under it."""

    app: Flask
    scene: Scene
    copy: Callable[[], URL]

    def restore(self) -> None:
        """Put the shop back to its scene."""
        db.session.remove()
        db.engine.dispose()
        db.engine.url = self.copy()
        self.app.extensions.pop("kept_menus", None)


@contextmanager
def ground(url: str, folder: Path) -> Iterator[Ground]:
    """Furnish a migrated, empty database and give the shop on copies of it; within the shop's context."""
    app = make_movable_app(url, folder)
    with app.app_context():
        scene = _furnish()
        db.session.remove()
        db.engine.dispose()
        copies = _files(make_url(url)) if url.startswith("sqlite") else _databases(make_url(url))
        with copies as copy:
            yield Ground(app, scene, copy)
            db.session.remove()
            db.engine.dispose()


@contextmanager
def _files(template: URL) -> Iterator[Callable[[], URL]]:
    source = Path(template.database or "")
    used = source.with_name("used.db")

    def copy() -> URL:
        for rest in source.parent.glob("used.db-*"):
            rest.unlink()
        shutil.copyfile(source, used)
        return template.set(database=str(used))

    yield copy


@contextmanager
def _databases(template: URL) -> Iterator[Callable[[], URL]]:
    server = template.set(database="postgres").render_as_string(hide_password=False)
    made: list[str] = []

    def copy() -> URL:
        drop()
        made.append(f"used_{uuid.uuid4().hex[:12]}")
        _postgres(server, f"CREATE DATABASE {made[-1]} TEMPLATE {template.database}")
        return template.set(database=made[-1])

    def drop() -> None:
        while made:
            _postgres(server, f"DROP DATABASE {made.pop()} WITH (FORCE)")

    yield copy
    drop()


def _furnish() -> Scene:
    scene = Scene()
    with transaction():
        dishes = {
            letter: menu.save_dish(
                DishKind.MAIN if letter == MAIN else DishKind.STARTER, {"fr": letter}, price
            ).id
            for letter, price in PRICES.items()
        }
    for place in range(3):
        _open_week(scene, dishes, timedelta(weeks=place))
    with transaction():
        for name in NEEDS:
            add_member(name, [("meals", Role.COOK)], BEGINS)
        for member in db.session.query(Member):
            scene.members[member.pseudonym] = member.id
            scene.subjects[member.pseudonym] = subject_of(member)
        decide_weights({scene.members[name]: weight for name, weight in NEEDS.items()}, BEGINS)
        decide(ADVANCE_BOUND, ADVANCED, BEGINS.date() - timedelta(days=30), BEGINS)
    return scene


def _open_week(scene: Scene, dishes: dict[str, int], later: timedelta) -> None:
    evening = BEGINS + later + timedelta(days=1)
    slot = Slot(evening, evening + timedelta(hours=1))
    plan = Plan(
        BEGINS - timedelta(days=5), evening - timedelta(days=2), (slot,), CAP, FEE, "Rue de la Démo 1"
    )
    with transaction():
        week = menu.make_week(plan)
        for dish in dishes.values():
            menu.add_line(week.id, dish)
        menu.publish(week.id, BEGINS - timedelta(days=6))
        scene.weeks[week.label] = week.id
        scene.begins[week.label] = monday(week.label)
        scene.cutoffs[week.label] = plan.closes_at
        scene.slots[week.label] = week.slots[0].id
        scene.lines[week.label] = {line.letter: line.id for line in week.lines}
