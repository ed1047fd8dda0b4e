"""flask shop tick, and flask shop worker, which calls it in a loop."""

import gc
import signal
import sys
import time
from types import FrameType

import click
from flask.cli import with_appcontext

from shop import clock
from shop.schema import ready, truncate_log
from shop.tick import tick

PAUSE = 3.0
"""Seconds between two ticks: a letter leaves about as fast as it is looked for."""


@click.command("tick")
@with_appcontext
def tick_command() -> None:
    """Do everything that is due now; safe twice at once."""
    ready()
    if failed := tick(clock.now()):
        raise click.ClickException(f"not done, the next tick tries again: {', '.join(failed)}.")


@click.command("worker")
@with_appcontext
def worker_command() -> None:
    """Call tick in a loop until told to end."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    ready()
    truncate_log()
    # What was imported stays for ever: the collector need not look through it again.
    gc.collect()
    gc.freeze()
    while True:
        tick(clock.now())
        time.sleep(PAUSE)


def _end(_number: int, _frame: FrameType | None) -> None:
    """End at once, whatever is being done: an open transaction is undone, a letter may be repeated."""
    sys.exit(0)
