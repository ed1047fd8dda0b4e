"""What caused an entry, told from the document that it cites: pages of the books ask for it by name."""

from dataclasses import dataclass, field

from sqlalchemy import select

from shop.extensions import db
from shop.ledger.books.models import Count
from shop.ledger.sharing.models import Settlement
from shop.treasury.models import Cost


@dataclass(frozen=True)
class Cause:
    """Where an entry comes from: a page, if there is one, and the name of the shop that was paid.

    `form_id` is a cost's, whose receipts are found by it.
    """

    endpoint: str = ""
    values: dict[str, object] = field(default_factory=dict)
    words: str = ""
    form_id: str = ""


def cause(document: str) -> Cause | None:
    """Tell what a document is, where there is more to say of it than its name."""
    what, _, which = document.partition(":")
    if what == "order" and which.isdecimal():
        return Cause("entering.show", {"number": int(which)})
    if what == "cost":
        name = db.session.scalar(select(Cost.shop).where(Cost.form_id == which))
        return Cause("treasury.costs", words=name or "", form_id=which)
    if what == "count" and which.isdecimal():
        account = db.session.scalar(select(Count.account).where(Count.id == int(which)))
        return Cause("treasury.counts", {"account": account})
    if what == "settlement":
        made = select(Settlement.id).where(Settlement.label == which).order_by(Settlement.id.desc())
        number = db.session.scalars(made.limit(1)).first()
        return Cause("splitting.show", {"settlement_id": number}) if number else None
    return Cause("books.locks") if what == "closing" else None
