"""Books that a treasurer keeps alone: who paid a cost, movements, receipts, boxes, payouts, settings.

A lock on past days is set and never taken off, so `period` is guarded too.
"""

from datetime import date
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

GUARDS = Path(__file__).parents[1] / "guards"

HEADINGS = {
    # In a box of the other seller's, this is money that comes in or goes out, and not a transfer.
    "499100": ("Transferts internes", "Autres recettes"),
    # What a fund gives back stands against what was spent of it.
    "791100": ("Autres recettes", "Autres dépenses"),
}
"""By account: the heading in the cash journal before and after."""

SINCE = date(2025, 1, 1)

INDEXES = (
    ("ix_posting_activity_entry", "posting", ["activity", "entry"]),
    ("ix_posting_cents_entry", "posting", ["cents", "entry"]),
)
"""What the journal of a seller is paged and searched by."""

BRINGS = "EXISTS (SELECT 1 FROM week WHERE delivery_fee IS NOT NULL)"
USED = {
    '["delivery", "credit"]': BRINGS,
    '["credit"]': f"EXISTS (SELECT 1 FROM week) AND NOT {BRINGS}",
}
"""What a shop used before one could say so, and how that is seen."""

MONEY = {"box": "570100", "pocket": "489200"}

KINDS = ("ingredients", "packaging", "kitchen", "transport")


def upgrade() -> None:
    """Go forward."""
    _make_tables()
    _move_costs()
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    connection = op.get_bind()
    for account, (_, heading) in HEADINGS.items():
        _set_heading(connection, account, heading)
    connection.execute(
        sa.text("INSERT INTO setting (key, holds_from, value) VALUES ('vat-franchise', :day, '2500000')"),
        {"day": SINCE},
    )
    # A shop that has begun goes on as it did: what is off leaves no trace.
    for used, begun in USED.items():
        row = f"SELECT 'uses', :day, '{used}' WHERE {begun}"
        connection.execute(sa.text(f"INSERT INTO setting (key, holds_from, value) {row}"), {"day": SINCE})
    for statement in guards(connection.dialect.name):
        connection.execute(sa.text(statement))


def downgrade() -> None:
    """Go back. What no earlier table can hold is gone: movements, receipts, settings and who holds a box."""
    connection = op.get_bind()
    drop_guards(connection)
    for account, (heading, _) in HEADINGS.items():
        _set_heading(connection, account, heading)
    for name, table, _ in INDEXES:
        op.drop_index(name, table_name=table)
    with op.batch_alter_table("cost") as batch:
        batch.add_column(sa.Column("source", sa.String(24), nullable=False, server_default="box"))
    connection.execute(sa.text("UPDATE cost SET source = 'pocket' WHERE paid_from = '489200'"))
    source = sa.Enum(*MONEY, name="costsource", native_enum=False, create_constraint=True, length=24)
    kind = sa.Enum(*KINDS, name="costkind", native_enum=False, create_constraint=True, length=24)
    with op.batch_alter_table("cost") as batch:
        batch.alter_column("source", type_=source, existing_nullable=False, server_default=None)
        batch.alter_column("kind", type_=kind, existing_nullable=False)
        batch.drop_constraint("fk_cost_activity", type_="foreignkey")
        batch.drop_constraint("fk_cost_paid_from", type_="foreignkey")
        batch.drop_column("paid_from")
        batch.drop_column("activity")
    for table in ("payout", "receipt", "cost_line", "movement", "box_holder", "setting"):
        op.drop_table(table)


