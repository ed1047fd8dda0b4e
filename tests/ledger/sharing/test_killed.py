"""kill -9 at each step of a settlement, then run it again."""

import signal
import subprocess
import sys

from flask import Flask

from config import ROOT
from shop.extensions import db
from shop.ledger.books.queries import balance, distributable
from shop.ledger.sharing.queries import standing, unsettled_cycles
from shop.ledger.sharing.services import settle
from shop.transaction import transaction
from shop.vault import vault
from tests.ledger.sharing.killed import STEPS
from tests.ledger.sharing.life import SUNDAY, decide_needs, live_week, make_beneficiaries


def test_it_is_wholly_there_or_not_at_all(app: Flask, database_url: str) -> None:
    with app.app_context():
        decide_needs(make_beneficiaries())
        week = live_week(0, 1000)
        keys = str(vault().path)
        db.session.remove()

        command = [sys.executable, "-m", "tests.ledger.sharing.killed", database_url, keys]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

        assert ended.stdout.splitlines() == [f"{-signal.SIGKILL} 0"] * len(STEPS)
        assert [cycle.id for cycle in unsettled_cycles()] == [week]
        assert (distributable("meals"), balance("489110")) == (1000, 0)
        with transaction():
            settle([week], None, SUNDAY, "treasurer")
        assert (distributable("meals"), balance("489110"), len(standing())) == (0, -1000, 1)
