"""Letters: written in the transaction that causes them, sent later, and nothing lost in between."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Index, Select, String, Table, bindparam, delete, insert, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Base, db, read
from shop.vault import Envelope, Sealed

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)


class Letter(Base):
    """A letter to send; `key` makes the same cause write one letter, however often it is delivered.

    `sealed` holds `to`, `subject`, `text` and `html`, and is emptied once the letter is delivered. A repeat
    has the same `message_id`. Nobody touches it before `held_until`: somebody sends it, or tried in vain.
    """

    __tablename__ = "letter"
    __table_args__ = (Index("ix_letter_sent_due", "sent_at", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    message_id: Mapped[str] = mapped_column(String(60), unique=True)
    sealed: Mapped[Sealed | None] = mapped_column(Envelope("letter.sealed"))
    due_at: Mapped[datetime]
    held_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]


_LETTERS = cast(Table, Letter.__table__)
_WRITTEN = select(Letter.id).where(Letter.key == bindparam("key"))


@dataclass(frozen=True)
class Claimed:
    """A letter in the hands of who claimed it: `content` has `to`, `subject`, `text` and maybe `html`."""

    id: int
    message_id: str
    content: Mapping[str, str]


def write_letter(key: str, sealed: Sealed, due_at: datetime) -> None:
    """Put a letter into the outbox, within the transaction that causes it; once for each key."""
    if read(_WRITTEN, {"key": key}).first() is None:
        row = {"key": key, "message_id": f"{uuid.uuid4()}@tablee", "sealed": sealed, "due_at": due_at}
        db.session.execute(insert(_LETTERS), {**row, "tries": 0})


def anything_due(now: datetime) -> bool:
    """Say whether a letter waits to be sent."""
    return db.session.scalars(_due(now).limit(1)).first() is not None


def claim(now: datetime, until: datetime, at_most: int) -> list[Claimed]:
    """Hand out letters that are due, so that nobody else gets them before `until`.

    A letter whose key was forgotten can never be read again, so it is thrown away.
    """
    claimed = []
    for letter in db.session.scalars(_due(now).order_by(Letter.due_at, Letter.id).limit(at_most)).all():
        if letter.sealed is None or letter.sealed.value is None:
            db.session.delete(letter)
            continue
        letter.held_until = until
        claimed.append(Claimed(letter.id, letter.message_id, letter.sealed.value))
    db.session.flush()
    return claimed


def note_sent(letter_id: int, now: datetime) -> None:
    """Note a delivery and empty the letter; one that was erased meanwhile is no matter."""
    letter = db.session.get(Letter, letter_id)
    if letter is not None:
        letter.sent_at, letter.sealed, letter.held_until = now, None, None


def put_off(letter_id: int, now: datetime) -> None:
    """Note a failure; the next try comes after a pause that grows from half a minute to an hour."""
    letter = db.session.get(Letter, letter_id)
    if letter is not None:
        letter.held_until = now + min(FIRST_PAUSE * 2 ** min(letter.tries, 10), LONGEST_PAUSE)
        letter.tries += 1


def release(letter_ids: list[int]) -> None:
    """Give back letters that were claimed and not tried."""
    for letter in db.session.scalars(select(Letter).where(Letter.id.in_(letter_ids))):
        letter.held_until = None


def discard(prefix: str) -> None:
    """Throw away every letter whose key begins so, such as `order:1042:`, sent or not."""
    db.session.execute(delete(Letter).where(Letter.key.startswith(prefix, autoescape=True)))


def _due(now: datetime) -> Select[Letter]:
    free = or_(Letter.held_until.is_(None), Letter.held_until <= now)
    return select(Letter).where(Letter.sent_at.is_(None), Letter.due_at <= now, free)
