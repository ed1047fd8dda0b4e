"""Guard of the cap: the plate too many is refused by the database itself."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

GUARDS = Path(__file__).parents[1] / "guards"

NAMES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'cap#_%' ESCAPE '#'",
    "postgresql": "SELECT proname FROM pg_proc WHERE proname LIKE 'cap#_%' ESCAPE '#'",
}
DROP = {"sqlite": "DROP TRIGGER {}", "postgresql": "DROP FUNCTION {} CASCADE"}


def upgrade() -> None:
    """Go forward."""
    connection = op.get_bind()
    for statement in guards(connection.dialect.name):
        connection.execute(sa.text(statement))


def downgrade() -> None:
    """Go back."""
    drop_guards(op.get_bind())


def guards(dialect: str) -> list[str]:
    """Read the statements that make the guard in a database."""
    return (GUARDS / f"cap.{dialect}.sql").read_text(encoding="utf-8").split("\n----\n")


def drop_guards(connection: sa.Connection) -> None:
    """Take the guard away: its triggers, then the view that they read."""
    dialect = connection.dialect.name
    for name in list(connection.execute(sa.text(NAMES[dialect])).scalars()):
        connection.execute(sa.text(DROP[dialect].format(name)))
    connection.execute(sa.text("DROP VIEW week_mains"))
