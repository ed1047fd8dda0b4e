"""Serve the demo shop at an instant of our choosing, in a process of its own.

`python -m tests.journeys.serve prepare INSTANT` fills the database; `begin` makes an empty one and prints
the link for its first member; with a port instead, it serves.
"""

import sys
from datetime import datetime

import time_machine
from waitress import serve

from shop import create_app
from shop.clock import now
from shop.demo.lives import live_demo
from shop.extensions import db
from shop.menu.models import Week
from shop.menu.queries import current_week
from shop.schema import require_ready
from shop.upgrade import bring_up_to_date
from tests.conftest import BYTECODE
from tests.factories import make_order

MORE = ("Ibra", "Jo", "Kadia", "Lou", "Mina", "Noé", "Oumar", "Pia", "Rita")
"""Nine customers beside the demo's twelve: an evening with twenty-one."""


def prepare() -> None:
    """Live the demo, and take nine more orders for the week that is open."""
    with create_app().app_context():
        bring_up_to_date()
        live_demo(now())
        open_week = current_week(now())
        assert open_week is not None
        week = db.session.get_one(Week, open_week.id)
        for name in MORE:
            make_order(week, D=1, H=1, contact={"name": name, "phone": "0470 00 00 00"})


def begin() -> None:
    """Start a shop as one does on a new machine: two commands, of which the second prints a link."""
    runner = create_app().test_cli_runner()
    assert runner.invoke(args=["shop", "upgrade"]).exit_code == 0
    added = runner.invoke(args=["shop", "member", "add", "Thym", "--role", "admin", "--role", "organiser"])
    sys.stdout.write(added.stdout)


JOBS = {"prepare": prepare, "begin": begin}


def main(job: str, instant: str) -> None:
    """Do the job as if it were this instant now."""
    with time_machine.travel(datetime.fromisoformat(instant), tick=True):
        if job in JOBS:
            JOBS[job]()
            return
        app = create_app()
        app.jinja_env.bytecode_cache = BYTECODE
        require_ready(app)
        serve(app, host="127.0.0.1", port=int(job), threads=8, _quiet=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
