"""Run the migrations through Flask-Migrate, on SQLite and PostgreSQL."""

from alembic import context
from flask import current_app

from shop.extensions import WRITE, Instant
from shop.vault import Envelope

database = current_app.extensions["migrate"].db


def render(kind: str, item: object, _context: object) -> str | bool:
    """Write our own column types as what the database stores, so that a migration never changes with them."""
    if kind == "type" and isinstance(item, Envelope):
        return "sa.LargeBinary()"
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Apply the migrations, each in a transaction of its own, as the only writer.

    With foreign keys on, SQLite's batch mode would delete the children of a table that it builds anew; so
    they are off here, and checked afterwards.
    """
    engine = context.config.attributes.get("engine", database.engine)
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        writer = connection.execution_options(**{WRITE: True})
        context.configure(
            connection=writer,
            target_metadata=database.metadata,
            transaction_per_migration=True,
            render_item=render,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        if sqlite:
            raw = connection.connection.driver_connection
            orphans = raw.execute("PRAGMA foreign_key_check").fetchall()
            raw.execute("PRAGMA foreign_keys=ON")
            if orphans:
                raise RuntimeError(f"{len(orphans)} rows point to rows that are not there")


run()
