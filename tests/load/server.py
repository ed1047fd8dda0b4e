"""A shop of its own behind gunicorn: real processes on loopback, on either database, that can be killed."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask

from config import ROOT
from shop import create_app
from shop.extensions import db
from shop.menu import services as menu
from shop.menu.models import Week
from shop.menu.rules import Plan, Slot
from shop.pages import Role
from shop.transaction import transaction
from shop.vault import vault
from tests.conftest import environment
from tests.factories import make_dish, make_member
from tests.load.customer import Customer
from tests.mail_server import free_port

WORKERS = 3
STARTS_WITHIN = 90  # seconds
HOUR = timedelta(hours=1)


@dataclass
class Shop:
    """A database, the port its server listens on, and an app on the same database for what is not HTTP."""

    url: str
    app: Flask
    port: int = field(default_factory=free_port)
    module: str = "wsgi:app"
    server: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start gunicorn, in a process group of its own, and wait until it answers."""
        command = [sys.executable, "-m", "gunicorn", "--workers", str(WORKERS), self.module]
        settings = {**os.environ, **environment(self.url), "PORT": str(self.port), "PYTHONPATH": str(ROOT)}
        self.server = subprocess.Popen(command, cwd=ROOT, env=settings, start_new_session=True)
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until:
            assert self.server.poll() is None, "gunicorn ended at once"
            with suppress(OSError):
                if Customer(self.port).get("/healthz").status == 200:
                    return
            time.sleep(0.05)
        raise AssertionError("gunicorn does not answer")

    def workers(self) -> list[int]:
        """Name the worker processes."""
        assert self.server
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text()
        return [int(child) for child in children.split()]

    def kill_worker(self, chance: random.Random) -> None:
        """Kill -9 one worker; the master makes another."""
        for worker in chance.sample(self.workers(), 1):
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)

    def kill(self) -> None:
        """Kill -9 the master and every worker."""
        if self.server:
            with suppress(ProcessLookupError):
                os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()
            self.server = None


@contextmanager
def prepared(url: str) -> Iterator[Flask]:
    """Make the keys of a migrated, empty database; gives an app on it. Both go with the block."""
    app = create_app(environment(url))
    app.config["VAULT_ERROR"] = ""
    keys = app.config["SETTINGS"].key_file
    with app.app_context():
        vault().make(app.config["FIELD_KEY_BYTES"])
        db.session.remove()
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        for path in (keys, keys.with_name(keys.name + ".lock")):
            path.unlink(missing_ok=True)


@contextmanager
def shop_on(url: str, module: str = "wsgi:app") -> Iterator[Shop]:
    """Give a shop on a migrated, empty database, served by gunicorn until the end of the block."""
    with prepared(url) as app:
        shop = Shop(url, app, module=module)
        try:
            shop.start()
            yield shop
        finally:
            shop.kill()


def open_week(cap: int, closes_in: timedelta = 2 * HOUR) -> Week:
    """Open a week now, with a starter, two mains and three desserts; call it inside the app's context."""
    now = datetime.now(UTC)
    slot = Slot(now + 24 * HOUR, now + 25 * HOUR)
    dishes = [
        make_dish("Soupe", "starter", 300, ["vegan"], ["celery"]),
        make_dish("Yassa"),
        make_dish("Mafé"),
    ]
    dishes += [make_dish(name, "dessert", 250) for name in ("Salade d’oranges", "Crème dessert", "Gâteau")]
    with transaction():
        week = menu.make_week(Plan(now - HOUR, now + closes_in, (slot,), cap, 200, "Rue de la Démo 1"))
        for dish in dishes:
            menu.add_line(week.id, dish.id)
        menu.publish(week.id, now)
    make_member(roles=[Role.ORGANISER])
    return week
