"""Orders, their lines, and the contact that is kept apart and forgotten."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.extensions import Base
from shop.menu.models import MenuLine, PickupSlot, Week
from shop.orders.rules import OrderSource, OrderState
from shop.vault import Envelope, Sealed


class Order(Base):
    """An order. `number` is what people say; `token_hash` stands for its private link.

    `slot_id` is None for a delivery, whose `delivery_fee` in cents stands as it was.
    `form_id` makes ten clicks one order.
    """

    __tablename__ = "customer_order"
    __table_args__ = (Index("ix_customer_order_week_state", "week_id", "state"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    week_id: Mapped[int] = mapped_column(ForeignKey("week.id"))
    state: Mapped[OrderState] = mapped_column(default=OrderState.PLACED)
    source: Mapped[OrderSource]
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("pickup_slot.id"))
    delivery_fee: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(2), default="fr")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    form_id: Mapped[str] = mapped_column(String(40), unique=True)
    placed_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)

    week: Mapped[Week] = relationship()
    slot: Mapped[PickupSlot | None] = relationship()
    lines: Mapped[list["OrderLine"]] = relationship(
        order_by="OrderLine.line_id", cascade="all, delete-orphan", lazy="selectin"
    )
    contact: Mapped["Contact | None"] = relationship(cascade="all, delete-orphan", back_populates="order")


class OrderLine(Base):
    """Portions of one dish at the price it had when ordered, in cents."""

    __tablename__ = "order_line"
    __table_args__ = (
        UniqueConstraint("number", "line_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(ForeignKey("customer_order.number"))
    line_id: Mapped[int] = mapped_column(ForeignKey("menu_line.id"), index=True)
    quantity: Mapped[int]
    unit_price: Mapped[int]

    line: Mapped[MenuLine] = relationship()


class Contact(Base):
    """Who ordered, sealed with the week's key.

    `name`, `email`, `phone`, `street`, `bell`, `postcode`, `note`, `without` (keys of `menu.rules.ALLERGENS`,
    spaces between). A row of its own, so that it is deleted while the order stays. `trimmed` once all but
    `name`, `email` and `phone`, which serve what is still owed, was forgotten.
    """

    __tablename__ = "contact"

    number: Mapped[int] = mapped_column(ForeignKey("customer_order.number"), primary_key=True)
    sealed: Mapped[Sealed] = mapped_column(Envelope("contact.sealed"))
    trimmed: Mapped[bool] = mapped_column(default=False)

    order: Mapped[Order] = relationship(back_populates="contact")
