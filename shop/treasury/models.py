"""What was bought, for which week, and out of which box or pocket."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Base
from shop.treasury.rules import CostKind, CostSource
from shop.vault import Envelope, Sealed


class Cost(Base):
    """A cost in cents, the source that its entry cites.

    `week` is the label of the week that it was for. `shop` names a shop and never a person. `payer` seals the
    id of the member whose pocket it was, until the entry `repaid`. A `regular` cost is proposed each week.
    """

    __tablename__ = "cost"
    __table_args__ = (CheckConstraint("cents > 0", name="cents_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[str] = mapped_column(String(32), unique=True)
    week: Mapped[str] = mapped_column(String(8), index=True)
    spent_on: Mapped[date]
    kind: Mapped[CostKind]
    source: Mapped[CostSource]
    cents: Mapped[int]
    shop: Mapped[str] = mapped_column(String(40), default="")
    regular: Mapped[bool] = mapped_column(default=False)
    payer: Mapped[Sealed | None] = mapped_column(Envelope("cost.payer"))
    entry: Mapped[int] = mapped_column(ForeignKey("journal_entry.seq"), unique=True)
    repaid: Mapped[int | None] = mapped_column(ForeignKey("journal_entry.seq"), unique=True)
