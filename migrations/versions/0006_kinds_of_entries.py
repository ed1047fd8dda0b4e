"""A kind of entry is found by an index, so that a rare one is found however long the journal."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEX = "ix_journal_entry_kind_date_seq"


def upgrade() -> None:
    """Go forward."""
    op.create_index(INDEX, "journal_entry", ["kind", "date", "seq"])


def downgrade() -> None:
    """Go back."""
    op.drop_index(INDEX, "journal_entry")
