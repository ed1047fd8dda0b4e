"""flask shop …: the command line."""

from flask.cli import AppGroup

from shop.backup.commands import backup_command, restore_command
from shop.demo.commands import demo_command, simulate_command, welcome_command
from shop.ledger.exports.commands import export_command
from shop.ledger.sharing.commands import split_command
from shop.members.commands import member_commands
from shop.upgrade import upgrade_command
from shop.verify import verify_command
from shop.worker import tick_command, worker_command

shop_commands = AppGroup("shop", help="Run and look after Tablée.")
shop_commands.add_command(upgrade_command)
shop_commands.add_command(demo_command)
shop_commands.add_command(simulate_command)
shop_commands.add_command(welcome_command)
shop_commands.add_command(member_commands)
shop_commands.add_command(verify_command)
shop_commands.add_command(export_command)
shop_commands.add_command(split_command)
shop_commands.add_command(tick_command)
shop_commands.add_command(worker_command)
shop_commands.add_command(backup_command)
shop_commands.add_command(restore_command)
