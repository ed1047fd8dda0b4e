"""flask shop member …: the first members join from the command line."""

import click
from flask import current_app
from flask.cli import AppGroup

from shop import clock
from shop.errors import EmblemTaken, PseudonymTaken, PseudonymUnfit
from shop.members.services import add_member
from shop.pages import Role
from shop.schema import ready
from shop.transaction import transaction

member_commands = AppGroup("member", help="Look after the members.")

WHY = {
    PseudonymTaken: "another member has this pseudonym.",
    PseudonymUnfit: "a pseudonym has 2 to 24 letters and no digits.",
    EmblemTaken: "every emblem is taken.",
}


@member_commands.command()
@click.argument("alias")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="Several may be given.",
)
@click.option("--activity", type=click.Choice(["meals", "beer"]), default="meals", show_default=True)
def add(alias: str, roles: tuple[str, ...], activity: str) -> None:
    """Add a member called ALIAS and print the one-time link to choose a passphrase."""
    ready()
    try:
        with transaction():
            token = add_member(alias, [(activity, Role(role)) for role in roles], clock.now())
    except (PseudonymTaken, PseudonymUnfit, EmblemTaken) as error:
        raise click.ClickException(WHY[type(error)]) from error
    click.echo(f"{current_app.config['SETTINGS'].base_url}/welcome/{token}")
