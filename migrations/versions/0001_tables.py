"""tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""

    op.create_table(
        "account",
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "asset",
                "liability",
                "equity",
                "income",
                "expense",
                name="accounttype",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("pcmn", sa.String(length=8), nullable=False),
        sa.Column("cash_heading", sa.String(length=40), nullable=False),
        sa.Column("statement_heading", sa.String(length=40), nullable=False),
        sa.Column("never_negative", sa.Boolean(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_account")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "activity",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=False),
        sa.Column("result_account", sa.String(length=6), nullable=False),
        sa.Column("cash_account", sa.String(length=6), nullable=False),
        sa.Column("sharing", sa.String(length=12), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_activity")),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_key"), ["key"], unique=False)

    op.create_table(
        "dish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "starter",
                "main",
                "dessert",
                "drink",
                name="dishkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.Column("diets", sa.JSON(), nullable=False),
        sa.Column("allergens", sa.JSON(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dish")),
    )
    op.create_table(
        "journal_entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("idempotency_key", sa.String(length=80), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "opening",
                "hand_over",
                "payment",
                "no_show",
                "cost",
                "reimbursement",
                "gift",
                "count",
                "settlement",
                "reversal",
                name="entrykind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("document", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("reverses", sa.Integer(), nullable=True),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("hash_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["reverses"], ["journal_entry.seq"], name=op.f("fk_journal_entry_reverses")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_journal_entry_idempotency_key")),
        sa.UniqueConstraint("reverses", name=op.f("uq_journal_entry_reverses")),
    )
    with op.batch_alter_table("journal_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_entry_date"), ["date"], unique=False)
        batch_op.create_index(batch_op.f("ix_journal_entry_document"), ["document"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("message_id", sa.String(length=60), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("key", name=op.f("uq_letter_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_letter_message_id")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index("ix_letter_sent_due", ["sent_at", "due_at"], unique=False)

    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pseudonym", sa.String(length=24), nullable=False),
        sa.Column("emblem", sa.String(length=16), nullable=False),
        sa.Column("passphrase", sa.LargeBinary(), nullable=True),
        sa.Column("subject", sa.LargeBinary(), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("emblem", name=op.f("uq_member_emblem")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_member_pseudonym")),
    )
    op.create_table(
        "period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period")),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    op.create_table(
        "week",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=8), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "cancelled",
                "closed",
                name="weekstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.Column("delivery_fee", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("wall_token_hash", sa.String(length=64), nullable=True),
        sa.CheckConstraint("cap >= 0", name=op.f("ck_week_cap_not_negative")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_week_opens_before_it_closes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_week")),
        sa.UniqueConstraint("label", name=op.f("uq_week_label")),
        sa.UniqueConstraint("wall_token_hash", name=op.f("uq_week_wall_token_hash")),
    )
    with op.batch_alter_table("week", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_week_closes_at"), ["closes_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_week_opens_at"), ["opens_at"], unique=False)

    op.create_table(
        "balance",
        sa.Column("account", sa.String(length=6), nullable=False),
        sa.Column("activity", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=24), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.code"], name=op.f("fk_balance_account")),
        sa.ForeignKeyConstraint(["activity"], ["activity.code"], name=op.f("fk_balance_activity")),
        sa.PrimaryKeyConstraint("account", "activity", "subject", name=op.f("pk_balance")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cost",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(length=32), nullable=False),
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "ingredients",
                "packaging",
                "kitchen",
                "transport",
                name="costkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum("box", "pocket", name="costsource", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("shop", sa.String(length=40), nullable=False),
        sa.Column("regular", sa.Boolean(), nullable=False),
        sa.Column("payer", sa.LargeBinary(), nullable=True),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("repaid", sa.Integer(), nullable=True),
        sa.CheckConstraint("cents > 0", name=op.f("ck_cost_cents_positive")),
        sa.ForeignKeyConstraint(["entry"], ["journal_entry.seq"], name=op.f("fk_cost_entry")),
        sa.ForeignKeyConstraint(["repaid"], ["journal_entry.seq"], name=op.f("fk_cost_repaid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost")),
        sa.UniqueConstraint("entry", name=op.f("uq_cost_entry")),
        sa.UniqueConstraint("form_id", name=op.f("uq_cost_form_id")),
        sa.UniqueConstraint("repaid", name=op.f("uq_cost_repaid")),
    )
    with op.batch_alter_table("cost", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cost_week"), ["week"], unique=False)

    op.create_table(
        "count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=6), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("pieces", sa.JSON(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("at_seq", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.code"], name=op.f("fk_count_account")),
        sa.ForeignKeyConstraint(["entry"], ["journal_entry.seq"], name=op.f("fk_count_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count")),
    )
    op.create_table(
        "cycle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity", sa.String(length=12), nullable=False),
        sa.Column("label", sa.String(length=24), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("closed_seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["activity"], ["activity.code"], name=op.f("fk_cycle_activity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle")),
        sa.UniqueConstraint("label", name=op.f("uq_cycle_label")),
    )
    op.create_table(
        "kitchen_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["week_id"], ["week.id"], name=op.f("fk_kitchen_sheet_week_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kitchen_sheet")),
        sa.UniqueConstraint("week_id", "version", name=op.f("uq_kitchen_sheet_week_id_version")),
    )
    op.create_table(
        "member_role",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("activity", sa.String(length=12), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "organiser",
                "cook",
                "courier",
                "treasurer",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["activity"], ["activity.code"], name=op.f("fk_member_role_activity")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_role_member_id")),
        sa.PrimaryKeyConstraint("member_id", "activity", "role", name=op.f("pk_member_role")),
    )
    op.create_table(
        "menu_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week_id", sa.Integer(), nullable=False),
        sa.Column("dish_id", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=True),
        sa.CheckConstraint("price >= 0", name=op.f("ck_menu_line_price_not_negative")),
        sa.ForeignKeyConstraint(["dish_id"], ["dish.id"], name=op.f("fk_menu_line_dish_id")),
        sa.ForeignKeyConstraint(["week_id"], ["week.id"], name=op.f("fk_menu_line_week_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_menu_line")),
        sa.UniqueConstraint("week_id", "dish_id", name=op.f("uq_menu_line_week_id_dish_id")),
        sa.UniqueConstraint("week_id", "letter", name=op.f("uq_menu_line_week_id_letter")),
    )
    with op.batch_alter_table("menu_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_menu_line_dish_id"), ["dish_id"], unique=False)

    op.create_table(
        "pickup_slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["week_id"], ["week.id"], name=op.f("fk_pickup_slot_week_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pickup_slot")),
    )
    with op.batch_alter_table("pickup_slot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pickup_slot_week_id"), ["week_id"], unique=False)

    op.create_table(
        "posting",
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=6), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("activity", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=24), nullable=True),
        sa.CheckConstraint("cents <> 0", name=op.f("ck_posting_not_zero")),
        sa.ForeignKeyConstraint(["account"], ["account.code"], name=op.f("fk_posting_account")),
        sa.ForeignKeyConstraint(["activity"], ["activity.code"], name=op.f("fk_posting_activity")),
        sa.ForeignKeyConstraint(["entry"], ["journal_entry.seq"], name=op.f("fk_posting_entry")),
        sa.PrimaryKeyConstraint("entry", "line", name=op.f("pk_posting")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.create_index("ix_posting_account_entry", ["account", "entry"], unique=False)

    op.create_table(
        "settlement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity", sa.String(length=12), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=False),
        sa.Column("distributable", sa.Integer(), nullable=False),
        sa.Column("shared", sa.Integer(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("until_seq", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("inputs", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["activity"], ["activity.code"], name=op.f("fk_settlement_activity")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_settlement_decision_id")),
        sa.ForeignKeyConstraint(["entry"], ["journal_entry.seq"], name=op.f("fk_settlement_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement")),
        sa.UniqueConstraint("entry", name=op.f("uq_settlement_entry")),
    )
    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_sign_in_member_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_member_id"), ["member_id"], unique=False)

    op.create_table(
        "sign_in_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["member.id"], name=op.f("fk_sign_in_link_asked_by")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["member.id"], name=op.f("fk_sign_in_link_confirmed_by")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_sign_in_link_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_link_token_hash")),
    )
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_link_member_id"), ["member_id"], unique=False)

    op.create_table(
        "customer_order",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("week_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "placed",
                "packed",
                "picked_up",
                "delivered",
                "no_show",
                "cancelled",
                name="orderstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "web",
                "spoken",
                "desk",
                "team",
                name="ordersource",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("slot_id", sa.Integer(), nullable=True),
        sa.Column("delivery_fee", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("form_id", sa.String(length=40), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["slot_id"], ["pickup_slot.id"], name=op.f("fk_customer_order_slot_id")),
        sa.ForeignKeyConstraint(["week_id"], ["week.id"], name=op.f("fk_customer_order_week_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_customer_order")),
        sa.UniqueConstraint("form_id", name=op.f("uq_customer_order_form_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_customer_order_token_hash")),
    )
    with op.batch_alter_table("customer_order", schema=None) as batch_op:
        batch_op.create_index("ix_customer_order_week_state", ["week_id", "state"], unique=False)

    op.create_table(
        "settlement_cycle",
        sa.Column("settlement_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_settlement_cycle_cycle_id")),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["settlement.id"], name=op.f("fk_settlement_cycle_settlement_id")
        ),
        sa.PrimaryKeyConstraint("settlement_id", "cycle_id", name=op.f("pk_settlement_cycle")),
    )
    op.create_table(
        "contact",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("trimmed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["customer_order.number"], name=op.f("fk_contact_number")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_contact")),
    )
    op.create_table(
        "order_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_line_quantity_positive")),
        sa.ForeignKeyConstraint(["line_id"], ["menu_line.id"], name=op.f("fk_order_line_line_id")),
        sa.ForeignKeyConstraint(["number"], ["customer_order.number"], name=op.f("fk_order_line_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
        sa.UniqueConstraint("number", "line_id", name=op.f("uq_order_line_number_line_id")),
    )
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_line_line_id"), ["line_id"], unique=False)


def downgrade() -> None:
    """Go back."""

    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_line_line_id"))

    op.drop_table("order_line")
    op.drop_table("contact")
    op.drop_table("settlement_cycle")
    with op.batch_alter_table("customer_order", schema=None) as batch_op:
        batch_op.drop_index("ix_customer_order_week_state")

    op.drop_table("customer_order")
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_link_member_id"))

    op.drop_table("sign_in_link")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_member_id"))

    op.drop_table("sign_in")
    op.drop_table("settlement")
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.drop_index("ix_posting_account_entry")

    op.drop_table("posting")
    with op.batch_alter_table("pickup_slot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pickup_slot_week_id"))

    op.drop_table("pickup_slot")
    with op.batch_alter_table("menu_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_menu_line_dish_id"))

    op.drop_table("menu_line")
    op.drop_table("member_role")
    op.drop_table("kitchen_sheet")
    op.drop_table("cycle")
    op.drop_table("count")
    with op.batch_alter_table("cost", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cost_week"))

    op.drop_table("cost")
    op.drop_table("balance")
    with op.batch_alter_table("week", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_week_opens_at"))
        batch_op.drop_index(batch_op.f("ix_week_closes_at"))

    op.drop_table("week")
    op.drop_table("revision")
    op.drop_table("period")
    op.drop_table("member")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index("ix_letter_sent_due")

    op.drop_table("letter")
    with op.batch_alter_table("journal_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_journal_entry_document"))
        batch_op.drop_index(batch_op.f("ix_journal_entry_date"))

    op.drop_table("journal_entry")
    op.drop_table("dish")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_key"))

    op.drop_table("decision")
    op.drop_table("activity")
    op.drop_table("account")
