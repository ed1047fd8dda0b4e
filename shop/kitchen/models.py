"""The sheets that the kitchen printed."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Base


class KitchenSheet(Base):
    """A printed kitchen sheet: `counts` maps letters to portions, so that the next one says what changed."""

    __tablename__ = "kitchen_sheet"
    __table_args__ = (UniqueConstraint("week_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    week_id: Mapped[int] = mapped_column(ForeignKey("week.id"))
    version: Mapped[int]
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    printed_at: Mapped[datetime]
