"""Bringing a shop up to this version: its tables and, the first time, its file of keys."""

from typing import cast

import click
from alembic import command
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import Migrate
from flask_migrate import upgrade as apply_migrations
from sqlalchemy import Engine, select
from werkzeug.local import LocalProxy

from config import ROOT
from shop.errors import CannotStart
from shop.extensions import db
from shop.members.models import Member
from shop.vault import vault


def know_migrations(app: Flask) -> None:
    """Tell an app where its migrations are; only who applies or writes them needs Alembic."""
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)


def migrate_other(engine: Engine, revision: str = "head") -> None:
    """Bring another database than the shop's own to a revision."""
    know_migrations(_app())
    config = current_app.extensions["migrate"].migrate.get_config()
    config.attributes["engine"] = engine
    command.upgrade(config, revision)


def _app() -> Flask:
    return cast(LocalProxy[Flask], current_app)._get_current_object()


def bring_up_to_date() -> None:
    """Apply the migrations; the first time, make the file of keys. Raises CannotStart."""
    know_migrations(_app())
    apply_migrations()
    if "FIELD_KEY_BYTES" in current_app.config:
        # A new file would open nothing of what is sealed, and hide that the old one is missing.
        if not vault().path.exists() and _is_used():
            raise CannotStart(f"{vault().path} is missing: put back the one that belongs to this database.")
        vault().make(current_app.config["FIELD_KEY_BYTES"])


def _is_used() -> bool:
    try:
        return db.session.scalar(select(Member.id).limit(1)) is not None
    finally:
        db.session.rollback()


@click.command("upgrade")
@with_appcontext
def upgrade_command() -> None:
    """Apply the migrations; the first time, make the file of keys."""
    try:
        bring_up_to_date()
    except CannotStart as error:
        raise click.ClickException(str(error)) from error
