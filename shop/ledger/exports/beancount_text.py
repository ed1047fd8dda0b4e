"""The journal as beancount reads it: a day's end is the next day's beginning, and no cent is forgiven."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Connection

from shop.ledger.exports.plain_text import Closing, Listed, PlainText, broken_name, in_lines
from shop.ledger.exports.reads import Scope
from shop.money import decimal

OPTIONS = [
    'option "title" "Tablee"',
    'option "operating_currency" "EUR"',
    'option "tolerance_multiplier" "0"',
]


def pieces(connection: Connection, scope: Scope) -> Iterator[str]:
    """Give the file in pieces."""
    return in_lines(_blocks(connection, scope))


def _blocks(connection: Connection, scope: Scope) -> Iterator[list[str]]:
    yield OPTIONS
    text = PlainText(connection, scope)
    yield [f"{scope.first.isoformat()} open {name} EUR" for name in text.names.values()]
    for block in text.blocks():
        yield _closing(block) if isinstance(block, Closing) else _entry(block)


def _entry(listed: Listed) -> list[str]:
    number = f"{listed.seq}. " if listed.seq else ""
    legs = [f"  {name}  {decimal(cents, '.')} EUR" for name, cents in listed.legs]
    if listed.broken:
        legs += [f"  {broken_name(listed)}  0.00 EUR"] * 2
    return [f'{listed.date.isoformat()} * "{number}{listed.words}"', *legs]


def _closing(closing: Closing) -> list[str]:
    morning = (closing.date + timedelta(days=1)).isoformat()
    return [f"{morning} balance {name}  {decimal(cents, '.')} EUR" for name, cents in closing.balances]
