"""flask shop export …: what treasurers take away, written to a file."""

import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path
from threading import Event, Thread

import click
from flask.cli import with_appcontext

from shop import clock, weeks
from shop.ledger.exports.formats import FORMATS, known_sellers, pieces, scope_of
from shop.schema import ready

DAY = click.DateTime(["%Y-%m-%d"])
FILE = click.Path(dir_okay=False, path_type=Path)
LONG = 1.0
"""Seconds after which progress is told, and told again."""


@click.command("export")
@click.argument("name", metavar="FORMAT", type=click.Choice(list(FORMATS)))
@click.option("--from", "first", type=DAY, metavar="DAY", help="First day, such as 2026-01-01.")
@click.option("--to", "last", type=DAY, metavar="DAY", help="Last day.")
@click.option("--activity", metavar="meals|beer", help="One seller's books alone.")
@click.option("--output", type=FILE, metavar="FILE", help="Else it goes to stdout.")
@with_appcontext
def export_command(
    name: str, first: datetime | None, last: datetime | None, activity: str | None, output: Path | None
) -> None:
    """Write the books as FORMAT: all days, and of what concerns one seller the meals'.

    Formats: livre-journal.xlsx, livre-journal.csv, etat.csv, patrimoine.csv, settlements.csv, funds.csv,
    journal.csv, workbook.xlsx, hledger, ledger, beancount.
    """
    ready(keys=False)
    if first and last and first > last:
        raise click.ClickException("--from is later than --to.")
    today = weeks.local_day(clock.now())
    if activity and activity not in known_sellers():
        raise click.ClickException(f"There is no activity called {activity}.")
    scope = scope_of(FORMATS[name], _day(first), _day(last), [activity] if activity else [], today)
    try:
        with output.open("wb") if output else nullcontext(sys.stdout.buffer) as file:
            for piece in _told(pieces(FORMATS[name], scope)):
                file.write(piece)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from error


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _told(given: Iterator[bytes]) -> Iterator[bytes]:
    """Tell on a terminal, as it goes on, how long it takes and how much is written."""
    done, written, begun = Event(), 0, time.monotonic()

    def tell() -> None:
        while not done.wait(LONG):
            say(f"{time.monotonic() - begun:.0f} s, {written / 1e6:.1f} MB …")

    if sys.stderr.isatty():
        Thread(target=tell, daemon=True).start()
    try:
        for piece in given:
            yield piece
            written += len(piece)
    finally:
        done.set()
        if sys.stderr.isatty():
            say("")


def say(words: str) -> None:
    """Write over the last line of the terminal."""
    click.echo(f"\r\033[K{words}", err=True, nl=False)
