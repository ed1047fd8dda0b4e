"""tick does what is due, whatever fails, and the worker ends when it is told."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, select

from config import ROOT
from shop import tick as ticking
from shop.extensions import db
from shop.outbox import Letter, write_letter
from shop.tick import tick
from shop.transaction import transaction
from shop.vault import Sealed, vault
from tests.conftest import NOON, environment
from tests.mail_server import mail_server


def test_a_step_that_fails_does_not_stop_the_others(
    context: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[datetime] = []

    def broken(_now: datetime) -> None:
        raise ValueError("Salima")

    monkeypatch.setattr(ticking, "STEPS", (broken, done.append))
    assert tick(NOON) == ["broken"]
    assert done == [NOON]
    assert "tick-failed broken" in caplog.messages


def test_the_command_says_what_was_not_done(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_now: datetime) -> None:
        raise ValueError

    assert app.test_cli_runner().invoke(args=["shop", "tick"]).exit_code == 0
    monkeypatch.setattr(ticking, "STEPS", (broken,))
    failed = app.test_cli_runner().invoke(args=["shop", "tick"])
    assert (failed.exit_code, "broken" in failed.output) == (1, True)


def test_where_nothing_is_due_the_write_lock_is_left_alone(context: None) -> None:
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda _c, _cursor, said, *_: statements.append(said))
    tick(NOON)
    assert statements
    assert not [said for said in statements if "IMMEDIATE" in said or "advisory" in said]


def test_two_ticks_at_once_do_everything_once(app: Flask) -> None:
    with app.app_context():
        with transaction():
            for number in range(30):
                write_letter(str(number), Sealed("house", {}), datetime(2026, 1, 1, tzinfo=NOON.tzinfo))
        db.session.remove()
    results: list[list[str]] = []

    def run() -> None:
        with app.app_context():
            results.append(tick(NOON))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [[], []]
    with app.app_context():
        assert db.session.scalars(select(Letter)).all() == []
        db.session.remove()


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_sends_and_ends_at_once_though_the_server_hangs(
    app: Flask, database_url: str, tmp_path: Path, number: signal.Signals
) -> None:
    old = datetime.now(UTC) - timedelta(days=1)
    with app.app_context():
        assert vault().path == tmp_path / "shop.db.keys"
        with transaction():
            content = {"to": "salima@example.org", "subject": "Votre commande", "text": "Deux plats."}
            write_letter("a", Sealed("house", content), old)
        db.session.remove()
    with mail_server() as box, _worker(database_url, box.port) as worker:
        _wait_for(lambda: len(box.letters) == 1)
        box.mode = "hanging"
        with app.app_context():
            with transaction():
                write_letter("b", Sealed("house", content), old)
            db.session.remove()
        _wait_for(lambda: _held(app))
        time.sleep(0.3)
        before = time.perf_counter()
        worker.send_signal(number)
        assert worker.wait(timeout=5) == 0
        assert time.perf_counter() - before < 2


@contextmanager
def _worker(database_url: str, port: int) -> "Iterator[subprocess.Popen[bytes]]":
    mail = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(port), "MAIL_DEFAULT_SENDER": "plats@shop.example"}
    command = [sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py"), "shop", "worker"]
    env = {**os.environ, **environment(database_url), **mail}
    with subprocess.Popen(command, env=env, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def _held(app: Flask) -> bool:
    with app.app_context():
        held = db.session.scalars(select(Letter.key).where(Letter.held_until.is_not(None))).all()
        db.session.remove()
    return list(held) == ["b"]


def _wait_for(condition: Callable[[], bool]) -> None:
    until = time.perf_counter() + 40
    while time.perf_counter() < until:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen within 40 seconds")
