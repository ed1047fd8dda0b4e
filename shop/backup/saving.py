"""Taking a backup: one SQLite file, whatever the shop runs on, and the wrapped keys beside it."""

import json
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import create_engine

from shop.backup.rows import copy_rows, revision_of
from shop.errors import CannotStart
from shop.extensions import WRITE, db
from shop.keyfile import move_into_place, write_private
from shop.schema import database_file
from shop.upgrade import migrate_other
from shop.vault import vault


def keys_beside(path: Path) -> Path:
    """Name the file of keys that belongs to a backup."""
    return path.with_name(path.name + ".keys")


def save(path: Path) -> None:
    """Copy database and keys as they stand at one instant, while the shop goes on. Raises CannotStart.

    Both files are their owner's alone, and appear whole or not at all. The keys are copied after the rows and
    put in place before them, so no row is without its key.
    """
    path = path.resolve()
    own = database_file()
    if path in {own and own.resolve(), vault().path.resolve()}:
        raise CannotStart("a backup needs a file of its own: this one is the shop's.")
    if not vault().path.exists():
        raise CannotStart(
            "the file of keys beside the database is missing: a backup without it is worth nothing."
        )
    with scratch(path.parent) as fresh:
        if own:
            _copy_file(own, fresh)
        else:
            _copy_server(fresh)
        settle(fresh)
        write_private(keys_beside(path), json.dumps(vault().file.read()).encode())
        move_into_place(fresh, path)


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """Give a private empty file, of which nothing is left behind."""
    handle, name = tempfile.mkstemp(prefix=".tablee-", suffix=".db", dir=folder)
    os.close(handle)
    fresh = Path(name)
    try:
        yield fresh
    finally:
        for part in ("", "-wal", "-shm", "-journal", ".queue"):
            fresh.with_name(fresh.name + part).unlink(missing_ok=True)


def settle(fresh: Path) -> None:
    """Make one file of a copy, prove it, and wait until it is on disk. Raises CannotStart."""
    with closing(sqlite3.connect(fresh)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")
        if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise CannotStart("the copy is damaged, so it was thrown away: run `shop verify`.")
    with fresh.open("rb") as file:
        os.fsync(file.fileno())


def _copy_file(own: Path, fresh: Path) -> None:
    """Copy all pages in one step: one snapshot, and no writer waits for it."""
    source = sqlite3.connect(f"file:{own}?mode=ro", uri=True)
    with closing(source), closing(sqlite3.connect(fresh)) as copy:
        source.backup(copy)


def _copy_server(fresh: Path) -> None:
    """Copy PostgreSQL's rows, read in one snapshot, into a SQLite file of the same revision."""
    engine = create_engine(f"sqlite:///{fresh}", hide_parameters=True)
    snapshot = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    try:
        with db.engine.connect().execution_options(**snapshot) as source:
            migrate_other(engine, revision_of(source))
            with engine.connect().execution_options(**{WRITE: True}) as copy, copy.begin():
                copy_rows(source, copy)
    finally:
        engine.dispose()
