"""How the legs of an entry are told: one by one or, where the group hides the weights, parts as one sum.

Every page, search and file that lists postings asks here; what is kept, sealed and proved stays as it is.
"""

from sqlalchemy import SQLColumnExpression, case, exists, func, select
from sqlalchemy.orm import aliased

from shop import clock
from shop.decisions.queries import history, in_force
from shop.ledger.books.models import Posting
from shop.ledger.books.rules import WEIGHTS_SHOWN
from shop.weeks import local_day


def weights_shown() -> bool:
    """Say whether the weights are shown: until the group decides otherwise, yes.

    Hiding holds at once, for what was seen cannot be taken back; showing, from the week that was decided.
    """
    newest, now = history(WEIGHTS_SHOWN)[:1], in_force(WEIGHTS_SHOWN, local_day(clock.now()))
    return all(version.value.value for version in (*newest, *([now] if now else [])))


def told_cents() -> SQLColumnExpression[int]:
    """Say in SQL as how many cents a posting is told; NULL where it is told with one before it."""
    return Posting.cents if weights_shown() else cents_as_one()


def cents_as_one() -> SQLColumnExpression[int]:
    """Say in SQL as how many cents a posting is told where legs that differ by subject alone are one sum.

    The ratio of parts is the weights. Debits and credits stay apart, so no sum is 0.
    """
    other = aliased(Posting)
    together = (
        other.entry == Posting.entry,
        other.account == Posting.account,
        other.activity == Posting.activity,
        other.subject.is_not(None),
        (other.cents > 0) == (Posting.cents > 0),
    )
    first = ~exists().where(*together, other.line < Posting.line).correlate(Posting)
    sums = select(func.sum(other.cents)).where(*together).correlate(Posting).scalar_subquery()
    return case((Posting.subject.is_(None), Posting.cents), (first, sums))
