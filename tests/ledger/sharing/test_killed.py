"""kill -9 at each step of a settlement, an advance and a payout, then run it again: once, and whole."""

import signal
import subprocess
import sys

import pytest
from flask import Flask

from config import ROOT
from shop.decisions.services import decide
from shop.extensions import db
from shop.ledger.books.queries import balance, distributable, head
from shop.transaction import transaction
from shop.vault import vault
from tests.conftest import NOON
from tests.ledger.sharing.killed import ACTS, STEPS, done
from tests.ledger.sharing.life import MONDAY, decide_needs, live_week, make_beneficiaries

BEFORE = {"settle": (), "advance": ("settle",), "pay_out": ("settle", "advance")}
"""What was done before an act can be."""

AFTER = {
    "settle": {"distributable": 0, "489110": -1000, "416100": 0},
    "advance": {"distributable": 0, "489110": -1000, "416100": 2000},
    "pay_out": {"distributable": 0, "489110": -700, "416100": 1900},
}


def books() -> dict[str, int]:
    held = {account: balance(account) for account in ("489110", "416100")}
    return {"distributable": distributable("meals"), **held}


@pytest.mark.parametrize("act", list(ACTS))
def test_it_is_wholly_there_or_not_at_all(app: Flask, database_url: str, act: str) -> None:
    with app.app_context():
        ids = make_beneficiaries()
        decide_needs(ids, {"Basilic": 100, "Cumin": 130})
        assert ids["Basilic"] == 1
        live_week(0, 1000)
        for earlier in BEFORE[act]:
            with transaction():
                decide("advance-bound", 3000, MONDAY, NOON)
                ACTS[earlier]()
        before, seq = books(), head()
        keys = str(vault().path)
        db.session.remove()

        command = [sys.executable, "-m", "tests.ledger.sharing.killed", database_url, keys, act]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr

        assert ended.stdout.splitlines() == [f"{-signal.SIGKILL} 0"] * len(STEPS[act])
        assert (books(), head()) == (before, seq)
        for _twice in range(1 if act == "settle" else 2):
            with transaction():
                ACTS[act]()
        assert (books(), done(act)) == (AFTER[act], 1)
