"""Settlements: what was shared, from which weeks, under which frozen inputs; and parts paid out."""

from datetime import date

from sqlalchemy import CheckConstraint, Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.extensions import Base
from shop.ledger.books.models import Cycle
from shop.ledger.sharing.rules import PayoutKind
from shop.vault import Envelope, Sealed


class Settlement(Base):
    """A division of money by need; the cents of each part stand in its entry, against opaque subjects.

    `inputs` seals what it was computed from: `weights` (hundredths) and `carry` (fractions of cents, as text)
    by subject. `secu` is what went to the SECU first, beside `shared`. `from_seq` to `until_seq` are the
    entries since the settlement before. `entry` is None where nothing was shared and everything waits for the
    next time.
    """

    __tablename__ = "settlement"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity: Mapped[str] = mapped_column(ForeignKey("activity.code"))
    label: Mapped[str] = mapped_column(String(40))
    settled_on: Mapped[date]
    distributable: Mapped[int]
    shared: Mapped[int]
    secu: Mapped[int] = mapped_column(default=0)
    from_seq: Mapped[int]
    until_seq: Mapped[int]
    entry: Mapped[int | None] = mapped_column(ForeignKey("journal_entry.seq"), unique=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    inputs: Mapped[Sealed] = mapped_column(Envelope("settlement.inputs"))

    cycles: Mapped[list[Cycle]] = relationship(secondary="settlement_cycle", order_by=Cycle.starts_on)


class SettlementCycle(Base):
    """A closed week that a settlement divides."""

    __tablename__ = "settlement_cycle"

    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlement.id"), primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), primary_key=True)


class Payout(Base):
    """Cash handed to an opaque subject, in cents: of their part, or before there is one, as an advance.

    `taken_back` is what the part paid back of their advances. `confirmed` is the tap of who received it;
    without it the money was handed over and nobody said so yet.
    """

    __tablename__ = "payout"
    __table_args__ = (
        CheckConstraint("cents >= 0 AND taken_back >= 0 AND cents + taken_back > 0", name="cents_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[PayoutKind] = mapped_column(
        Enum(
            PayoutKind, native_enum=False, length=24, values_callable=lambda kind: [one.value for one in kind]
        ),
        default=PayoutKind.PART,
    )
    taken_back: Mapped[int] = mapped_column(default=0)
    subject: Mapped[str] = mapped_column(String(24), index=True)
    cents: Mapped[int]
    paid_on: Mapped[date]
    confirmed: Mapped[bool] = mapped_column(default=False)
    entry: Mapped[int] = mapped_column(ForeignKey("journal_entry.seq"), unique=True)
