"""What a meeting decides needs two members, and falls when one disagrees; advances; the SECU's share.

A decision is written once: afterwards it is only ever confirmed, then contested.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

GUARDS = Path(__file__).parents[1] / "guards"


def upgrade() -> None:
    """Go forward. What was decided before holds as it did."""
    op.add_column("decision", sa.Column("told", sa.LargeBinary(), nullable=True))
    op.add_column("decision", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("decision", sa.Column("contested_at", sa.DateTime(timezone=True), nullable=True))
    connection = op.get_bind()
    connection.execute(sa.text("UPDATE decision SET confirmed_at = decided_at"))
    with op.batch_alter_table("settlement") as batch:
        batch.add_column(sa.Column("secu", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("settlement") as batch:
        batch.alter_column("secu", existing_type=sa.Integer(), server_default=None)
    with op.batch_alter_table("payout") as batch:
        batch.add_column(sa.Column("kind", sa.String(24), nullable=False, server_default="part"))
        batch.add_column(sa.Column("taken_back", sa.Integer(), nullable=False, server_default="0"))
        batch.drop_constraint("ck_payout_cents_positive", type_="check")
        batch.create_check_constraint(
            "ck_payout_cents_positive", "cents >= 0 AND taken_back >= 0 AND cents + taken_back > 0"
        )
    with op.batch_alter_table("payout") as batch:
        batch.alter_column("kind", existing_type=sa.String(24), server_default=None)
        batch.alter_column("taken_back", existing_type=sa.Integer(), server_default=None)
    for statement in guards(connection.dialect.name):
        connection.execute(sa.text(statement))


def downgrade() -> None:
    """Go back. Decisions that nobody confirmed, or that were contested, have no place there: they go."""
    connection = op.get_bind()
    drop_guards(connection)
    connection.execute(
        sa.text(
            "DELETE FROM decision WHERE (confirmed_at IS NULL OR contested_at IS NOT NULL)"
            " AND id NOT IN (SELECT decision_id FROM settlement)"
        )
    )
    with op.batch_alter_table("payout") as batch:
        batch.drop_constraint("ck_payout_cents_positive", type_="check")
        batch.drop_column("taken_back")
        batch.drop_column("kind")
    connection.execute(sa.text("DELETE FROM payout WHERE cents = 0"))
    with op.batch_alter_table("payout") as batch:
        batch.create_check_constraint("ck_payout_cents_positive", "cents > 0")
    with op.batch_alter_table("settlement") as batch:
        batch.drop_column("secu")
    for column in ("contested_at", "confirmed_at", "told"):
        op.drop_column("decision", column)


def guards(dialect: str) -> list[str]:
    """Read the statements that make the guards of decisions."""
    return (GUARDS / f"decisions.{dialect}.sql").read_text(encoding="utf-8").split("\n----\n")


def drop_guards(connection: sa.Connection) -> None:
    """Take the guards of decisions away."""
    if connection.dialect.name == "sqlite":
        for trigger in ("decision_begins", "decision_is_written_once", "decision_stays"):
            connection.execute(sa.text(f"DROP TRIGGER {trigger}"))
        return
    connection.execute(sa.text("DROP FUNCTION decision_guard CASCADE"))
