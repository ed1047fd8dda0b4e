"""transaction(): the write lock, the only commit, and what waits for it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy.exc import OperationalError

from shop import queue, revision
from shop.errors import Busy
from shop.extensions import WRITE, db

OPEN = "tablee_open"
AFTER = "tablee_after"


@contextmanager
def transaction() -> Iterator[None]:
    """Run the block as the only writer and commit once; undo everything where it raises.

    Whatever was read before is read anew, because it may be stale by the time the lock is had. Raises Busy
    where the lock is not had in time, RuntimeError where a transaction is already open.
    """
    session = db.session
    if session.info.get(OPEN):
        raise RuntimeError("a transaction is already open")
    session.rollback()
    session.info.update({OPEN: True, AFTER: []})
    try:
        with ExitStack() as stack:
            database = db.engine.url.database
            if db.engine.dialect.name == "sqlite" and database:
                stack.enter_context(queue.turn(Path(database + ".queue")))
            _take_write_lock()
            yield
            session.flush()
            revision.count_up()
            session.commit()
        waiting = session.info[AFTER]
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(OPEN, None)
    for work in waiting:
        work()


def after_commit(work: Callable[[], None]) -> None:
    """Run `work` once the open transaction is committed, and not where it fails."""
    db.session.info[AFTER].append(work)


def _take_write_lock() -> None:
    try:
        db.session.connection(execution_options={WRITE: True})
    except OperationalError as error:
        raise Busy from error
