"""The journal as hledger and ledger read it.

Every amount is written, every account declared, and after each month an entry of nothing states what every
account holds. hledger goes through them by their days, ledger by their lines whatever their days, so for
ledger each entry states its month too.
"""

from collections.abc import Callable, Iterator
from datetime import date

from sqlalchemy import Connection

from shop.ledger.exports.plain_text import Closing, Listed, PlainText, broken_name, in_lines
from shop.ledger.exports.reads import Scope
from shop.money import decimal


def for_hledger(connection: Connection, scope: Scope) -> Iterator[str]:
    """Give the file in pieces."""
    return in_lines(_blocks(connection, scope, lambda day: []))


def for_ledger(connection: Connection, scope: Scope) -> Iterator[str]:
    """Give the file in pieces."""
    return in_lines(_blocks(connection, scope, _month))


def _month(day: date) -> list[str]:
    return [f"    assert format_date(date, '%Y-%m') == '{day:%Y-%m}'"]


def _blocks(connection: Connection, scope: Scope, more: Callable[[date], list[str]]) -> Iterator[list[str]]:
    yield ["commodity EUR", "    format 1000.00 EUR"]
    text = PlainText(connection, scope)
    yield [f"account {name}" for name in text.names.values()]
    for block in text.blocks():
        title, *legs = _closing(block) if isinstance(block, Closing) else _entry(block)
        yield [title, *more(block.date), *legs]


def _entry(listed: Listed) -> list[str]:
    code = f"({listed.seq}) " if listed.seq else ""
    legs = [f"    {name}  {decimal(cents, '.')} EUR" for name, cents in listed.legs]
    if listed.broken:
        legs += [f"    {broken_name(listed)}  0.00 EUR"] * 2
    return [f"{listed.date.isoformat()} * {code}{listed.words}", *legs]


def _closing(closing: Closing) -> list[str]:
    title = f"{closing.date.isoformat()} * Soldes de fin de periode"
    return [title, *(f"    {name}  0.00 EUR = {decimal(cents, '.')} EUR" for name, cents in closing.balances)]
