"""`shop split`: what if. Reads and writes nothing."""

import json

import click

from shop.errors import NotAnAmount, WeightOutOfRange
from shop.ledger.sharing.rules import parse_weight
from shop.money import allocate, decimal, parse_euros


@click.command("split")
@click.option("--amount", required=True, metavar="EUROS", help="What to share, such as 305.60.")
@click.option("--weight", "weights", multiple=True, required=True, metavar="NAME=WEIGHT", help="Repeat it.")
def split_command(amount: str, weights: tuple[str, ...]) -> None:
    """Divide an amount by weight and print each share as JSON."""
    try:
        total = parse_euros(amount)
    except NotAnAmount as error:
        raise click.ClickException(
            "--amount must be euros with at most two decimals, such as 305.60."
        ) from error
    shares = allocate(total, _weights(weights))
    named = {name: decimal(cents, ".") for name, cents in shares.items()}
    click.echo(json.dumps({"shares": named, "total": decimal(total, ".")}, ensure_ascii=False))


def _weights(pairs: tuple[str, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for pair in pairs:
        name, _, text = pair.partition("=")
        try:
            weight = parse_weight(text)
        except WeightOutOfRange as error:
            raise click.ClickException("--weight must be NAME=WEIGHT, from 0.01 to 99.99.") from error
        if not name or name in found:
            raise click.ClickException("--weight needs a name, and each name once.")
        found[name] = weight
    return found
