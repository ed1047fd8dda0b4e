"""The extensions, the base of all tables, and how a database is opened."""

import enum
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_babel import Babel
from flask_login import LoginManager
from flask_mail import Mail
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import (
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Executable,
    MetaData,
    TypeDecorator,
    event,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, registry

WRITE = "tablee_write"
LOCK_NUMBER = 7_000_070
"""The advisory lock that makes the writers of one PostgreSQL database take turns."""

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

PRAGMAS = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "synchronous=FULL",
    "secure_delete=ON",
    "busy_timeout=5000",
)
"""WAL: readers never wait. recursive_triggers: REPLACE fires DELETE triggers. FULL: a placed order survives a
power cut. secure_delete: what was deleted is overwritten. busy_timeout: milliseconds."""


class Instant(TypeDecorator[datetime]):
    """Store an aware datetime as UTC; SQLite, which keeps no zone, gets it back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an instant to UTC. Raises ValueError where it has no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give an instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of all tables: named constraints, instants in UTC, enums stored by value."""

    # On the registry and not on the class: Flask-SQLAlchemy copies the class, and a map may stand only once.
    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: Instant(),
            enum.Enum: Enum(
                enum.Enum,
                native_enum=False,
                length=24,
                create_constraint=True,
                values_callable=lambda kind: [member.value for member in kind],
            ),
        },
    )


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    engine_options={"hide_parameters": True, "pool_pre_ping": False},
)
csrf = CSRFProtect()
mail = Mail()
babel = Babel()
login = LoginManager()


def read(statement: Executable, values: Mapping[str, object] | None = None) -> CursorResult[*tuple[Any, ...]]:
    """Run a read of columns within the session's transaction, but past the ORM, which doubles its cost."""
    db.session.flush()
    return db.session.connection().execute(statement, values)


class KeptSigner(SecureCookieSessionInterface):
    """Flask's session cookies, whose signer is made once and not twice a request."""

    _kept: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Give the signer of this app's cookies."""
        self._kept = self._kept or super().get_signing_serializer(app)
        return self._kept


@event.listens_for(Engine, "connect")
def _open_sqlite(connection: Any, _record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    # The driver would begin transactions by itself, and late; `_begin` does it.
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITE, False)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    elif writes:
        connection.exec_driver_sql("SET LOCAL lock_timeout = '8s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK_NUMBER})")
