"""flask shop …: the command line."""

import click
from flask import current_app
from flask.cli import AppGroup
from flask_migrate import upgrade as apply_migrations

from shop.errors import CannotStart
from shop.schema import require_tables
from shop.vault import vault

shop_commands = AppGroup("shop", help="Run and look after Tablée.")


def ready(keys: bool = True) -> None:
    """Stop with one sentence where migrations (or keys) are missing."""
    try:
        require_tables()
    except CannotStart as error:
        raise click.ClickException(str(error)) from error
    if keys and not vault().is_open:
        raise click.ClickException(current_app.config["VAULT_ERROR"])


@shop_commands.command()
def upgrade() -> None:
    """Apply the migrations; the first time, make the file of keys."""
    apply_migrations()
    if "FIELD_KEY_BYTES" in current_app.config:
        try:
            vault().make(current_app.config["FIELD_KEY_BYTES"])
        except CannotStart as error:
            raise click.ClickException(str(error)) from error
