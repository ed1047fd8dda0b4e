"""Planted texts and numbers that only their own people may read: looked for wherever anything is written."""

import io
import logging
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import text

from shop.backup.saving import save
from shop.customer.mails import confirmation
from shop.extensions import Base, db
from shop.ledger.exports.formats import FORMATS, pieces, scope_of
from shop.ledger.sharing.services import decide_weights, settle
from shop.logs import FORMAT, CodeOnly
from shop.members import services as members
from shop.menu.queries import current_week
from shop.menu.services import new_wall_link
from shop.orders.queries import ticket
from shop.orders.rules import Delivery
from shop.pages import Role
from shop.schema import database_file
from shop.transaction import transaction
from shop.treasury import receipts
from shop.treasury.drawing import draw
from tests.conftest import NOON
from tests.factories import knock, make_member, make_order, make_week
from tests.inventory import filled, unsealed
from tests.ledger.sharing.life import live_week
from tests.route_table import TABLE
from tests.test_routes import NAMES, ROLES, fill, rules
from tests.treasury.pictures import saved

PERSON = {
    "name": "Canari Zéphyrine",
    "phone": "0478 31 41 59",
    "email": "zephyrine@canari.example",
    "street": "Impasse du Canari 314",
    "postcode": "4020 Canariville",
    "bell": "canari-sonnette",
    "note": "sans canari moulu",
}
"""What a customer types."""

PHRASE = "canari sous le vieux pont"
WEIGHTS = {"Canarine": 7713, "Serine": 7731}
PARTS = ("49,94", "50,06")
"""What these weights give of the 100.00 that are shared."""

INSIDE = b"canari dans la photo"


@dataclass(frozen=True)
class Planted:
    """What may be read by some and what by nobody, and the numbers of the pages on which it would stand."""

    tokens: tuple[str, ...]
    subjects: tuple[str, ...]
    number: int

    @property
    def sealed(self) -> list[str]:
        """List what lies in no file at all."""
        weights = [mark for weight in WEIGHTS.values() for mark in written(weight)]
        return [*PERSON.values(), PHRASE, INSIDE.decode(), *weights, *self.tokens]


def written(weight: int) -> tuple[str, str]:
    """Write a weight with a point and with a comma."""
    return f"{weight / 100:.2f}", f"{weight / 100:.2f}".replace(".", ",")


@pytest.fixture
def log(app: Flask, caplog: pytest.LogCaptureFixture) -> io.StringIO:
    """Give what the shop's handler writes."""
    caplog.set_level(logging.DEBUG)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(CodeOnly(FORMAT))
    app.logger.addHandler(handler)
    return stream


@pytest.fixture
def planted(app: Flask) -> Planted:
    """Live a little: an order brought home with its letter, a week settled by weights, a receipt, links."""
    with app.app_context():
        ids = [make_member(name, [Role.COOK]).id for name in WEIGHTS]
        past = live_week(0, 10000)
        with transaction():
            decide_weights(dict(zip(ids, WEIGHTS.values(), strict=True)), NOON)
            settle([past], None, NOON.date(), "treasurer")
            photo = saved(Image.new("RGB", (40, 40)), comment=INSIDE)
            receipts.keep("e" * 32, "meals", draw(photo), NOON.date())
        order = make_order(make_week(), handover=Delivery(), contact=PERSON, B=1)
        with transaction():
            made = ticket(order.number)
            assert made
            confirmation(made, order.token, NOON)
            people = [db.session.get_one(members.Member, one) for one in ids]
            subjects = tuple(members.subject_of(one) for one in people)
            link = members.add_member("Pinsonne", [("meals", Role.COOK)], NOON)
            members.choose_passphrase(link, PHRASE, NOON)
            session = members.start_session(ids[0], NOON)
            week = current_week(NOON)
            assert week
            wall = new_wall_link(week.id)
        db.session.remove()
    return Planted((order.token, link, session, wall), subjects, order.number)


