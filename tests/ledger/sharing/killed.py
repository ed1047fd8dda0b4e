"""A process whose children settle, advance and pay out, each killed a step later; run with URL and KEYS.

A step is what the statement before which it dies begins with; COMMIT dies just before the commit. For each
child, it prints the signal that ended it and how often the act was done afterwards. Then the act is done, so
that the next one can be.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import event

from shop import create_app
from shop.extensions import db
from shop.ledger.books.queries import balance
from shop.ledger.sharing.models import Payout
from shop.ledger.sharing.paying import advance, pay_out
from shop.ledger.sharing.queries import standing, unsettled_cycles
from shop.ledger.sharing.services import settle
from shop.transaction import transaction
from shop.vault import vault
from tests.conftest import environment
from tests.ledger.sharing.life import SUNDAY

ENTRY = ("INSERT INTO journal_entry", "INSERT INTO posting", "UPDATE journal_entry")
STEPS = {
    "settle": (*ENTRY, "INSERT INTO settlement ", "INSERT INTO settlement_cycle", "COMMIT"),
    "advance": (*ENTRY, "INSERT INTO payout", "COMMIT"),
    "pay_out": (*ENTRY, "INSERT INTO payout", "COMMIT"),
}
FORMS = {"advance": "a" * 32, "pay_out": "b" * 32}


def settle_all() -> None:
    """Settle every week that waits."""
    settle([cycle.id for cycle in unsettled_cycles()], None, SUNDAY, "treasurer")


ACTS: dict[str, Callable[[], object]] = {
    "settle": settle_all,
    "advance": lambda: advance(FORMS["advance"], 1, 2000, SUNDAY, "treasurer"),
    "pay_out": lambda: pay_out(FORMS["pay_out"], 1, 200, SUNDAY, "treasurer", taken_back=100),
}


def done(act: str) -> int:
    """Count how often an act was done."""
    if act == "settle":
        return len(standing())
    return db.session.query(Payout).filter_by(form_id=FORMS[act]).count()


def act_until(act: str, word: str) -> None:
    """Do it, and die before the first statement that begins with `word`."""

    def die(*_given: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def watch(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(word):
            die()

    if word == "COMMIT":
        event.listen(db.engine, "commit", die)
    event.listen(db.engine, "before_cursor_execute", watch)
    with transaction():
        ACTS[act]()


def main(shop: Flask, keys: str) -> None:
    """Fork a child for each step; this process has no threads and no connection while it does."""
    for act, steps in STEPS.items():
        for step in steps:
            child = os.fork()
            with shop.app_context():
                vault().path = Path(keys)
                vault().unlock(shop.config["FIELD_KEY_BYTES"])
                if not child:
                    act_until(act, step)
                    os._exit(0)
                _, status = os.waitpid(child, 0)
                tell(f"{act} {os.waitstatus_to_exitcode(status)} {done(act)}")
        with shop.app_context():
            for _twice in range(1 if act == "settle" else 2):
                with transaction():
                    ACTS[act]()
            tell(f"{act} done {done(act)} {-balance('489110')} {balance('416100')}")


def tell(words: str) -> None:
    """Print a line, and let go of the database, because the next child is forked."""
    db.session.remove()
    db.engine.dispose()
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(create_app(environment(sys.argv[1])), sys.argv[2])