def _make_tables() -> None:
    op.create_table(
        "setting",
        sa.Column("key", sa.String(24), nullable=False),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", "holds_from", name="pk_setting"),
    )
    op.create_table(
        "box_holder",
        sa.Column("account", sa.String(6), nullable=False),
        sa.Column("holder", sa.LargeBinary(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("count_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.code"], name="fk_box_holder_account"),
        sa.ForeignKeyConstraint(["count_id"], ["count.id"], name="fk_box_holder_count_id"),
        sa.PrimaryKeyConstraint("account", name="pk_box_holder"),
    )
    op.create_table(
        "movement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("activity", sa.String(12), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("from_account", sa.String(6), nullable=True),
        sa.Column("to_account", sa.String(6), nullable=True),
        sa.Column("fund", sa.String(6), nullable=True),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.CheckConstraint("cents > 0", name="ck_movement_cents_positive"),
        sa.ForeignKeyConstraint(["activity"], ["activity.code"], name="fk_movement_activity"),
        sa.ForeignKeyConstraint(["from_account"], ["account.code"], name="fk_movement_from_account"),
        sa.ForeignKeyConstraint(["to_account"], ["account.code"], name="fk_movement_to_account"),
        sa.ForeignKeyConstraint(["fund"], ["account.code"], name="fk_movement_fund"),
        sa.ForeignKeyConstraint(["entry"], ["journal_entry.seq"], name="fk_movement_entry"),
        sa.PrimaryKeyConstraint("id", name="pk_movement"),
        sa.UniqueConstraint("form_id", name="uq_movement_form_id"),
        sa.UniqueConstraint("entry", name="uq_movement_entry"),
    )
    op.create_table(
        "cost_line",
        sa.Column("cost_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("goods", sa.String(40), nullable=False),
        sa.CheckConstraint("cents > 0", name="ck_cost_line_cents_positive"),
        sa.ForeignKeyConstraint(["cost_id"], ["cost.id"], name="fk_cost_line_cost_id"),
        sa.PrimaryKeyConstraint("cost_id", "line", name="pk_cost_line"),
    )
    op.create_table(
        "receipt",
        sa.Column("token", sa.String(22), nullable=False),
        sa.Column("form_id", sa.String(32), nullable=False),
        sa.Column("activity", sa.String(12), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["activity"], ["activity.code"], name="fk_receipt_activity"),
        sa.PrimaryKeyConstraint("token", name="pk_receipt"),
        sa.UniqueConstraint("form_id", "page", name="uq_receipt_form_id_page"),
    )
    op.create_table(
        "payout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(24), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.CheckConstraint("cents > 0", name="ck_payout_cents_positive"),
        sa.ForeignKeyConstraint(["entry"], ["journal_entry.seq"], name="fk_payout_entry"),
        sa.PrimaryKeyConstraint("id", name="pk_payout"),
        sa.UniqueConstraint("form_id", name="uq_payout_form_id"),
        sa.UniqueConstraint("entry", name="uq_payout_entry"),
    )
    op.create_index("ix_payout_subject", "payout", ["subject"])


def _move_costs() -> None:
    """Say of each cost which account paid it, and for whom."""
    with op.batch_alter_table("cost") as batch:
        batch.add_column(sa.Column("activity", sa.String(12), nullable=False, server_default="meals"))
        batch.add_column(sa.Column("paid_from", sa.String(6), nullable=False, server_default="570100"))
    op.get_bind().execute(sa.text("UPDATE cost SET paid_from = '489200' WHERE source = 'pocket'"))
    with op.batch_alter_table("cost") as batch:
        batch.alter_column("activity", existing_type=sa.String(12), server_default=None)
        batch.alter_column("paid_from", existing_type=sa.String(6), server_default=None)
        batch.drop_constraint("costsource", type_="check")
        batch.drop_constraint("costkind", type_="check")
        batch.drop_column("source")
        batch.create_foreign_key("fk_cost_activity", "activity", ["activity"], ["code"])
        batch.create_foreign_key("fk_cost_paid_from", "account", ["paid_from"], ["code"])


def _set_heading(connection: sa.Connection, account: str, heading: str) -> None:
    connection.execute(
        sa.text("UPDATE account SET cash_heading = :heading WHERE code = :account"),
        {"heading": heading, "account": account},
    )


def guards(dialect: str) -> list[str]:
    """Read the statements that make the guards of the locks."""
    return (GUARDS / f"periods.{dialect}.sql").read_text(encoding="utf-8").split("\n----\n")


def drop_guards(connection: sa.Connection) -> None:
    """Take the guards of the locks away."""
    if connection.dialect.name == "sqlite":
        for trigger in ("period_begins", "period_is_fixed", "period_stays"):
            connection.execute(sa.text(f"DROP TRIGGER {trigger}"))
        return
    connection.execute(sa.text("DROP FUNCTION period_refuse CASCADE"))
