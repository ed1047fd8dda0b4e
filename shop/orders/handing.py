"""The desk's verbs, inside `transaction()`: packing, hand-over, payment, no-shows; how each is undone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from shop.errors import AlreadyClosed, NothingOwed, OrderFinal, WeekCancelled, WeekStillOpen
from shop.extensions import db
from shop.ledger.books import services as books
from shop.ledger.books.models import JournalEntry
from shop.ledger.books.queries import current_key, on_document, standing_entries
from shop.ledger.books.rules import Entry, EntryKind
from shop.ledger.books.searching import of_kind
from shop.menu.rules import WeekState
from shop.orders.facts import OrderFacts, load_lines, load_terms, lock_order, set_state
from shop.orders.models import OrderLine
from shop.orders.placing import place_order
from shop.orders.queries import offers, open_orders
from shop.orders.rules import (
    ADVANCES,
    BANK,
    CASH,
    CUSTOMERS,
    HANDED_OVER,
    OPEN,
    OWING,
    Act,
    Cash,
    OrderSource,
    OrderState,
    check_move,
    document,
    find_wrong_quantities,
    no_show_entry,
    payment_entry,
    refuse,
    sale_entry,
    still_owed,
    take_cash,
)
from shop.weeks import local_day

NO_CASH = Cash(0, 0, 0, 0)


def pack(number: int, now: datetime) -> None:
    """Mark an order as packed. Raises OrderUnknown, OrderFinal, AlreadyClosed, WeekCancelled."""
    _move(number, OrderState.PACKED, now)


def unpack(number: int, now: datetime) -> None:
    """Undo `pack`. Raises OrderUnknown, OrderFinal, AlreadyClosed, WeekCancelled."""
    order = _changeable(number)
    if order.state is not OrderState.PACKED:
        raise OrderFinal(order.state.value)
    set_state(order, OrderState.PLACED, now)


def hand_over(
    number: int,
    now: datetime,
    role: str,
    *,
    received: int | None = None,
    keep_change: bool = False,
    pay_later: bool = False,
) -> Cash:
    """Hand over an order and take its cash; book the sale and the payment. Gives what changed hands.

    `received` in cents is what the customer handed out, None for just what is asked; less than that leaves
    the rest due. Raises OrderUnknown, OrderFinal, AlreadyClosed, WeekCancelled.
    """
    order = _changeable(number)
    state = OrderState.PICKED_UP if order.delivery_fee is None else OrderState.DELIVERED
    check_move(order.state, state)
    dishes, fee = _amount(number), order.delivery_fee or 0
    prepaid = -on_document(document(number), [ADVANCES])
    act = _act(number, now, role, "handed-over")
    _post(sale_entry(act, dishes, fee, prepaid), now)
    set_state(order, state, now)
    due = dishes + fee - prepaid
    if pay_later or due <= 0:
        return NO_CASH
    return _book_payment(number, now, role, take_cash(due, received, keep_change), CUSTOMERS)


def receive_payment(
    number: int,
    now: datetime,
    role: str,
    received: int | None = None,
    keep_change: bool = False,
    *,
    by_transfer: bool = False,
) -> Cash:
    """Take money for an order apart from its hand-over, before or after; also once its week is closed.

    `received` as in `hand_over`, in cash; a transfer is of just what is owed. Raises OrderUnknown,
    NothingOwed.
    """
    order = lock_order(number)
    due = _amount(number) + (order.delivery_fee or 0)
    owed = still_owed(order.state, due, on_document(document(number), OWING))
    if owed <= 0:
        raise NothingOwed
    account = ADVANCES if order.state in OPEN else CUSTOMERS
    if by_transfer:
        return _book_payment(number, now, role, Cash(owed, 0, 0, 0), account, into=BANK)
    return _book_payment(number, now, role, take_cash(owed, received, keep_change), account)


def undo_payment(number: int, now: datetime, role: str, reason: str = "") -> None:
    """Reverse the newest standing payment of an order: it is due again.

    `reason` is a ReversalReason, here and below. Raises OrderUnknown, NothingOwed.
    """
    lock_order(number)
    payments = standing_entries(document(number), EntryKind.PAYMENT)
    # Money that came before the sale is part of it by now: the hand-over or no-show is undone first.
    if not payments or payments[-1] < _sale(number):
        raise NothingOwed
    _reverse(payments[-1:], now, role, reason)


def mark_no_show(number: int, now: datetime, role: str, stays_due: bool = False) -> None:
    """Mark that nobody came: portions are free again, what was paid is a sale.

    The rest is due only with `stays_due`. Raises OrderUnknown, OrderFinal, AlreadyClosed, WeekCancelled.
    """
    order = _changeable(number)
    check_move(order.state, OrderState.NO_SHOW)
    due = _amount(number) + (order.delivery_fee or 0)
    prepaid = -on_document(document(number), [ADVANCES])
    act = _act(number, now, role, "no-show")
    _post(no_show_entry(act, due, prepaid, stays_due), now)
    set_state(order, OrderState.NO_SHOW, now)


def undo_hand_over(number: int, now: datetime, role: str, reason: str = "") -> None:
    """Undo a hand-over: reverse its sale and what was paid from then on.

    Raises OrderUnknown, OrderFinal, AlreadyClosed, WeekCancelled.
    """
    order = _changeable(number)
    if order.state not in HANDED_OVER:
        raise OrderFinal(order.state.value)
    _reverse_sale(number, now, role, reason)
    set_state(order, OrderState.PLACED, now)


def undo_no_show(number: int, now: datetime, role: str, reason: str = "") -> None:
    """Undo a no-show where its plates were not sold to others, with what was paid from then on.

    Raises OrderUnknown, OrderFinal, AlreadyClosed, WeekCancelled, MenuFull, QuotaReached.
    """
    order = _changeable(number)
    if order.state is not OrderState.NO_SHOW:
        raise OrderFinal(order.state.value)
    cap = load_terms(order.week_id).cap
    refuse(find_wrong_quantities(load_lines(number), offers(order.week_id), cap))
    _reverse_sale(number, now, role, reason)
    set_state(order, OrderState.PLACED, now)


def settle_rest(week_id: int, except_numbers: Collection[int], now: datetime, role: str) -> list[int]:
    """Hand over, as paid, every open order of a week but these; gives their numbers.

    Raises WeekStillOpen before the cutoff: some would be handed over that nobody has seen on the list.
    """
    if now < load_terms(week_id).closes_at:
        raise WeekStillOpen
    numbers = [number for number in open_orders(week_id) if number not in set(except_numbers)]
    for number in numbers:
        hand_over(number, now, role)
    return numbers


@dataclass(frozen=True)
class Mark:
    """What the paper of an evening says of one order: it came (and paid, or pays later) or did not."""

    came: bool
    pay_later: bool = False
    received: int | None = None


def enter_sheet(week_id: int, marks: Mapping[int, Mark], now: datetime, role: str) -> list[int]:
    """Write down an evening kept on paper, a mark for each order's number; gives the numbers written.

    Only orders that still wait are touched, so a sheet sent twice is written once. Raises AlreadyClosed.
    """
    numbers = [number for number in open_orders(week_id) if number in marks]
    for number in numbers:
        mark = marks[number]
        if mark.came:
            hand_over(number, now, role, received=mark.received, pay_later=mark.pay_later)
        else:
            mark_no_show(number, now, role)
    return numbers


def sell_at_desk(
    week_id: int,
    wanted: Mapping[int, int],
    now: datetime,
    role: str,
    form_id: str,
    *,
    received: int | None = None,
    keep_change: bool = False,
    pay_later: bool = False,
) -> tuple[int, Cash]:
    """Sell portions without an order; gives the number it gets and the cash. Raises OrderRefused."""
    placed = place_order(
        week_id, wanted, None, {}, form_id=form_id, source=OrderSource.DESK, language="fr", now=now
    )
    if lock_order(placed.number).state not in OPEN:
        return placed.number, NO_CASH
    return placed.number, hand_over(
        placed.number, now, role, received=received, keep_change=keep_change, pay_later=pay_later
    )


def team_meal(week_id: int, wanted: Mapping[int, int], now: datetime, form_id: str) -> int:
    """Write down what the team eats: plates that count, at 0 cents; gives their number.

    Raises OrderRefused.
    """
    placed = place_order(
        week_id, wanted, None, {}, form_id=form_id, source=OrderSource.TEAM, language="fr", now=now
    )
    order = lock_order(placed.number)
    if order.state in OPEN:
        set_state(order, OrderState.PICKED_UP, now)
    return placed.number


def _changeable(number: int) -> OrderFacts:
    order = lock_order(number)
    state = load_terms(order.week_id).state
    if state is WeekState.CLOSED:
        raise AlreadyClosed
    if state is WeekState.CANCELLED:
        raise WeekCancelled
    return order


def _move(number: int, state: OrderState, now: datetime) -> None:
    order = _changeable(number)
    check_move(order.state, state)
    set_state(order, state, now)


def _amount(number: int) -> int:
    total = func.coalesce(func.sum(OrderLine.quantity * OrderLine.unit_price), 0)
    return int(db.session.scalar(select(total).where(OrderLine.number == number)) or 0)


def _act(number: int, now: datetime, role: str, verb: str) -> Act:
    key = current_key(f"{document(number)}:{verb}")
    return Act(number, local_day(now), role, key)


def _book_payment(
    number: int, now: datetime, role: str, cash: Cash, account: str, *, into: str = CASH
) -> Cash:
    """Book a payment under the number of payments this order ever had plus one."""
    cited = document(number)
    payments = select(func.count()).where(JournalEntry.document == cited, of_kind(EntryKind.PAYMENT))
    times = db.session.scalar(payments) or 0
    act = Act(number, local_day(now), role, f"{cited}:paid:{times + 1}")
    _post(payment_entry(act, cash, account, into), now)
    return cash


def _sale(number: int) -> int:
    """Give the entry that stands for a hand-over or no-show, or 0 where nothing was booked for it."""
    return max(standing_entries(document(number), EntryKind.HAND_OVER, EntryKind.NO_SHOW), default=0)


def _reverse_sale(number: int, now: datetime, role: str, reason: str) -> None:
    """Reverse what a hand-over or no-show booked, and what was paid from then on."""
    sale = _sale(number)
    kinds = (EntryKind.HAND_OVER, EntryKind.NO_SHOW, EntryKind.PAYMENT)
    standing = standing_entries(document(number), *kinds) if sale else []
    _reverse([seq for seq in standing if seq >= sale], now, role, reason)


def _post(entry: Entry | None, now: datetime) -> None:
    if entry is not None:
        books.post(entry, local_day(now))


def _reverse(entries: Collection[int], now: datetime, role: str, reason: str) -> None:
    day = local_day(now)
    for seq in sorted(entries, reverse=True):
        books.reverse(seq, day, day, role, reason)
