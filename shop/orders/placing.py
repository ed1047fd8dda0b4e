"""Placing, amending and cancelling orders; they run inside `transaction()`, so they read, check and write."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, delete, func, insert, select, update

from shop.errors import (
    DeliveryNotOffered,
    OrderFinal,
    OrderRefused,
    OrderUnknown,
    SlotUnknown,
)
from shop.extensions import db, read
from shop.menu.models import PickupSlot
from shop.orders.facts import OrderFacts, WeekTerms, check_time, load_lines, load_terms, lock_order, set_state
from shop.orders.models import Contact, Order, OrderLine
from shop.orders.queries import offers
from shop.orders.rules import (
    FIRST_NUMBER,
    OPEN,
    Delivery,
    Handover,
    Offer,
    OrderSource,
    OrderState,
    PickUp,
    find_missing_fields,
    find_wrong_quantities,
    keep_needed,
    refuse,
)
from shop.outbox import discard
from shop.vault import Sealed, new_token, token_for, token_hash, vault

LINK = "order"

# Made once: at the tables themselves, because building statements is most of what an order costs.
_ORDERS, _LINES, _CONTACTS = (cast(Table, one.__table__) for one in (Order, OrderLine, Contact))
_NEWEST = select(func.max(Order.number))
_SENT_BEFORE = select(Order.number).where(Order.form_id == bindparam("form"))
_SLOT = select(PickupSlot.id).where(
    PickupSlot.id == bindparam("slot"), PickupSlot.week_id == bindparam("week")
)


@dataclass(frozen=True)
class Placed:
    """An order's number and the secret of its private link."""

    number: int
    token: str


def place_order(
    week_id: int,
    wanted: Mapping[int, int],
    handover: Handover | None,
    contact: Mapping[str, str],
    *,
    form_id: str,
    source: OrderSource,
    language: str,
    now: datetime,
) -> Placed:
    """Place an order of `wanted` portions per line, at the prices as they stand.

    A form that was sent before gives its order again, with the same link: ten clicks are one order. The
    cutoff binds customers; a member may add an order until the week is closed. Raises OrderRefused; several
    refusals at once come as one SeveralRefusals, and `every` lists them either way.
    """
    mark = kept_mark(form_id)
    placed = _sent_before(mark)
    if placed:
        return placed
    terms = load_terms(week_id)
    check_time(terms, now, by_member=source is not OrderSource.WEB)
    wanted = {line: quantity for line, quantity in wanted.items() if quantity}
    menu = offers(week_id)
    kept = keep_needed(contact, handover)
    refuse(
        [
            *find_wrong_quantities(wanted, menu, terms.cap),
            *_find_wrong_handover(terms, handover),
            *find_missing_fields(source, handover, kept),
        ]
    )
    token = token_for(LINK, mark)
    number = _insert_order(
        terms, handover, now, source=source, language=language, token_hash=token_hash(token), form_id=mark
    )
    _insert_lines(number, wanted, _prices(menu, source))
    _keep_contact(number, week_id, kept)
    return Placed(number, token)


def amend_order(
    number: int,
    wanted: Mapping[int, int],
    handover: Handover | None,
    contact: Mapping[str, str] | None,
    now: datetime,
    *,
    by_member: bool = False,
) -> None:
    """Replace what an order holds; None keeps hand-over or contact as they are.

    Kept dishes keep their unit price. Reducing and swapping work on a full week too. Customers amend until
    the cutoff, members until the week is closed. Raises OrderRefused like `place_order`; NothingOrdered
    where nothing is left.
    """
    order = lock_order(number)
    _check_changeable(order, now, by_member)
    terms = load_terms(order.week_id)
    wanted = {line: quantity for line, quantity in wanted.items() if quantity}
    before = load_lines(number)
    menu = offers(order.week_id)
    found = find_wrong_quantities(wanted, menu, terms.cap, before)
    changes: dict[str, object] = {"changed_at": now, "revision": order.revision + 1}
    kept: dict[str, str] | None = None
    if handover is not None or contact is not None:
        handover = handover or _handover(order)
        kept = keep_needed(_contact(number) if contact is None else contact, handover)
        found += _find_wrong_handover(terms, handover, order.delivery_fee)
        found += find_missing_fields(order.source, handover, kept)
        fee = terms.delivery_fee if order.delivery_fee is None else order.delivery_fee
        changes |= _handover_columns(handover, fee)
    refuse(found)
    if kept is not None:
        db.session.execute(delete(Contact).where(Contact.number == number))
        _keep_contact(number, order.week_id, kept)
    db.session.execute(update(Order).where(Order.number == number).values(changes))
    _replace_lines(number, before, wanted, _prices(menu, order.source))


def cancel_order(number: int, now: datetime, by_member: bool = False) -> None:
    """Cancel an order and free its portions: customers until the cutoff, members until the week is closed.

    Raises OrderUnknown, OrderFinal, CycleClosed, NotYetOpen, WeekCancelled.
    """
    order = lock_order(number)
    _check_changeable(order, now, by_member)
    set_state(order, OrderState.CANCELLED, now)


def cancel_week_orders(week_id: int, now: datetime) -> list[int]:
    """Cancel every open order of a week that nobody cooks; gives their numbers."""
    open_ones = select(Order.number).where(Order.week_id == week_id, Order.state.in_(OPEN))
    numbers = list(db.session.scalars(open_ones.order_by(Order.number)))
    state = {"state": OrderState.CANCELLED, "changed_at": now, "revision": Order.revision + 1}
    db.session.execute(update(Order).where(Order.number.in_(numbers)).values(state))
    return numbers


