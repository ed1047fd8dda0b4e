"""Bringing a shop up to this version: its tables and, the first time, its file of keys."""

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade as apply_migrations

from shop.errors import CannotStart
from shop.vault import vault


def bring_up_to_date() -> None:
    """Apply the migrations; the first time, make the file of keys. Raises CannotStart."""
    apply_migrations()
    if "FIELD_KEY_BYTES" in current_app.config:
        vault().make(current_app.config["FIELD_KEY_BYTES"])


@click.command("upgrade")
@with_appcontext
def upgrade_command() -> None:
    """Apply the migrations; the first time, make the file of keys."""
    try:
        bring_up_to_date()
    except CannotStart as error:
        raise click.ClickException(str(error)) from error
