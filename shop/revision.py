"""A number that every transaction raises: what was made from the database is kept until it changes."""

from contextlib import closing

from sqlalchemy import insert, update
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Base, db


class Revision(Base):
    """The one row that counts committed transactions."""

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]


READ = "SELECT number FROM revision WHERE id = 1"
RAISE = update(Revision).where(Revision.id == 1).values(number=Revision.number + 1)


def current() -> int:
    """Tell the number of the last committed transaction; 0 before the first."""
    # Beside the session and SQLAlchemy: a page that was kept should cost one statement, and little around it.
    with closing(db.engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(READ)
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def count_up() -> None:
    """Raise the number, within the open transaction."""
    if not db.session.connection().execute(RAISE).rowcount:
        db.session.execute(insert(Revision).values(id=1, number=1))
