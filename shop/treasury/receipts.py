"""Receipts: kept sealed from the moment they are sent, shown to who keeps that seller's money, taken away."""

from base64 import b64decode, b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, exists, select

from shop.errors import CostUnknown, ReceiptTooLong
from shop.extensions import db
from shop.treasury.drawing import MOST_PAGES, Drawn
from shop.treasury.models import Cost, Receipt
from shop.vault import HOUSE, Sealed, new_token


@dataclass(frozen=True)
class Shown:
    """A page as it stands on a list; `shop` and `cents` are the cost's, once it is recorded."""

    token: str
    page: int
    shop: str | None
    cents: int | None


def keep(form_id: str, activity: str, pages: Sequence[Drawn], today: date) -> None:
    """Keep pages that show a cost of a seller, after those it has; a page it has already is the same page.

    The cost itself may come later: a refused form loses no picture. Raises ReceiptTooLong, and CostUnknown
    where the cost is another seller's.
    """
    if db.session.scalar(select(Cost.id).where(Cost.form_id == form_id, Cost.activity != activity)):
        raise CostUnknown
    kept = [_bytes(one.content) for one in _receipts(form_id)]
    fresh = [page for page in pages if page.content not in kept]
    if len(kept) + len(fresh) > MOST_PAGES:
        raise ReceiptTooLong(MOST_PAGES)
    for number, page in enumerate(fresh, len(kept) + 1):
        db.session.add(
            Receipt(
                token=new_token(),
                form_id=form_id,
                activity=activity,
                page=number,
                added_on=today,
                content=_sealed(page.content),
                thumbnail=_sealed(page.thumbnail),
            )
        )
    db.session.flush()


def take_away(form_id: str, activity: str, tokens: Collection[str]) -> None:
    """Delete these pages of a cost of a seller, and number those that stay anew."""
    gone = Receipt.form_id == form_id, Receipt.activity == activity, Receipt.token.in_(tokens)
    db.session.execute(delete(Receipt).where(*gone))
    for number, receipt in enumerate(_receipts(form_id), 1):
        receipt.page = number
        db.session.flush()


def forget(tokens: Collection[str]) -> None:
    """Delete pages whose cost never came."""
    db.session.execute(delete(Receipt).where(Receipt.token.in_(tokens)))


def without_cost(today: date) -> tuple[str, ...]:
    """Name the pages of a day before today whose cost was never recorded."""
    # Asked of the index first: a row is large.
    lost = select(Receipt.form_id).where(~exists().where(Cost.form_id == Receipt.form_id))
    forgotten = Receipt.form_id.in_(lost), Receipt.added_on < today
    return tuple(db.session.scalars(select(Receipt.token).where(*forgotten)))


def shown(form_ids: Collection[str]) -> Mapping[str, list[Shown]]:
    """List the pages of each of these costs; a cost without any is not there."""
    rows = db.session.execute(
        select(Receipt.form_id, Receipt.token, Receipt.page, Cost.shop, Cost.cents)
        .outerjoin(Cost, Cost.form_id == Receipt.form_id)
        .where(Receipt.form_id.in_(form_ids))
        .order_by(Receipt.form_id, Receipt.page)
    )
    found: dict[str, list[Shown]] = {}
    for form_id, token, page, shop, cents in rows:
        found.setdefault(form_id, []).append(Shown(token, page, shop, cents))
    return found


def picture(token: str, activities: Collection[str], small: bool) -> bytes | None:
    """Give a page as JPEG where it is one of these sellers'; None where there is no such page or no key."""
    column = Receipt.thumbnail if small else Receipt.content
    sealed = db.session.scalar(select(column).where(Receipt.token == token, Receipt.activity.in_(activities)))
    return _bytes(sealed) if sealed else None


def _receipts(form_id: str) -> list[Receipt]:
    return list(db.session.scalars(select(Receipt).where(Receipt.form_id == form_id).order_by(Receipt.page)))


def _sealed(picture: bytes) -> Sealed:
    return Sealed(HOUSE, b64encode(picture).decode())


def _bytes(sealed: Sealed) -> bytes | None:
    return b64decode(sealed.value) if sealed.value else None
