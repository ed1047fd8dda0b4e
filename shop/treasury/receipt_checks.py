"""What `shop verify` proves of receipts; needs no key, and looks at no picture."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select

from shop import clock
from shop.checks import Check
from shop.extensions import db
from shop.treasury.models import Cost, Receipt
from shop.treasury.receipts import without_cost
from shop.weeks import local_day

_LACKING = (
    select(Receipt.form_id, func.max(Receipt.page), func.count())
    .group_by(Receipt.form_id)
    .having(func.max(Receipt.page) != func.count())
)
_ASTRAY = (
    select(Cost.id)
    .join(Receipt, Receipt.form_id == Cost.form_id)
    .where(Receipt.activity != Cost.activity)
    .distinct()
)


def _receipts_are_whole(_quick: bool) -> Iterator[str]:
    """Find receipts that lack a page."""
    for form_id, pages, there in db.session.execute(_LACKING):
        yield f"{there} of {pages} pages of the receipt of cost {form_id}"


def _receipts_are_their_sellers(_quick: bool) -> Iterator[str]:
    """Find receipts that another seller's keepers would see."""
    for number in db.session.scalars(_ASTRAY):
        yield f"the receipt of cost {number}"


def _receipts_show_costs(_quick: bool) -> Iterator[str]:
    """Find receipts without a cost that the worker should have deleted: it does not run."""
    left = without_cost(local_day(clock.now()) - timedelta(days=1))
    if left:
        yield f"{len(left)} pages show no cost: is the worker running?"


CHECKS = (
    Check("each receipt has all its pages", _receipts_are_whole),
    Check("each receipt is its cost's seller's", _receipts_are_their_sellers),
    Check("receipts of no cost are forgotten in time", _receipts_show_costs, warns=True),
)
