"""flask shop …: the command line."""

from importlib import import_module

import click
from flask.cli import AppGroup

COMMANDS = {
    "upgrade": "shop.upgrade:upgrade_command",
    "demo": "shop.demo.commands:demo_command",
    "simulate": "shop.demo.commands:simulate_command",
    "welcome": "shop.demo.commands:welcome_command",
    "member": "shop.members.commands:member_commands",
    "verify": "shop.verify:verify_command",
    "export": "shop.ledger.exports.commands:export_command",
    "split": "shop.ledger.sharing.commands:split_command",
    "tick": "shop.worker:tick_command",
    "worker": "shop.worker:worker_command",
    "backup": "shop.backup.commands:backup_command",
    "restore": "shop.backup.commands:restore_command",
}
"""Each command by name, and where it stands."""


class LateGroup(AppGroup):
    """A group that imports a command when it is called: the server needs none of them, nor what they bring.

    Alembic alone is a quarter of the start and twelve megabytes.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command, or say that there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


shop_commands = LateGroup("shop", help="Run and look after Tablée.")
