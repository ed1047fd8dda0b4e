"""Copying every row of one database into another of the same schema, whichever kind the two are."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    Connection,
    DateTime,
    MetaData,
    Table,
    delete,
    event,
    func,
    insert,
    select,
    text,
)

from shop.extensions import Instant

AT_ONCE, PICTURES_AT_ONCE = 2000, 20
"""Rows that are copied together; one that holds a picture takes as much room as thousands."""

PICTURES = "receipt"
VERSION = "alembic_version"
SEEDED = {VERSION, "account", "activity", "setting"}
"""What the migrations fill themselves, so that a database with rows only there is empty."""


def tables(connection: Connection) -> list[Table]:
    """Describe the tables as they stand, parents first; sealed values stay sealed."""
    found = MetaData()
    event.listen(found, "column_reflect", _generalise)
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != VERSION]


def revision_of(connection: Connection) -> str:
    """Give the newest migration that was applied."""
    return str(connection.execute(text(f"SELECT version_num FROM {VERSION}")).scalar_one())


def is_empty(connection: Connection) -> bool:
    """Say whether nobody has used this database yet."""
    used = (table for table in tables(connection) if table.name not in SEEDED)
    return all(connection.execute(select(table).limit(1)).first() is None for table in used)


def copy_rows(source: Connection, target: Connection) -> None:
    """Replace every row of the target, within its open transaction and with its guards at rest."""
    described = tables(source)
    with _guards_at_rest(target, described):
        for table in reversed(described):
            target.execute(delete(table))
        for table in described:
            many = PICTURES_AT_ONCE if table.name == PICTURES else AT_ONCE
            rows = source.execution_options(yield_per=many).execute(
                select(table).order_by(*table.primary_key.columns)
            )
            for part in rows.mappings().partitions():
                target.execute(insert(table), [dict(row) for row in part])
            _count_on(target, table)


def _generalise(_inspector: object, _table: object, column: dict[str, Any]) -> None:
    kind = column["type"].as_generic()
    column["type"] = Instant() if isinstance(kind, DateTime) else kind


@contextmanager
def _guards_at_rest(target: Connection, described: list[Table]) -> Iterator[None]:
    """Switch off the triggers that refuse what is no new entry; they stand again before the commit."""
    if target.dialect.name == "sqlite":
        triggers = target.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _sql in triggers:
            target.exec_driver_sql(f'DROP TRIGGER "{name}"')
        yield
        for _name, sql in triggers:
            target.exec_driver_sql(sql)
        return
    for table in described:
        target.exec_driver_sql(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER')
    yield
    for table in described:
        target.exec_driver_sql(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER')


def _count_on(target: Connection, table: Table) -> None:
    """Let PostgreSQL number the next row after the last one copied."""
    if target.dialect.name != "postgresql" or "id" not in table.columns:
        return
    sequence = target.execute(select(func.pg_get_serial_sequence(table.name, "id"))).scalar()
    if sequence:
        newest = target.execute(select(func.max(table.columns["id"]))).scalar() or 0
        target.execute(select(func.setval(sequence, newest + 1, False)))
