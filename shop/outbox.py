"""Letters: written in the transaction that causes them, sent later, and nothing lost in between."""

import uuid
from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Base, db
from shop.vault import Envelope, Sealed


class Letter(Base):
    """A letter to send; `key` makes the same cause write one letter, however often it is delivered.

    `sealed` holds `to`, `subject`, `text` and `html`, and is emptied once the letter is delivered. A repeat has the same
    `message_id`.
    """

    __tablename__ = "letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    message_id: Mapped[str] = mapped_column(String(60), unique=True)
    sealed: Mapped[Sealed | None] = mapped_column(Envelope("letter.sealed"))
    due_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]


def write_letter(key: str, sealed: Sealed, due_at: datetime) -> None:
    """Put a letter into the outbox, within the transaction that causes it."""
    db.session.add(Letter(key=key, message_id=f"{uuid.uuid4()}@tablee", sealed=sealed, due_at=due_at))