def readable(name: str, content: bytes) -> bytes:
    """Give a file's bytes; those of a workbook unpacked."""
    if not name.endswith("xlsx"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return b"".join(book.read(sheet) for sheet in book.namelist())


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Give what lies on the disk, a backup with it, and every export."""
    save(folder / "backup")
    own = database_file()
    assert own
    for place in {own.parent, folder}:
        yield from ((one.name, one.read_bytes()) for one in place.iterdir() if one.is_file())
    for form in FORMATS.values():
        scope = scope_of(form, None, None, (), NOON.date())
        yield form.name, readable(form.name, b"".join(pieces(form, scope)))


def found(names: Iterator[tuple[str, bytes]], marks: list[str]) -> list[tuple[str, str]]:
    """Say which marks stand in which file."""
    return [(name, mark) for name, content in names for mark in marks if mark.encode() in content]


@pytest.mark.sqlite_only
def test_no_file_log_letter_export_or_backup_holds_a_canary(
    app: Flask, planted: Planted, log: io.StringIO, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    with app.app_context():
        seen = list(files(tmp_path))
        assert len(seen) >= len(FORMATS) + 4
        assert found(iter(seen), planted.sealed) == []
        assert unsealed() == []
        assert set(filled()) >= {"letter.sealed", "contact.sealed", "decision.value", "settlement.inputs"}
        assert rows_that_tie(planted) == []
        exported = [(name, content) for name, content in seen if name in FORMATS]
        ties = {name for name, _ in found(iter(exported), list(planted.subjects))}
        assert ties & {name for name, _ in found(iter(exported), list(WEIGHTS))} == set()
    assert [mark for mark in planted.sealed if mark in log.getvalue() + caplog.text] == []


@pytest.mark.sqlite_only
@pytest.mark.tampers
def test_the_control_what_is_written_in_clear_is_found(app: Flask, planted: Planted, tmp_path: Path) -> None:
    with app.app_context():
        with transaction():
            names = text("UPDATE dish SET names = :name")
            db.session.execute(names, {"name": f'{{"fr": "{PERSON["street"]}"}}'})
            db.session.execute(text("UPDATE contact SET sealed = :raw"), {"raw": PERSON["bell"].encode()})
        marks = {mark for _, mark in found(files(tmp_path), planted.sealed)}
        assert marks == {PERSON["street"], PERSON["bell"]}
        assert unsealed() == ["contact.sealed"]


def rows_that_tie(planted: Planted) -> list[str]:
    """Name the tables of which a row holds both a subject and a pseudonym."""
    tied = []
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(text(f"SELECT * FROM {table.name}")):
            words = " ".join(str(cell) for cell in row)
            if any(one in words for one in planted.subjects) and any(name in words for name in WEIGHTS):
                tied.append(table.name)
    return tied


@pytest.mark.sqlite_only
def test_no_page_of_a_wrong_role_holds_a_canary(app: Flask, planted: Planted) -> None:
    """Who orders is read by organisers and the round, a name by who closes; weights by who shares.

    Subjects and tokens are read by nobody.
    """
    nobody = [PHRASE, *planted.tokens, *planted.subjects, INSIDE.decode()]
    weights = [*PARTS, *(mark for weight in WEIGHTS.values() for mark in written(weight))]
    person = list(PERSON.values())
    everything = [*nobody, *person, *weights, *WEIGHTS]
    hidden = {
        "o": nobody, "r": [*nobody, *weights, PERSON["email"]], "c": [*nobody, *person],
        "t": [*nobody, *person[1:]], "a": [*nobody, *person, *weights],
        "b": everything, "x": everything, "s": everything,
    }  # fmt: skip
    faults, opened, read_by_organisers = [], {}, set()
    for actor, marks in hidden.items():
        seen = list(pages(app, actor, planted.number))
        faults += [(actor, path, mark) for path, page in seen for mark in marks if mark in page]
        opened[actor] = {path for path, page in seen if page}
        if actor == "o":
            read_by_organisers = {mark for _, page in seen for mark in [*person, *weights] if mark in page}
    assert faults == []
    assert opened["x"] == opened["s"]
    assert read_by_organisers >= {PERSON["street"], PERSON["note"], written(7713)[1], *PARTS}


def pages(app: Flask, actor: str, number: int) -> Iterator[tuple[str, str]]:
    """Open every page that an actor may see, with the order's number and with 1; as who left, any page."""
    client = enter(app, actor)
    for rule, _, method in rules(app):
        open_to = actor in TABLE[rule.endpoint] or actor == "x"
        if method == "GET" and open_to and rule.endpoint != "static":
            for path in {fill(rule, str(number)), fill(rule, "1")}:
                yield path, read(client, path)


def enter(app: Flask, actor: str) -> FlaskClient:
    """Sign an actor in; who left did everything before, and has the cookie still."""
    client = app.test_client()
    if actor in NAMES:
        with app.app_context():
            every = [(seller, role) for seller in ("meals", "beer") for role in Role]
            number = make_member(NAMES[actor], ROLES.get(actor, every)).id
            db.session.remove()
        knock(client, NAMES[actor])
        if actor == "x":
            assert client.get("/collective/split/1").status_code == 200
            with app.app_context(), transaction():
                members.leave(number, NOON)
    return client


def read(client: FlaskClient, path: str) -> str:
    with client.get(path) as answer:
        return readable(path, answer.data).decode(errors="replace") if answer.status_code == 200 else ""
