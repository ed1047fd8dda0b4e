"""A number that every transaction raises: what was made from the database is kept until it changes."""

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Base, db


class Revision(Base):
    """The one row that counts committed transactions."""

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]


READ = select(Revision.number).where(Revision.id == 1)
RAISE = update(Revision).where(Revision.id == 1).values(number=Revision.number + 1)


def current() -> int:
    """Tell the number of the last committed transaction; 0 before the first."""
    # Beside the session: a page that was kept should cost one statement and not a unit of work.
    with db.engine.connect() as connection:
        return connection.execute(READ).scalar() or 0


def count_up() -> None:
    """Raise the number, within the open transaction."""
    if not db.session.connection().execute(RAISE).rowcount:
        db.session.execute(insert(Revision).values(id=1, number=1))
