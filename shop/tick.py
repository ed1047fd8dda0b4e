"""Everything that is due now; safe at any rate, and twice at once."""

import logging
from collections.abc import Callable
from datetime import datetime

from shop.demo.keeping import keep_open
from shop.errors import Busy
from shop.extensions import db
from shop.forgetting.queries import due
from shop.forgetting.services import forget_due
from shop.postman import deliver
from shop.schema import truncate_log
from shop.transaction import transaction

log = logging.getLogger(__name__)


def forget(now: datetime) -> None:
    """Forget what is due, in the database's log too; the write lock is taken only where something is."""
    if not due(now):
        return
    with transaction():
        forget_due(now)
    if not truncate_log():
        log.warning("log-not-truncated")


STEPS: tuple[Callable[[datetime], None], ...] = (forget, keep_open, deliver)
"""Forgetting comes first: a mail server that hangs must not hold it up."""


def tick(now: datetime) -> list[str]:
    """Do each step; gives the names of those that failed, which the next tick tries again."""
    failed = []
    for step in STEPS:
        try:
            step(now)
        except Exception as error:
            # Whatever it is: one step that fails must not keep the others from being done.
            if not isinstance(error, Busy):
                log.exception("tick-failed %s", step.__name__)
            failed.append(step.__name__)
        finally:
            db.session.remove()
    return failed
