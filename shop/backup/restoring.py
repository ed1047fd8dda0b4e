"""Going back to a backup: into an empty database, with everything that was erased since erased again."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DatabaseError, NoResultFound

from shop.backup.rows import copy_rows, is_empty, revision_of
from shop.backup.saving import keys_beside, scratch
from shop.errors import CannotStart
from shop.extensions import db
from shop.forgetting.services import forget_again, forget_due
from shop.keyfile import KeyFile
from shop.schema import HEAD, truncate_log
from shop.transaction import transaction
from shop.upgrade import migrate_other
from shop.vault import Vault, vault


def restore(path: Path, field_key: Callable[[str], bytes], now: datetime) -> None:
    """Take a backup's rows and keys. Raises CannotStart.

    `field_key` gives FIELD_KEY for a salt, that of the keys. Nothing comes back that was deleted in them, or
    in a file of keys that is already here, nor what has had its time since; all sign-ins end. A crash leaves
    the database empty or whole.
    """
    keys = KeyFile(keys_beside(path))
    if not path.is_file() or not keys.path.is_file():
        raise CannotStart(f"{path.name} and {keys.path.name} must lie side by side.")
    key = field_key(str(keys.read()["salt"]))
    try:
        Vault(keys.path).unlock(key)
    except CannotStart as error:
        raise CannotStart(f"FIELD_KEY does not open {keys.path.name}: it is the one of that shop.") from error
    with scratch(path.resolve().parent) as copy:
        shutil.copyfile(path, copy)
        _restore_rows(copy, keys, key, now)
    truncate_log()


def _restore_rows(copy: Path, keys: KeyFile, key: bytes, now: datetime) -> None:
    engine = create_engine(f"sqlite:///{copy}", hide_parameters=True)
    try:
        _bring_up_to_date(engine)
        with engine.connect() as source, transaction():
            if not is_empty(db.session.connection()):
                raise CannotStart(
                    "this database holds data, and a restore replaces nothing: "
                    "set DATABASE_URL to a new one, run `shop upgrade`, then restore."
                )
            vault().file.adopt(keys.read())
            vault().unlock(key)
            copy_rows(source, db.session.connection())
            forget_again()
            forget_due(now)
    finally:
        engine.dispose()


def _bring_up_to_date(engine: Engine) -> None:
    """Migrate the copy of an older shop's backup. Raises CannotStart where it is none, or a newer shop's."""
    try:
        with engine.connect() as copy:
            revision = revision_of(copy)
    except (DatabaseError, NoResultFound) as error:
        raise CannotStart("this file is no backup of a shop.") from error
    if revision > HEAD:
        raise CannotStart("this backup comes from a newer shop: update this one first.")
    if revision < HEAD:
        migrate_other(engine)
