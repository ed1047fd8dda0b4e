"""Migrated, empty databases for the campaigns, which have no fixtures."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shop import create_app
from shop.extensions import db
from shop.upgrade import bring_up_to_date
from tests.conftest import _named, _postgres, environment
from tests.services import postgres_url

KINDS = ("sqlite", "postgresql")


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Give the address of a database of its own; a PostgreSQL server ends with the block."""
    if kind == "sqlite":
        yield _migrated(f"sqlite:///{folder / 'shop.db'}")
        return
    with postgres_url() as server:
        name = f"shop_{os.getpid()}_{uuid.uuid4().hex[:12]}"
        _postgres(server, f"CREATE DATABASE {name}")
        try:
            yield _migrated(_named(server, name))
        finally:
            _postgres(server, f"DROP DATABASE {name} WITH (FORCE)")


def _migrated(url: str) -> str:
    app = create_app(environment(url))
    with app.app_context():
        bring_up_to_date()
        db.session.remove()
        db.engine.dispose()
    return url
