"""What `shop verify` proves of costs; needs no key."""

from collections.abc import Iterator

from sqlalchemy import select

from shop.checks import Check
from shop.extensions import db
from shop.ledger.books.models import JournalEntry, Posting
from shop.treasury.models import Cost
from shop.treasury.rules import ACCOUNTS


def _costs_are_what_their_entries_book(_quick: bool) -> Iterator[str]:
    """Find costs whose entry books another amount, account or document."""
    rows = db.session.execute(
        select(
            Cost.id,
            Cost.form_id,
            Cost.kind,
            Cost.cents,
            JournalEntry.document,
            Posting.account,
            Posting.cents,
        )
        .outerjoin(JournalEntry, JournalEntry.seq == Cost.entry)
        .outerjoin(Posting, (Posting.entry == Cost.entry) & (Posting.cents > 0))
        .order_by(Cost.id)
    )
    for number, form_id, kind, cents, document, account, booked in rows:
        if (document, account, booked) != (f"cost:{form_id}", ACCOUNTS[kind], cents):
            yield f"cost {number} is not what its entry books"


CHECKS = (Check("each cost is what its entry books", _costs_are_what_their_entries_book),)
