"""The migrations build what the models say, forward and back, empty and filled, on both databases."""

from datetime import date

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import delete, inspect, select, text

from config import ROOT
from shop.extensions import Base, db
from shop.members.models import Member
from shop.menu.models import Week
from shop.schema import HEAD
from shop.settings.models import Setting
from shop.settings.switches import Switch, use
from shop.transaction import transaction
from shop.verify import State, run
from tests.factories import make_member, make_week

VERSIONS = sorted(path.name[:4] for path in (ROOT / "migrations" / "versions").glob("*.py"))


def differences() -> list[object]:
    """Say what a new migration would have to change."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, Base.metadata))


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def triggers() -> int:
    """Count the guards of the database."""
    where = "sqlite_master WHERE type = 'trigger'"
    if db.engine.dialect.name == "postgresql":
        where = "pg_trigger WHERE NOT tgisinternal"
    count = db.session.execute(text(f"SELECT count(*) FROM {where}")).scalar_one()
    db.session.rollback()
    return int(count)


def rows() -> dict[str, list[tuple[object, ...]]]:
    """Give all that stands in the database."""
    found = {
        name: sorted(tuple(row) for row in db.session.execute(text(f'SELECT * FROM "{name}"')))
        for name in sorted(tables())
    }
    db.session.rollback()
    return found


def test_the_newest_migration_is_the_one_that_the_server_asks_for() -> None:
    assert VERSIONS[-1] == HEAD
    assert [f"{number:04}" for number in range(1, len(VERSIONS) + 1)] == VERSIONS


@pytest.mark.usefixtures("context")
def test_migrations_build_what_the_models_say() -> None:
    assert differences() == []
    assert tables() == set(Base.metadata.tables)


@pytest.mark.tampers
@pytest.mark.usefixtures("context")
def test_the_control_a_column_too_many_is_seen() -> None:
    db.session.execute(text("ALTER TABLE week ADD COLUMN weather VARCHAR(10)"))
    db.session.commit()
    assert "weather" in str(differences())


@pytest.mark.usefixtures("context")
def test_down_to_nothing_and_up_again() -> None:
    before = triggers()
    assert before > 0
    downgrade(revision="base")
    assert tables() == set()
    assert triggers() == 0
    upgrade()
    assert differences() == []
    assert triggers() == before


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_back_and_forward_a_filled_shop_loses_nothing(version: str) -> None:
    make_member("Safran")
    make_week()
    _use_what_a_released_shop_had()
    before, guards = rows(), triggers()
    downgrade(revision=version)
    # 0006 makes an index and no guard.
    assert (triggers() < guards) is (version < "0005")
    upgrade()
    db.session.expire_all()
    assert rows() == before
    assert triggers() == guards
    assert differences() == []
    assert [
        db.session.scalar(select(Member.pseudonym)),
        len(db.session.scalars(select(Week)).one().lines),
    ] == [
        "Safran",
        3,
    ]
    assert [result for result in run() if result.state is State.BROKEN] == []


def _use_what_a_released_shop_had() -> None:
    """Keep of what is used what a shop did before the table that says so."""
    with transaction():
        db.session.execute(delete(Setting).where(Setting.key == "uses"))
        use([Switch.DELIVERY, Switch.CREDIT], date(2025, 1, 1))


def test_without_migrations_the_command_line_says_what_to_do(app: Flask) -> None:
    with app.app_context():
        downgrade(revision=VERSIONS[-2])
    said = app.test_cli_runner().invoke(args=["shop", "member", "add", "safran", "--role", "cook"])
    assert said.exit_code == 1
    assert said.stderr == "Error: the database is not up to date: run `shop upgrade` first.\n"
    with app.app_context():
        upgrade()
