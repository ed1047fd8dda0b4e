"""A process whose children settle every waiting week, each killed a step later; run with URL and KEYS.

A step is what the statement before which it dies begins with; COMMIT dies just before the commit. For each
child, it prints the signal that ended it and how many settlements stood afterwards.
"""

import os
import signal
import sys
from pathlib import Path

from flask import Flask
from sqlalchemy import event

from shop import create_app
from shop.extensions import db
from shop.ledger.sharing.queries import standing, unsettled_cycles
from shop.ledger.sharing.services import settle
from shop.transaction import transaction
from shop.vault import vault
from tests.conftest import environment
from tests.ledger.sharing.life import SUNDAY

STEPS = (
    "INSERT INTO journal_entry",
    "INSERT INTO posting",
    "UPDATE journal_entry",
    "INSERT INTO settlement ",
    "INSERT INTO settlement_cycle",
    "COMMIT",
)


def settle_until(word: str) -> None:
    """Settle, and die before the first statement that begins with `word`."""

    def die(*_given: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def watch(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(word):
            die()

    if word == "COMMIT":
        event.listen(db.engine, "commit", die)
    event.listen(db.engine, "before_cursor_execute", watch)
    with transaction():
        settle([cycle.id for cycle in unsettled_cycles()], None, SUNDAY, "treasurer")


def main(shop: Flask, keys: str) -> None:
    """Fork a child for each step; this process has no threads and no connection while it does."""
    for step in STEPS:
        child = os.fork()
        with shop.app_context():
            vault().path = Path(keys)
            vault().unlock(shop.config["FIELD_KEY_BYTES"])
            if not child:
                settle_until(step)
                os._exit(0)
            _, status = os.waitpid(child, 0)
            found = len(standing())
            db.session.remove()
            db.engine.dispose()
            sys.stdout.write(f"{os.waitstatus_to_exitcode(status)} {found}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(create_app(environment(sys.argv[1])), sys.argv[2])
