"""kill -9 at each step of a settlement, an advance and a payout, then run it again: once, and whole."""

import signal
import subprocess
import sys

from flask import Flask

from config import ROOT
from shop.decisions.services import decide
from shop.extensions import db
from shop.ledger.books.queries import head
from shop.transaction import transaction
from shop.vault import vault
from tests.conftest import NOON
from tests.ledger.sharing.killed import STEPS
from tests.ledger.sharing.life import MONDAY, decide_needs, live_week, make_beneficiaries

DONE = {"settle": "1 1000 0", "advance": "1 1000 2000", "pay_out": "1 700 1900"}
"""How often it was done, the cents of parts that are still there, and the cents advanced."""


def test_it_is_wholly_there_or_not_at_all(app: Flask, database_url: str) -> None:
    with app.app_context():
        ids = make_beneficiaries()
        decide_needs(ids, {"Basilic": 100, "Cumin": 130})
        assert ids["Basilic"] == 1
        live_week(0, 1000)
        with transaction():
            decide("advance-bound", 3000, MONDAY, NOON)
        before, keys = head()[0], str(vault().path)
        db.session.remove()

        command = [sys.executable, "-m", "tests.ledger.sharing.killed", database_url, keys]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

        assert ended.returncode == 0, ended.stderr
        expected = []
        for act, steps in STEPS.items():
            expected += [f"{act} {-signal.SIGKILL} 0"] * len(steps) + [f"{act} done {DONE[act]}"]
        assert ended.stdout.splitlines() == expected
        assert head()[0] == before + len(STEPS), "an entry each, and nothing of those who died"
