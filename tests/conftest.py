"""What every test shares: two real databases, a fixed clock, no socket off this machine, the books proved."""

import os
import shutil
import socket
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from zlib import crc32

import psycopg
import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Dialect, Engine, event, exists, or_, select
from sqlalchemy.engine import make_url

from config import ROOT, read_settings
from shop import create_app
from shop.extensions import db
from shop.ledger.books.models import JournalEntry
from shop.members import services as members
from shop.members.limits import limiter
from shop.orders.models import Order
from shop.settings.switches import Switch, use
from shop.upgrade import bring_up_to_date, know_migrations
from shop.vault import Vault, vault
from shop.verify import State, run
from tests.services import postgres_url

pytest_plugins = ["tests.system_tools"]

# A busy machine is no fault of the code: nothing here fails for being slow.
settings.register_profile(
    "tablee", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("tablee")

MEMORY = Path("/dev/shm")
if os.access(MEMORY, os.W_OK):
    # The shop waits for the disk at each commit, and so would each test; files in memory make nobody wait.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    tempfile.tempdir = str(MEMORY)

HASHER = members.hasher
"""How passphrases are hashed outside these tests: slowly, on purpose."""
members.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""Monday 23 November 2026, 13 h in Liège: the clock of every test that does not set its own."""


def environment(database_url: str) -> dict[str, str]:
    """Give the settings of a test shop on this database."""
    return {
        "SECRET_KEY": "a test is no secret, but it is long enough",
        "FIELD_KEY": "00112233445566778899aabbccddeeff" * 2,
        "DATABASE_URL": database_url,
        "BASE_URL": "http://127.0.0.1:8000",
    }


@pytest.fixture(autouse=True)
def _no_socket_off_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and str(address[0]) not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test called {address[0]}")
        real(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stand at NOON; `clock.move_to(…)` and `clock.shift(…)` move."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one migrated SQLite file, with its keys, to copy for each test."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _migrate(f"sqlite:///{path}", path.parent)
    return path


@pytest.fixture(scope="session")
def postgres_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Make one migrated PostgreSQL database to copy for each test; gives the server's address."""
    with postgres_url() as server:
        name = f"template_{os.getpid()}"
        _postgres(server, f"CREATE DATABASE {name}")
        _migrate(_named(server, name), tmp_path_factory.mktemp("postgresql"))
        yield server


SQLITE = ["sqlite"]
BOTH = [*SQLITE, pytest.param("postgresql", marks=pytest.mark.postgres)]
"""The two databases, as the parameters of a fixture or a test."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try what needs a shop on both databases, but a page, which asks for a `client`, on SQLite.

    The services that a page calls are tried on both, and each page is opened once on both (tests/demo). The
    marks `both_databases` and `sqlite_only` say otherwise; the first is the stronger.
    """
    if "database_url" in metafunc.fixturenames:
        marks = {mark.name for mark in metafunc.definition.iter_markers()}
        alone = "client" in metafunc.fixturenames or "sqlite_only" in marks
        kinds = SQLITE if alone and "both_databases" not in marks else BOTH
        metafunc.parametrize("database_url", kinds, indirect=True)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give a fresh migrated database, of the kind that the test is for."""
    with fresh_database(request, request.param, tmp_path) as url:
        yield url


@contextmanager
def fresh_database(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[str]:
    """Give the address of a migrated, empty database."""
    if kind == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        shutil.copy(template, folder / "shop.db")
        yield f"sqlite:///{folder / 'shop.db'}"
        return
    server: str = request.getfixturevalue("postgres_template")
    name = f"shop_{os.getpid()}_{uuid.uuid4().hex[:12]}"
    _postgres(server, f"CREATE DATABASE {name} TEMPLATE template_{os.getpid()}")
    yield _named(server, name)
    _postgres(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def app(
    request: pytest.FixtureRequest, database_url: str, tmp_path: Path, clock: time_machine.Traveller
) -> Iterator[Flask]:
    """Give a shop with tables, chart of accounts and keys, and nothing else in it; no context is pushed.

    Afterwards every invariant is proved, unless nothing was booked or the test is marked `tampers`. On
    PostgreSQL, where a test leaves the rows that it left on SQLite, that follows one test in five.
    """
    kind = make_url(database_url).get_backend_name()
    if request.node.get_closest_marker("reshapes"):
        shop = make_app(database_url, tmp_path)
    else:
        shop = SHOPS[kind] = SHOPS.get(kind) or make_movable_app(database_url, tmp_path)
        move(shop, database_url, tmp_path)
    yield shop
    sampled = kind == "sqlite" or crc32(request.node.nodeid.encode()) % 5 == 0
    with shop.app_context():
        try:
            if sampled and request.node.get_closest_marker("tampers") is None and _anything_to_prove():
                assert [result for result in run() if result.state == State.BROKEN] == []
        finally:
            db.session.remove()
            db.engine.dispose()


def _anything_to_prove() -> bool:
    """Say whether somebody ordered or booked; what holds before that is proved once (test_smoke)."""
    db.session.rollback()
    return bool(db.session.scalar(select(or_(exists(select(JournalEntry)), exists(select(Order))))))


SHOPS: dict[str, Flask] = {}
"""One shop for each kind of database: making one and compiling its statements costs more than most tests."""


def make_movable_app(database_url: str, folder: Path) -> Flask:
    """Build a shop that can be moved to another database of the same kind."""
    shop = make_app(database_url, folder)
    shop.extensions["untouched"] = dict(shop.config)
    with shop.app_context():
        event.listen(db.engine, "do_connect", _connect_to_url_of(db.engine))
    return shop


def move(shop: Flask, database_url: str, folder: Path) -> None:
    """Put a shop onto a fresh database, with nothing left of the test before."""
    shop.config.clear()
    shop.config.update(shop.extensions["untouched"])
    shop.config["SETTINGS"] = read_settings(environment(database_url))
    shop.extensions["vault"] = Vault(folder / "shop.db.keys")
    shop.extensions.pop("kept_menus", None)
    limiter.reset()
    with shop.app_context():
        db.engine.dispose()
        db.engine.url = make_url(shop.config["SETTINGS"].database_url)
        vault().make(shop.config["FIELD_KEY_BYTES"])


def _connect_to_url_of(engine: Engine) -> Callable[..., None]:
    def connect(dialect: Dialect, _record: object, arguments: list[object], named: dict[str, object]) -> None:
        arguments[:], fresh = dialect.create_connect_args(engine.url)
        named.update(fresh)

    return connect


TEMPLATES = ROOT / ".pytest_cache" / "templates"
TEMPLATES.mkdir(parents=True, exist_ok=True)
BYTECODE = FileSystemBytecodeCache(str(TEMPLATES))
"""Compiled once for all processes and runs, and anew where a template changed: that took most of the time."""


def make_app(database_url: str, folder: Path, **settings: str) -> Flask:
    """Build a shop on a migrated database; its keys lie in `folder`."""
    shop = create_app({**environment(database_url), **settings})
    shop.jinja_env.bytecode_cache = BYTECODE
    know_migrations(shop)
    with shop.app_context():
        vault().path = folder / "shop.db.keys"
        vault().make(shop.config["FIELD_KEY_BYTES"])
    shop.config["VAULT_ERROR"] = ""
    return shop


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """Stand inside the shop, for tests that call services; not for tests that use a client."""
    with app.app_context():
        yield


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Give a browser without JavaScript."""
    return app.test_client()


def _migrate(url: str, folder: Path) -> None:
    shop = create_app(environment(url))
    with shop.app_context():
        vault().path = folder / "template.keys"
        bring_up_to_date()
        # Tests meet the shop with all that it can do; what is off is tested by itself.
        use(Switch, date(2020, 1, 1))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def _named(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _postgres(server: str, statement: str) -> None:
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement.encode())
