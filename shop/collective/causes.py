"""What caused an entry, told from the document that it cites: pages of the books ask for it by name."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select

from shop.extensions import db
from shop.ledger.books.models import Count
from shop.ledger.sharing.models import Settlement
from shop.treasury.models import Cost


@dataclass(frozen=True)
class Cause:
    """The page that an entry comes from; `form_id` is a cost's, whose receipts are found by it."""

    endpoint: str
    values: dict[str, object] = field(default_factory=dict)
    form_id: str = ""


def cause(document: str) -> Cause | None:
    """Tell which page a document has, if any."""
    what, _, which = document.partition(":")
    if what == "order" and which.isdecimal():
        return Cause("entering.show", {"number": int(which)})
    if what == "cost":
        return Cause("treasury.costs", form_id=which)
    if what == "count" and which.isdecimal():
        account = db.session.scalar(select(Count.account).where(Count.id == int(which)))
        return Cause("treasury.counts", {"account": account})
    if what == "settlement":
        made = select(Settlement.id).where(Settlement.label == which).order_by(Settlement.id.desc())
        number = db.session.scalars(made.limit(1)).first()
        return Cause("splitting.show", {"settlement_id": number}) if number else None
    return Cause("books.locks") if what == "closing" else None


def shops_of(documents: Iterable[str]) -> defaultdict[str, str]:
    """Name the shop that each of these documents paid; nothing for one that paid none."""
    costs = [document.removeprefix("cost:") for document in set(documents) if document.startswith("cost:")]
    found: defaultdict[str, str] = defaultdict(str)
    paid = select(Cost.form_id, Cost.shop).where(Cost.form_id.in_(costs))
    for form_id, name in db.session.execute(paid) if costs else ():
        found[f"cost:{form_id}"] = name
    return found
