"""Letters reach a real SMTP server, once, whatever the server does."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from shop import postman
from shop.extensions import db
from shop.outbox import Letter, write_letter
from shop.postman import LEASE, deliver
from shop.transaction import transaction
from shop.vault import Sealed
from tests.conftest import NOON, make_app
from tests.mail_server import Mailbox, free_port, mail_server


@pytest.fixture
def box() -> Iterator[Mailbox]:
    """Give a mail server that works, until told otherwise."""
    with mail_server() as running:
        yield running


@pytest.fixture
def posting(database_url: str, tmp_path: Path, clock: object, box: Mailbox) -> Iterator[Flask]:
    """Give a shop with this mail server, and stand inside."""
    with posting_shop(database_url, tmp_path, box.port) as app:
        yield app


class posting_shop:
    """A shop whose letters go to a port of this machine; as a context, it stands inside."""

    def __init__(self, database_url: str, folder: Path, port: int) -> None:
        mail = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(port)}
        self.app = make_app(database_url, folder, **mail, MAIL_DEFAULT_SENDER="Plats <plats@shop.example>")
        self.context = self.app.app_context()

    def __enter__(self) -> Flask:
        self.context.push()
        return self.app

    def __exit__(self, *_: object) -> None:
        db.session.remove()
        db.engine.dispose()
        self.context.pop()


def write(key: str = "order:1042:placed:1", now: datetime = NOON, **changed: str) -> None:
    """Write a letter to Salima, in a transaction of its own."""
    content = {"to": "salima@example.org", "subject": "Commande 1042 : c’est noté", "text": "Deux plats."}
    with transaction():
        write_letter(key, Sealed("week-1", {**content, "html": "<p>Deux plats.</p>", **changed}), now)


def letter() -> Letter:
    """Read the one letter anew."""
    db.session.rollback()
    return db.session.scalars(select(Letter)).one()


def test_a_letter_arrives_with_both_texts_and_is_emptied(posting: Flask, box: Mailbox) -> None:
    write()
    deliver(NOON)
    (arrived,) = box.letters
    assert arrived["To"] == "salima@example.org"
    assert arrived["From"] == "Plats <plats@shop.example>"
    assert arrived["Subject"] == "Commande 1042 : c’est noté"
    assert arrived["Message-ID"] == f"<{letter().message_id}>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    kinds = [part.get_content_type() for part in arrived.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html"]
    assert (letter().sealed, letter().sent_at) == (None, NOON)
    deliver(NOON + timedelta(days=1))
    assert len(box.letters) == 1


def test_nothing_tells_of_the_machine_that_sends(posting: Flask, box: Mailbox) -> None:
    write()
    deliver(NOON)
    assert box.greeting == "shop.example"
    assert box.message_ids[0].endswith("@tablee>")
    assert str(os.getpid()) not in box.message_ids[0].split("-")


def test_the_same_cause_writes_one_letter(posting: Flask, box: Mailbox) -> None:
    write()
    write()
    deliver(NOON)
    assert len(box.letters) == 1


def test_a_letter_for_later_waits(posting: Flask, box: Mailbox) -> None:
    write(now=NOON + timedelta(hours=1))
    deliver(NOON)
    assert box.letters == []
    deliver(NOON + timedelta(hours=1))
    assert len(box.letters) == 1


def test_a_server_that_is_down_gets_the_letter_later(
    database_url: str, tmp_path: Path, clock: object
) -> None:
    with posting_shop(database_url, tmp_path, free_port()):
        write()
        deliver(NOON)
        assert (letter().tries, letter().sent_at) == (1, None)
        assert letter().held_until == NOON + timedelta(seconds=30)
        deliver(NOON + timedelta(seconds=29))
        assert letter().tries == 1
        deliver(NOON + timedelta(seconds=30))
        assert letter().held_until == NOON + timedelta(seconds=30 + 60)


def test_pauses_grow_to_an_hour_and_no_letter_is_given_up(posting: Flask, box: Mailbox) -> None:
    box.mode = "refusing"
    write()
    now = NOON
    for _ in range(20):
        deliver(now)
        held = letter().held_until
        assert held is not None
        assert held - now <= timedelta(hours=1)
        now = held
    assert letter().tries == 20
    box.mode = "fine"
    deliver(now)
    assert len(box.letters) == 1


def test_one_refused_letter_does_not_hold_up_the_others(posting: Flask, box: Mailbox) -> None:
    write("order:1:placed:1", to="no\nBcc: all@example.org")
    write("order:2:placed:1", subject="Commande\nBcc: all@example.org")
    write("order:4:placed:1")
    deliver(NOON)
    assert [arrived["To"] for arrived in box.letters] == ["salima@example.org"]
    assert all(arrived["Bcc"] is None for arrived in box.letters)


def test_a_server_that_hangs_up_before_its_answer_gets_a_repeat(posting: Flask, box: Mailbox) -> None:
    box.mode = "dropping"
    write()
    deliver(NOON)
    assert letter().sent_at is None
    box.mode = "fine"
    deliver(NOON + timedelta(minutes=1))
    assert len(box.letters) == 2
    assert len(set(box.message_ids)) == 1


def test_a_server_that_hangs_up_after_its_answer_gets_no_repeat(posting: Flask, box: Mailbox) -> None:
    box.mode = "rude"
    write()
    deliver(NOON)
    assert letter().sent_at == NOON
    deliver(NOON + timedelta(hours=2))
    assert len(box.letters) == 1


def test_a_hanging_server_is_left_after_the_timeout(
    posting: Flask, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postman, "TIMEOUT", 0.3)
    box.mode = "hanging"
    write("order:1:placed:1")
    write("order:2:placed:1")
    before = time.perf_counter()
    deliver(NOON)
    assert time.perf_counter() - before < 5
    db.session.rollback()
    first, second = db.session.scalars(select(Letter).order_by(Letter.id))
    assert (first.tries, second.tries) == (1, 0)
    assert second.held_until is None


def test_without_a_mail_server_letters_stay_quietly(app: Flask) -> None:
    with app.app_context():
        write()
        deliver(NOON)
        assert (letter().tries, letter().sent_at) == (0, None)
        db.session.remove()


def test_a_letter_whose_key_was_forgotten_is_thrown_away(posting: Flask, box: Mailbox) -> None:
    write()
    posting.extensions["vault"].forget("week-1")
    deliver(NOON)
    assert box.letters == []
    assert db.session.scalars(select(Letter)).all() == []


def test_no_letter_is_sent_inside_a_transaction(
    posting: Flask, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another writer gets the lock while the server hangs."""
    monkeypatch.setattr(postman, "TIMEOUT", 3)
    box.mode = "hanging"
    write()
    thread = threading.Thread(target=_deliver_in, args=(posting,))
    thread.start()
    time.sleep(0.5)
    before = time.perf_counter()
    write("order:2:placed:1")
    assert time.perf_counter() - before < 2
    thread.join(timeout=15)
    assert not thread.is_alive()


def test_two_workers_never_send_the_same_letter(posting: Flask, box: Mailbox) -> None:
    for number in range(120):
        write(f"order:{number}:placed:1")
    threads = [threading.Thread(target=_deliver_in, args=(posting, 3)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(box.letters) == 120
    assert len(set(box.message_ids)) == 120


def test_killed_between_sending_and_noting_it_the_letter_repeats_with_its_id(
    posting: Flask, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    write()
    db.session.remove()
    db.engine.dispose()
    monkeypatch.setattr(postman.outbox, "note_sent", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    worker = multiprocessing.get_context("fork").Process(target=_deliver_in, args=(posting,))
    worker.start()
    worker.join()
    assert worker.exitcode == -signal.SIGKILL
    monkeypatch.undo()
    deliver(NOON + LEASE - timedelta(seconds=1))
    assert len(box.letters) == 1
    deliver(NOON + LEASE)
    assert len(box.letters) == 2
    assert len(set(box.message_ids)) == 1
    assert letter().sent_at == NOON + LEASE


def _deliver_in(app: Flask, times: int = 1) -> None:
    with app.app_context():
        for _ in range(times):
            deliver(NOON)
        db.session.remove()
