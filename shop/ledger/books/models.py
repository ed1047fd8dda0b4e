"""The books: accounts, sealed entries and their postings, balances, closed cycles, locks and counts."""

import datetime as dt

from sqlalchemy import JSON, CheckConstraint, Enum, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.extensions import Base
from shop.ledger.books.rules import AccountType, EntryKind

# A table without SQLite's hidden row number has no second key by which REPLACE could remove a sealed row.
NO_ROWID = {"sqlite_with_rowid": False}


class Account(Base):
    """An account of the chart; `never_negative` is read in the account's natural sign."""

    __tablename__ = "account"
    __table_args__ = NO_ROWID

    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    label: Mapped[str] = mapped_column(String(60))
    type: Mapped[AccountType]
    pcmn: Mapped[str] = mapped_column(String(8), default="")
    cash_heading: Mapped[str] = mapped_column(String(40), default="")
    statement_heading: Mapped[str] = mapped_column(String(40), default="")
    never_negative: Mapped[bool] = mapped_column(default=False)
    opened_on: Mapped[dt.date | None]
    closed_on: Mapped[dt.date | None]


class JournalEntry(Base):
    """An entry; once `sealed` the database lets nobody change it, and `hash` chains it to the one before."""

    __tablename__ = "journal_entry"
    __table_args__ = (Index("ix_journal_entry_kind_date_seq", "kind", "date", "seq"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    date: Mapped[dt.date] = mapped_column(index=True)
    recorded_on: Mapped[dt.date]
    # No CHECK: each later event would need this table rebuilt, and its guards with it.
    kind: Mapped[EntryKind] = mapped_column(
        Enum(
            EntryKind, native_enum=False, length=24, values_callable=lambda kind: [one.value for one in kind]
        )
    )
    document: Mapped[str] = mapped_column(String(40), index=True)
    label: Mapped[str] = mapped_column(String(80), default="")
    role: Mapped[str] = mapped_column(String(12))
    reverses: Mapped[int | None] = mapped_column(ForeignKey("journal_entry.seq"), unique=True)
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    hash_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bool] = mapped_column(default=False)

    postings: Mapped[list["Posting"]] = relationship(order_by="Posting.line", lazy="selectin")


class Posting(Base):
    """A leg of an entry: debit > 0, credit < 0, in cents."""

    __tablename__ = "posting"
    __table_args__ = (
        CheckConstraint("cents <> 0", name="not_zero"),
        Index("ix_posting_account_entry", "account", "entry"),
        Index("ix_posting_activity_entry", "activity", "entry"),
        Index("ix_posting_cents_entry", "cents", "entry"),
        NO_ROWID,
    )

    entry: Mapped[int] = mapped_column(ForeignKey("journal_entry.seq"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("account.code"))
    cents: Mapped[int]
    activity: Mapped[str] = mapped_column(ForeignKey("activity.code"))
    subject: Mapped[str | None] = mapped_column(String(24))


class Balance(Base):
    """What the sealed postings of an account sum to; kept by the sealing itself. `subject` is '' for none."""

    __tablename__ = "balance"
    __table_args__ = NO_ROWID

    account: Mapped[str] = mapped_column(ForeignKey("account.code"), primary_key=True)
    activity: Mapped[str] = mapped_column(ForeignKey("activity.code"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(24), primary_key=True, default="")
    cents: Mapped[int]


class Cycle(Base):
    """A closed week or beer month: what a settlement divides. It locks no day."""

    __tablename__ = "cycle"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity: Mapped[str] = mapped_column(ForeignKey("activity.code"))
    label: Mapped[str] = mapped_column(String(24), unique=True)
    starts_on: Mapped[dt.date]
    closed_on: Mapped[dt.date]
    closed_seq: Mapped[int]


class Period(Base):
    """A lock on past days that a treasurer sets."""

    __tablename__ = "period"

    id: Mapped[int] = mapped_column(primary_key=True)
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]


class Count(Base):
    """Cash as counted by notes and coins, against what the books expected; all in cents.

    `pieces` maps a note's or coin's value in cents, as text, to how many there were.
    """

    __tablename__ = "count"

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("account.code"))
    counted_on: Mapped[dt.date]
    pieces: Mapped[dict[str, int]] = mapped_column(JSON)
    counted: Mapped[int]
    expected: Mapped[int]
    at_seq: Mapped[int]
    entry: Mapped[int | None] = mapped_column(ForeignKey("journal_entry.seq"))
