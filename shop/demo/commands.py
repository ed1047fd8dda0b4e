"""flask shop demo, simulate and welcome."""

import sys
from datetime import datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from shop import clock
from shop.demo.lives import live_demo, simulate
from shop.demo.people import PASSPHRASE, TEAM
from shop.demo.services import anything_here
from shop.errors import CannotStart
from shop.ledger.books.queries import head
from shop.members.queries import front
from shop.schema import ready
from shop.upgrade import bring_up_to_date

NOT_EMPTY = "this shop already holds members, weeks or entries; the demo goes into an empty one."


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Do nothing, quietly, where there are data.")
@with_appcontext
def demo_command(if_empty: bool) -> None:
    """Load the demo into an empty shop: six weeks lived, and one that is open."""
    try:
        bring_up_to_date()
    except CannotStart as error:
        raise click.ClickException(str(error)) from error
    ready()
    if anything_here():
        if if_empty:
            return
        raise click.ClickException(NOT_EMPTY)
    live_demo(clock.now())


@click.command("simulate")
@click.option("--weeks", "count", type=click.IntRange(1, 5000), required=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option(
    "--start", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first Friday from then on."
)
@with_appcontext
def simulate_command(count: int, seed: int, start: datetime) -> None:
    """Live weeks through the real services on a simulated clock; print the head of the books' chain.

    The same arguments give the same head.
    """
    ready()
    if anything_here():
        raise click.ClickException(NOT_EMPTY)
    with click.progressbar(length=count, label="weeks", file=sys.stderr) as bar:
        simulate(count, seed, start.date(), lambda: bar.update(1))
    entries, chain = head()
    click.echo(f"{entries} {chain}")


@click.command("welcome")
@with_appcontext
def welcome_command() -> None:
    """Print the shop's address and, in the demo, how to sign in as each role."""
    ready()
    address = current_app.config["SETTINGS"].base_url
    click.echo(f"\nTablée: {address}")
    if not front().demo:
        return
    click.echo(f"\nSign in at {address}/sign-in with the passphrase « {PASSPHRASE} »:")
    for mate in TEAM:
        roles = ", ".join(role + ("" if code == "meals" else f" of {code}") for code, role in mate.roles)
        click.echo(f"  {mate.pseudonym:<10}{roles}")
