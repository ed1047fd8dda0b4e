"""`shop verify`: every invariant proved again from the rows, a line each; needs no key."""

import sys
from collections.abc import Iterator
from functools import cache

import click
from flask.cli import with_appcontext
from sqlalchemy import CompoundSelect, exists, literal, select, union_all

from shop.checks import Check, Result, State, Tell, Walk, silent
from shop.extensions import db
from shop.forgetting import checks as forgetting_checks
from shop.ledger.books import checks as books_checks
from shop.ledger.sharing import checks as sharing_checks
from shop.orders import checks as orders_checks
from shop.schema import ready
from shop.treasury import checks as treasury_checks


@cache
def _lost() -> CompoundSelect[tuple[str]]:
    """Ask in one statement for every column with a row that points to none; its text is made once."""
    asked = []
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                target = key.column.table.alias()
                there = exists().where(target.c[key.column.name] == column)
                lost = exists().where(column.is_not(None), ~there)
                asked.append(select(literal(f"{table.name}.{column.name}")).where(lost))
    return union_all(*asked)


def _rows_point_to_rows(quick: bool) -> Iterator[str]:
    """Find rows that point to one that is not there, as only a hand past the guards could leave them."""
    for column in () if quick else db.session.scalars(_lost()):
        yield f"{column} points to a row that is not there"


CHECKS: tuple[Check | Walk, ...] = (
    Check("rows point to rows that are there", _rows_point_to_rows),
    *books_checks.CHECKS,
    *sharing_checks.CHECKS,
    *treasury_checks.CHECKS,
    *orders_checks.CHECKS,
    *forgetting_checks.CHECKS,
)
"""Each feature's own, in the order of the report."""


def run(quick: bool = False, tell: Tell = silent) -> list[Result]:
    """Prove the invariants, in a shop that may be busy; `quick`: on stored sums and what is newest.

    `tell` hears what is being proved.
    """
    return [result for check in CHECKS for result in _prove(check, quick, tell)]


def _prove(check: Check | Walk, quick: bool, tell: Tell) -> list[Result]:
    """Run one check, or those that read together, on one unmoving state of the database."""
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        return check.results(quick, tell)
    finally:
        db.session.rollback()


def _say(words: str) -> None:
    """Write over the last line of the terminal."""
    click.echo(f"\r\033[K{words}", err=True, nl=False)


@click.command("verify")
@click.option("--quick", is_flag=True, help="From stored sums and the newest entries.")
@with_appcontext
def verify_command(quick: bool) -> None:
    """Prove every invariant again, a line each; exit 1 where one is broken."""
    ready(keys=False)
    watched = sys.stderr.isatty()
    results = run(quick, _say if watched else silent)
    if watched:
        _say("")
    for result in results:
        click.echo(f"{result.state:<8} {result.name}" + (f": {result.detail}" if result.detail else ""))
    broken = sum(result.state == State.BROKEN for result in results)
    if broken:
        raise click.ClickException(f"{broken} of {len(results)} invariants are broken.")