def new_link(number: int) -> str:
    """Give an order a new link; the old one stops. Raises OrderUnknown."""
    lock_order(number)
    token = new_token()
    db.session.execute(update(Order).where(Order.number == number).values(token_hash=token_hash(token)))
    return token


def standing_link(number: int) -> str | None:
    """Give the link an order was placed with, or None where a member's new link took its place."""
    row = db.session.execute(select(Order.form_id, Order.token_hash).where(Order.number == number)).one()
    token = token_for(LINK, row.form_id)
    return token if token_hash(token) == row.token_hash else None


def erase_contact(number: int) -> None:
    """Delete what is known of who ordered, for restored backups too. Raises OrderUnknown."""
    form_id = db.session.scalar(select(Order.form_id).where(Order.number == number))
    if form_id is None:
        raise OrderUnknown
    # Noted first: where the commit then fails, a restored backup forgets what somebody asked to forget.
    # By `form_id`, because a shop that went back to an older backup gives the same numbers again.
    vault().note_erased(form_id)
    db.session.execute(delete(Contact).where(Contact.number == number))
    discard(f"order:{number}:")


def kept_mark(form_id: str) -> str:
    """Give what is kept of a form's mark, a secret: who sends the mark again gets the order's link."""
    return token_hash(form_id)[:40]


def _sent_before(mark: str) -> Placed | None:
    number = read(_SENT_BEFORE, {"form": mark}).scalar()
    # Not a fresh link: of two clicks at once, the answer read last need not be the one written last.
    return Placed(number, token_for(LINK, mark)) if number else None


def _insert_order(terms: WeekTerms, handover: Handover | None, now: datetime, **columns: object) -> int:
    number = (read(_NEWEST).scalar() or FIRST_NUMBER - 1) + 1
    row = {
        "number": number,
        "week_id": terms.id,
        "state": OrderState.PLACED,
        "placed_at": now,
        "changed_at": now,
        "revision": 1,
        **_handover_columns(handover, terms.delivery_fee),
        **columns,
    }
    db.session.execute(insert(_ORDERS), row)
    return number


def _check_changeable(order: OrderFacts, now: datetime, by_member: bool) -> None:
    if order.state not in (OPEN if by_member else OPEN[:1]):
        raise OrderFinal(order.state.value)
    check_time(load_terms(order.week_id), now, by_member)


def _find_wrong_handover(
    terms: WeekTerms, handover: Handover | None, old_fee: int | None = None
) -> list[OrderRefused]:
    if isinstance(handover, PickUp):
        known = read(_SLOT, {"slot": handover.slot_id, "week": terms.id}).scalar()
        return [] if known else [SlotUnknown()]
    if isinstance(handover, Delivery) and terms.delivery_fee is None and old_fee is None:
        return [DeliveryNotOffered()]
    return []


def _handover_columns(handover: Handover | None, fee: int | None) -> dict[str, object]:
    return {
        "slot_id": handover.slot_id if isinstance(handover, PickUp) else None,
        "delivery_fee": fee if isinstance(handover, Delivery) else None,
    }


def _handover(order: OrderFacts) -> Handover | None:
    if order.delivery_fee is not None:
        return Delivery()
    return None if order.slot_id is None else PickUp(order.slot_id)


def _contact(number: int) -> Mapping[str, str]:
    sealed = db.session.scalar(select(Contact.sealed).where(Contact.number == number))
    return (sealed.value if sealed else None) or {}


def _keep_contact(number: int, week_id: int, contact: Mapping[str, str]) -> None:
    if contact:
        sealed = Sealed(f"week-{week_id}", dict(contact))
        db.session.execute(insert(_CONTACTS), {"number": number, "sealed": sealed})


def _prices(menu: Mapping[int, Offer], source: OrderSource) -> dict[int, int]:
    """Map each line to its price in cents; what the team eats costs nothing."""
    return {line: 0 if source is OrderSource.TEAM else offer.price for line, offer in menu.items()}


def _insert_lines(number: int, wanted: Mapping[int, int], prices: Mapping[int, int]) -> None:
    rows = [
        {"number": number, "line_id": line, "quantity": quantity, "unit_price": prices[line]}
        for line, quantity in sorted(wanted.items())
    ]
    if rows:
        db.session.execute(insert(_LINES), rows)


def _replace_lines(
    number: int, before: Mapping[int, int], wanted: Mapping[int, int], prices: Mapping[int, int]
) -> None:
    """Write the difference, what shrinks first: so a swap on a full week never passes the cap on its way."""
    mine = OrderLine.number == number
    gone = before.keys() - wanted.keys()
    if gone:
        db.session.execute(delete(OrderLine).where(mine, OrderLine.line_id.in_(gone)))
    changed = {line: wanted[line] - had for line, had in before.items() if line in wanted}
    for line in _by_growth(changed):
        values = update(OrderLine).where(mine, OrderLine.line_id == line).values(quantity=wanted[line])
        db.session.execute(values)
    _insert_lines(number, {line: many for line, many in wanted.items() if line not in before}, prices)


def _by_growth(changed: Mapping[int, int]) -> Iterable[int]:
    return sorted((line for line, growth in changed.items() if growth), key=lambda line: changed[line])
