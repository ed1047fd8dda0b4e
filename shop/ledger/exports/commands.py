"""flask shop export …: what treasurers take away, written to a file."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from shop.ledger.exports import journal_csv
from shop.schema import ready

FORMATS: dict[str, Callable[[date | None, date | None], Iterator[str]]] = {"journal.csv": journal_csv.lines}
DAY = click.DateTime(["%Y-%m-%d"])
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("export")
@click.argument("name", metavar="FORMAT", type=click.Choice(list(FORMATS)))
@click.option("--from", "first", type=DAY, metavar="DAY", help="First day, such as 2026-01-01.")
@click.option("--to", "last", type=DAY, metavar="DAY", help="Last day.")
@click.option("--output", type=FILE, metavar="FILE", help="Else it goes to stdout.")
@with_appcontext
def export_command(name: str, first: datetime | None, last: datetime | None, output: Path | None) -> None:
    """Write the books as FORMAT."""
    ready(keys=False)
    if first and last and first > last:
        raise click.ClickException("--from is later than --to.")
    pieces = FORMATS[name](first.date() if first else None, last.date() if last else None)
    try:
        target = output.open("w", encoding="utf-8", newline="") if output else nullcontext(None)
        with target as file:
            for piece in pieces:
                click.echo(piece, file=file, nl=False)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from error
