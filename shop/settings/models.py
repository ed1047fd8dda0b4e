"""Settings as rows with dates."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Base


class Setting(Base):
    """A value from a day on, until a later row of the same key."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(24), primary_key=True)
    holds_from: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
