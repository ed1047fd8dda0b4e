"""What is never stored: every column stands in a list written by hand, and none is called a person's."""

import pytest
from sqlalchemy import JSON, Column, Enum, ForeignKey, Integer, LargeBinary, MetaData, String, Table

from shop.extensions import Base
from shop.vault import Envelope

SEALED = {
    "box_holder.holder",
    "contact.sealed",
    "cost.payer",
    "decision.told",
    "decision.value",
    "letter.sealed",
    "member.passphrase",
    "member.subject",
    "receipt.content",
    "receipt.thumbnail",
    "settlement.inputs",
}
"""What may say something of a person stands here and is encrypted."""

WORDS = {
    "account": {"code", "label", "pcmn", "cash_heading", "statement_heading"},
    "activity": {"code", "name", "contact", "result_account", "cash_account", "sharing"},
    "balance": {"account", "activity", "subject"},
    "box_holder": {"account"},
    "cost": {"form_id", "week", "shop", "activity", "paid_from"},
    "cost_line": {"goods"},
    "count": {"account", "pieces"},
    "customer_order": {"language", "token_hash", "form_id"},
    "cycle": {"activity", "label"},
    "decision": {"key"},
    "dish": {"names", "contents", "diets", "allergens"},
    "journal_entry": {
        *("idempotency_key", "fingerprint", "document", "label", "role", "prev_hash", "hash"),
    },
    "kitchen_sheet": {"counts"},
    "letter": {"key", "message_id"},
    "member": {"pseudonym", "emblem"},
    "member_role": {"activity"},
    "menu_line": {"letter"},
    "movement": {"form_id", "activity", "from_account", "to_account", "fund"},
    "payout": {"form_id", "subject"},
    "posting": {"account", "activity", "subject"},
    "receipt": {"token", "form_id", "activity"},
    "setting": {"key", "value"},
    "settlement": {"activity", "label"},
    "sign_in": {"token_hash"},
    "sign_in_link": {"token_hash"},
    "week": {"label", "place", "wall_token_hash"},
}
"""Where words may stand in clear: of dishes, accounts, weeks, the shop; of a member the pseudonym alone."""

FORBIDDEN = {
    *("address", "age", "agent", "bank", "bell", "birth", "born", "card", "city"),
    *("country", "diet", "email", "firstname", "gender", "hours", "iban", "ip", "lastname"),
    *("legal", "mail", "name", "nation", "nationality", "need", "note", "origin", "passport"),
    *("phone", "photo", "postcode", "reason", "sex", "status", "street", "surname", "telephone"),
    *("town", "useragent", "worked", "zip"),
}
ALLOWED = {"activity.name": "the name of the shop's front, not of a person"}

OF_MEMBERS = {
    "member_role": "what they do",
    "sign_in": "that they are signed in, for 12 hours",
    "sign_in_link": "who asked for a link and who confirmed",
}
"""What points to a member. Nothing that was done for an order does: it would be a log of who worked when."""


def faults(metadata: MetaData) -> list[str]:
    """Say every column that must not be there."""
    return [fault for table in metadata.tables.values() for fault in _of_table(table)]


def _of_table(table: Table) -> list[str]:
    found = []
    for column in table.columns:
        name = f"{table.name}.{column.name}"
        if _is_binary(column) and not (isinstance(column.type, Envelope) and name in SEALED):
            found.append(f"{name} holds bytes that are not an envelope of the list")
        if isinstance(column.type, Envelope) and column.type.context != name:
            found.append(f"{name} is sealed for {column.type.context}")
        if _is_words(column) and column.name not in WORDS.get(table.name, set()):
            found.append(f"{name} may hold words and stands in no list")
        if FORBIDDEN & set(column.name.split("_")) and name not in ALLOWED:
            found.append(f"{name} says what must not be stored")
        if _points_to_member(column) and table.name not in OF_MEMBERS:
            found.append(f"{name} points to a member")
    return found


def _is_binary(column: Column[object]) -> bool:
    return isinstance(column.type, Envelope | LargeBinary)


def _is_words(column: Column[object]) -> bool:
    return isinstance(column.type, JSON) or (
        isinstance(column.type, String) and not isinstance(column.type, Enum)
    )


def _points_to_member(column: Column[object]) -> bool:
    return any(key.target_fullname.startswith("member.") for key in column.foreign_keys)


def test_every_column_is_one_of_those_that_may_be() -> None:
    assert faults(Base.metadata) == []


def test_the_lists_name_nothing_that_is_gone() -> None:
    columns = {
        f"{table.name}.{column.name}" for table in Base.metadata.tables.values() for column in table.columns
    }
    listed = {f"{table}.{column}" for table, names in WORDS.items() for column in names}
    assert (listed | SEALED | set(ALLOWED)) - columns == set()


@pytest.mark.parametrize(
    ("table", "column", "words"),
    [
        ("member", Column("phone", String(20)), "member.phone says"),
        ("member", Column("remark", String(200)), "member.remark may hold words"),
        ("member", Column("born_on", String(10)), "member.born_on says"),
        ("sign_in", Column("ip", String(40)), "sign_in.ip says"),
        ("customer_order", Column("packed_by", ForeignKey("member.id")), "points to a member"),
        ("contact", Column("photo", LargeBinary()), "not an envelope"),
        ("dish", Column("sealed", Envelope("contact.sealed")), "dish.sealed is sealed for contact.sealed"),
        ("week", Column("extra", JSON()), "week.extra may hold words"),
    ],
)
def test_a_planted_column_is_seen(table: str, column: Column[object], words: str) -> None:
    planted = MetaData()
    Table("member", planted, Column("id", Integer))
    Table(table, planted, column, extend_existing=True)
    assert any(words in fault for fault in faults(planted)), faults(planted)
