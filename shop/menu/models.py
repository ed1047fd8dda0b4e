"""Dishes on their cards, weeks, and the lines of a week's menu."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.extensions import Base
from shop.menu.rules import DishKind, WeekState


class Dish(Base):
    """A card: names and contents per language, diet marks, allergens, and the price it had last.

    `names` and `contents` map a language's two letters to text; French is always there in `names`.
    `allergens` lists codes of `menu.rules.ALLERGENS`, `diets` of `menu.rules.DIETS`.
    """

    __tablename__ = "dish"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DishKind]
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    contents: Mapped[dict[str, str]] = mapped_column(JSON)
    diets: Mapped[list[str]] = mapped_column(JSON)
    allergens: Mapped[list[str]] = mapped_column(JSON)
    price: Mapped[int]


class Week(Base):
    """An order cycle. `label` is its ISO week; `delivery_fee` in cents, None where nothing is delivered.

    `place` is where food is picked up; it stands on private pages only.
    """

    __tablename__ = "week"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
        CheckConstraint("cap >= 0", name="cap_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(8), unique=True)
    state: Mapped[WeekState] = mapped_column(default=WeekState.DRAFT)
    opens_at: Mapped[datetime] = mapped_column(index=True)
    closes_at: Mapped[datetime] = mapped_column(index=True)
    cap: Mapped[int] = mapped_column(default=70)
    delivery_fee: Mapped[int | None]
    place: Mapped[str] = mapped_column(String(120), default="")
    wall_token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)

    slots: Mapped[list["PickupSlot"]] = relationship(
        order_by="PickupSlot.starts_at", cascade="all, delete-orphan", lazy="selectin"
    )
    lines: Mapped[list["MenuLine"]] = relationship(
        order_by="MenuLine.position", cascade="all, delete-orphan", lazy="selectin"
    )


class PickupSlot(Base):
    """When ordered food can be picked up."""

    __tablename__ = "pickup_slot"

    id: Mapped[int] = mapped_column(primary_key=True)
    week_id: Mapped[int] = mapped_column(ForeignKey("week.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class MenuLine(Base):
    """A dish on a week's menu: its letter, price in cents, and a quota in portions or None."""

    __tablename__ = "menu_line"
    __table_args__ = (
        UniqueConstraint("week_id", "letter"),
        UniqueConstraint("week_id", "dish_id"),
        CheckConstraint("price >= 0", name="price_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    week_id: Mapped[int] = mapped_column(ForeignKey("week.id"))
    dish_id: Mapped[int] = mapped_column(ForeignKey("dish.id"), index=True)
    letter: Mapped[str] = mapped_column(String(1))
    position: Mapped[int]
    price: Mapped[int]
    quota: Mapped[int | None]

    dish: Mapped[Dish] = relationship(lazy="joined")
