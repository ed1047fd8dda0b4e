"""flask shop backup and flask shop restore."""

import getpass
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from shop import clock
from shop.backup.restoring import restore
from shop.backup.saving import keys_beside, save
from shop.checks import State
from shop.errors import CannotStart
from shop.ledger.books.queries import head
from shop.schema import ready
from shop.vault import derive
from shop.verify import run

FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.command("backup")
@FILE
@with_appcontext
def backup_command(file: Path) -> None:
    """Copy the shop into FILE and its keys into FILE.keys, while it runs.

    Take every backup into the same FILE, or keep only the newest FILE.keys: what was erased since can be read
    with older keys. FIELD_KEY is in neither.
    """
    try:
        save(file)
    except (CannotStart, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{file} {keys_beside(file)}")


@click.command("restore")
@FILE
@with_appcontext
def restore_command(file: Path) -> None:
    """Bring back FILE and FILE.keys into a new database; what was erased stays erased."""
    ready(keys=False)
    try:
        restore(file, _field_key, clock.now())
    except (CannotStart, OSError) as error:
        raise click.ClickException(str(error)) from error
    seq, chain = head()
    click.echo(f"entries {seq}, chain head {chain}")
    broken = [result for result in run() if result.state == State.BROKEN]
    for result in broken:
        click.echo(f"BROKEN {result.name}: {result.detail}", err=True)
    if broken:
        raise click.ClickException("the restored books do not hold.")


def _field_key(salt: str) -> bytes:
    """Give FIELD_KEY; a passphrase counts with the salt of the backup's keys. Raises CannotStart."""
    if current_app.config["SETTINGS"].field_key == "prompt":
        return derive(getpass.getpass("FIELD_KEY: "), salt)
    key: bytes = current_app.config["FIELD_KEY_BYTES"]
    return key
