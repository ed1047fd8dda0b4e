"""Whether the database has this version's tables, and whether the shop is ready to be used."""

import time
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError

from shop.errors import CannotStart
from shop.extensions import db
from shop.vault import vault

HEAD = "0006"
"""The newest migration. Written out, because importing Alembic to ask costs a quarter of the start."""


def require_tables() -> None:
    """Refuse to go on where migrations are missing. Raises CannotStart."""
    try:
        found = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except (OperationalError, ProgrammingError):
        found = None
    finally:
        db.session.rollback()
    if found != HEAD:
        raise CannotStart("the database is not up to date: run `shop upgrade` first.")


def require_ready(app: Flask) -> None:
    """Refuse to serve without the tables or without the keys. Raises CannotStart."""
    with app.app_context():
        require_tables()
        if app.config["VAULT_ERROR"]:
            raise CannotStart(app.config["VAULT_ERROR"])
        # No connection may cross a fork: gunicorn asks here before it makes its workers.
        db.session.remove()
        db.engine.dispose()


def ready(keys: bool = True) -> None:
    """Stop a command with one sentence where migrations (or keys) are missing."""
    try:
        require_tables()
    except CannotStart as error:
        raise click.ClickException(str(error)) from error
    if keys and not vault().is_open:
        raise click.ClickException(current_app.config["VAULT_ERROR"])


def database_file() -> Path | None:
    """Give the SQLite file, or None on PostgreSQL."""
    name = db.engine.url.database
    return Path(name) if db.engine.dialect.name == "sqlite" and name else None


def truncate_log(patience: float = 3.0) -> bool:
    """Move SQLite's log into its file and empty it, so that what was deleted lies nowhere any more.

    Says False where a reader stood in the way for `patience` seconds. On PostgreSQL there is nothing to do.
    """
    if database_file() is None:
        return True
    pooled = db.engine.raw_connection()
    raw: Any = pooled.driver_connection
    # The checkpoint holds back writers while it waits for readers; so it waits a moment, many times.
    raw.execute("PRAGMA busy_timeout=50")
    until = time.monotonic() + patience
    try:
        while busy := raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if time.monotonic() > until:
                break
            time.sleep(0.05)
        return not busy
    finally:
        raw.execute("PRAGMA busy_timeout=5000")
        pooled.close()
