"""Versions of the values that only a decision changes."""

from datetime import date, datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Base
from shop.vault import Envelope, Sealed


class Decision(Base):
    """A value from a week on: `key` says of what (`weights`), `holds_from` is the first day of that week.

    One member writes it, another confirms it, and from then on it holds, until any member contests it: then
    the former one holds again for all that is not settled. `told` seals who wrote it and who was there, and
    nobody's reason.
    """

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(24), index=True)
    value: Mapped[Sealed] = mapped_column(Envelope("decision.value"))
    holds_from: Mapped[date]
    decided_at: Mapped[datetime]
    told: Mapped[Sealed | None] = mapped_column(Envelope("decision.told"))
    confirmed_at: Mapped[datetime | None]
    contested_at: Mapped[datetime | None]
