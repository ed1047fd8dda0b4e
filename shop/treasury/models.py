"""Where money came from and went, with what shows it: costs, movements, receipts; who holds which box."""

from datetime import date

from sqlalchemy import CheckConstraint, Enum, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.extensions import Base
from shop.treasury.rules import CostKind, MovementKind
from shop.vault import Envelope, Sealed


# No CHECK on these: each later kind would need the table rebuilt.
def _stored(kinds: type[CostKind] | type[MovementKind]) -> Enum:
    return Enum(kinds, native_enum=False, length=24, values_callable=lambda all_: [one.value for one in all_])


class Cost(Base):
    """A cost in cents of one seller (`activity`), the source that its entry cites.

    `week` is the label of the week that it was for. `paid_from` is the account of the box or bank, of the
    members' pockets or of the suppliers that wait. `shop` names a shop and never a person. `payer` seals the
    id of the member whose pocket it was, until the entry `repaid`, which also pays a supplier's bill. A
    `regular` cost is proposed each week.
    """

    __tablename__ = "cost"
    __table_args__ = (CheckConstraint("cents > 0", name="cents_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[str] = mapped_column(String(32), unique=True)
    week: Mapped[str] = mapped_column(String(8), index=True)
    spent_on: Mapped[date]
    activity: Mapped[str] = mapped_column(ForeignKey("activity.code"))
    kind: Mapped[CostKind] = mapped_column(_stored(CostKind))
    paid_from: Mapped[str] = mapped_column(ForeignKey("account.code"))
    cents: Mapped[int]
    shop: Mapped[str] = mapped_column(String(40), default="")
    regular: Mapped[bool] = mapped_column(default=False)
    payer: Mapped[Sealed | None] = mapped_column(Envelope("cost.payer"))
    entry: Mapped[int] = mapped_column(ForeignKey("journal_entry.seq"), unique=True)
    repaid: Mapped[int | None] = mapped_column(ForeignKey("journal_entry.seq"), unique=True)

    lines: Mapped[list["CostLine"]] = relationship(order_by="CostLine.line", lazy="selectin")


class CostLine(Base):
    """A line of a receipt, where somebody asked for lines; together they are the cost."""

    __tablename__ = "cost_line"
    __table_args__ = (CheckConstraint("cents > 0", name="cents_positive"),)

    cost_id: Mapped[int] = mapped_column(ForeignKey("cost.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[CostKind] = mapped_column(_stored(CostKind))
    cents: Mapped[int]
    goods: Mapped[str] = mapped_column(String(40), default="")


class Movement(Base):
    """Money that moved and was no cost: a gift, cash brought to the bank, one seller paying the other.

    `activity` is the seller's whose books it is in; `fund` is the account that a gift is earmarked for.
    """

    __tablename__ = "movement"
    __table_args__ = (CheckConstraint("cents > 0", name="cents_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[MovementKind] = mapped_column(_stored(MovementKind))
    activity: Mapped[str] = mapped_column(ForeignKey("activity.code"))
    happened_on: Mapped[date]
    cents: Mapped[int]
    from_account: Mapped[str | None] = mapped_column(ForeignKey("account.code"))
    to_account: Mapped[str | None] = mapped_column(ForeignKey("account.code"))
    fund: Mapped[str | None] = mapped_column(ForeignKey("account.code"))
    entry: Mapped[int] = mapped_column(ForeignKey("journal_entry.seq"), unique=True)


class BoxHolder(Base):
    """Which member holds a cash box, and the count at which they took it; who held it before is not kept."""

    __tablename__ = "box_holder"

    account: Mapped[str] = mapped_column(ForeignKey("account.code"), primary_key=True)
    holder: Mapped[Sealed] = mapped_column(Envelope("box_holder.holder"))
    since_on: Mapped[date]
    count_id: Mapped[int | None] = mapped_column(ForeignKey("count.id"))


class Receipt(Base):
    """A page of what shows a cost of a seller: a picture drawn anew, sealed, and the same one small.

    `form_id` is the cost's, which may still be a form that was refused. Pages count from 1.
    """

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("form_id", "page"),)

    token: Mapped[str] = mapped_column(String(22), primary_key=True)
    form_id: Mapped[str] = mapped_column(String(32))
    activity: Mapped[str] = mapped_column(ForeignKey("activity.code"))
    page: Mapped[int]
    added_on: Mapped[date]
    thumbnail: Mapped[Sealed] = mapped_column(Envelope("receipt.thumbnail"))
    content: Mapped[Sealed] = mapped_column(Envelope("receipt.content"))
