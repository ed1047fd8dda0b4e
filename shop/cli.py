"""flask shop …: the command line."""

import click
from flask import current_app
from flask.cli import AppGroup
from flask_migrate import upgrade as apply_migrations

from shop.backup.commands import backup_command, restore_command
from shop.errors import CannotStart
from shop.ledger.exports.commands import export_command
from shop.ledger.sharing.commands import split_command
from shop.members.commands import member_commands
from shop.vault import vault
from shop.verify import verify_command
from shop.worker import tick_command, worker_command

shop_commands = AppGroup("shop", help="Run and look after Tablée.")
shop_commands.add_command(member_commands)
shop_commands.add_command(verify_command)
shop_commands.add_command(export_command)
shop_commands.add_command(split_command)
shop_commands.add_command(tick_command)
shop_commands.add_command(worker_command)
shop_commands.add_command(backup_command)
shop_commands.add_command(restore_command)


@shop_commands.command()
def upgrade() -> None:
    """Apply the migrations; the first time, make the file of keys."""
    apply_migrations()
    if "FIELD_KEY_BYTES" in current_app.config:
        try:
            vault().make(current_app.config["FIELD_KEY_BYTES"])
        except CannotStart as error:
            raise click.ClickException(str(error)) from error
