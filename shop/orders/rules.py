"""What may be ordered, what it costs, where an order may go next, and which entries follow. Pure."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shop.errors import (
    FieldMissing,
    LineUnknown,
    MenuFull,
    NothingOrdered,
    OrderFinal,
    OrderRefused,
    QuantityOutOfRange,
    QuotaReached,
    SeveralRefusals,
)
from shop.ledger.books.rules import Entry, EntryKind, Leg
from shop.money import round_cash

CASH = "570100"
BANK = "550100"
CUSTOMERS = "400000"
ADVANCES = "460100"
SALES = "700100"
DELIVERIES = "700190"
GIFTS = "731000"
ROUNDED_UP = "749900"
ROUNDED_DOWN = "644900"
OWING = (CUSTOMERS, ADVANCES)
"""The accounts whose postings, citing an order, say what was paid and what was billed."""


class OrderState(StrEnum):
    """Where an order stands; payment is not a state.

    placed → packed → picked_up | delivered | no_show;  placed → cancelled, picked_up, delivered, no_show
    """

    PLACED = "placed"
    PACKED = "packed"
    PICKED_UP = "picked_up"
    DELIVERED = "delivered"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class OrderSource(StrEnum):
    """How an order came: on the web, spoken to a member, sold at the desk, or the team's own meal."""

    WEB = "web"
    SPOKEN = "spoken"
    DESK = "desk"
    TEAM = "team"


LIVE = (OrderState.PLACED, OrderState.PACKED, OrderState.PICKED_UP, OrderState.DELIVERED)
"""Orders whose portions count against cap and quota; who did not come frees their plates for the desk."""

OPEN = (OrderState.PLACED, OrderState.PACKED)
"""Orders that still wait for something to happen."""

HANDED_OVER = (OrderState.PICKED_UP, OrderState.DELIVERED)
MOST = 999
FIRST_NUMBER = 1001


@dataclass(frozen=True)
class PickUp:
    """Fetched in a slot."""

    slot_id: int


@dataclass(frozen=True)
class Delivery:
    """Brought to the customer."""


Handover = PickUp | Delivery


@dataclass(frozen=True)
class Offer:
    """A line of the menu as an order meets it: price in cents; quota and `taken` in portions."""

    line_id: int
    main: bool
    price: int
    quota: int | None
    taken: int


@dataclass(frozen=True)
class Wanted:
    """Portions of one dish at its unit price in cents."""

    line_id: int
    quantity: int
    unit_price: int


def amount_due(lines: Iterable[Wanted], delivery_fee: int | None) -> int:
    """Sum what an order costs, in cents: its lines and its fee."""
    return sum(line.quantity * line.unit_price for line in lines) + (delivery_fee or 0)


def refuse(refusals: Sequence[OrderRefused]) -> None:
    """Raise what was found wrong: one refusal as it is, several together as SeveralRefusals."""
    if len(refusals) == 1:
        raise refusals[0]
    if refusals:
        raise SeveralRefusals(tuple(refusals))


def find_wrong_quantities(
    wanted: Mapping[int, int], offers: Mapping[int, Offer], cap: int, before: Mapping[int, int] | None = None
) -> list[OrderRefused]:
    """Say what stands against these portions.

    `wanted` and `before` (what the order holds already) map lines to portions. Only what grows meets the
    cap and the quotas, so reducing and swapping always work. `left` in a refusal counts what is free beyond
    the order's own.
    """
    if not wanted:
        return [NothingOrdered()]
    if any(not 0 < quantity <= MOST for quantity in wanted.values()):
        return [QuantityOutOfRange()]
    if not wanted.keys() <= offers.keys():
        return [LineUnknown()]
    had = before or {}
    growth = {line: quantity - had.get(line, 0) for line, quantity in wanted.items()}
    found: list[OrderRefused] = [
        QuotaReached(line, max(0, quota - offers[line].taken))
        for line, more in growth.items()
        if more > 0 and (quota := offers[line].quota) is not None and offers[line].taken + more > quota
    ]
    mains = {line for line, offer in offers.items() if offer.main}
    more = sum(wanted.get(line, 0) - had.get(line, 0) for line in mains)
    taken = sum(offers[line].taken for line in mains)
    if more > 0 and taken + more > cap:
        found.append(MenuFull(max(0, cap - taken)))
    return found


def find_missing_fields(
    source: OrderSource, handover: Handover | None, contact: Mapping[str, str]
) -> list[OrderRefused]:
    """Say which fields an order lacks: a name; on the web a way to be reached; for a delivery the street."""
    needed: list[str] = []
    if source in (OrderSource.WEB, OrderSource.SPOKEN) and not contact.get("name"):
        needed.append("name")
    delivered = isinstance(handover, Delivery)
    if source is OrderSource.WEB and not contact.get("phone"):
        needed += ["phone"] if delivered else [] if contact.get("email") else ["email"]
    if delivered and not contact.get("street"):
        needed.append("street")
    return [FieldMissing(name) for name in needed]


CONTACT_FIELDS = ("name", "email", "phone", "street", "bell", "postcode", "note", "without")
ADDRESS_FIELDS = ("street", "bell", "postcode")


def keep_needed(contact: Mapping[str, str], handover: Handover | None) -> dict[str, str]:
    """Keep of a contact what this order needs: no address for food that is fetched, nothing empty."""
    fields = set(CONTACT_FIELDS)
    if not isinstance(handover, Delivery):
        fields -= set(ADDRESS_FIELDS)
    return {
        name: text for name in CONTACT_FIELDS if name in fields and (text := contact.get(name, "").strip())
    }


MOVES = {
    OrderState.PLACED: {*OrderState} - {OrderState.PLACED},
    OrderState.PACKED: {*OrderState} - {OrderState.PACKED},
    OrderState.PICKED_UP: {OrderState.PLACED},
    OrderState.DELIVERED: {OrderState.PLACED},
    OrderState.NO_SHOW: {OrderState.PLACED},
    OrderState.CANCELLED: set[OrderState](),
}
"""From each state to the next; back to placed is a tap undone."""


def check_move(before: OrderState, after: OrderState) -> None:
    """Refuse a step that an order cannot take. Raises OrderFinal."""
    if after not in MOVES[before]:
        raise OrderFinal(before.value)


def plain(text: str) -> str:
    """Give text for searching: small letters without their accents."""
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(sign for sign in letters if not unicodedata.combining(sign))


def document(number: int) -> str:
    """Name an order as entries cite it."""
    return f"order:{number}"


@dataclass(frozen=True)
class Act:
    """What a member does to an order: when, in which role, and under which idempotency key."""

    number: int
    day: date
    role: str
    key: str

    def entry(self, kind: EntryKind, *legs: Leg) -> Entry:
        """Make the entry of this act; legs of 0 cents are left out."""
        legs = tuple(leg for leg in legs if leg.cents)
        cited = document(self.number)
        return Entry(self.key, kind, self.day, cited, "", self.role, legs)


def sale_entry(act: Act, dishes: int, delivery: int, prepaid: int) -> Entry | None:
    """Book the hand-over: what was paid before and what is owed now become sales and delivery income.

    All in cents; None where nothing is owed. `prepaid` above the sale stays the customer's.
    Source: ledger.md section 4, « handed over, meals ».
    """
    total = dishes + delivery
    if not total:
        return None
    used = min(prepaid, total)
    return act.entry(
        EntryKind.HAND_OVER,
        Leg(ADVANCES, used),
        Leg(CUSTOMERS, total - used),
        Leg(SALES, -dishes),
        Leg(DELIVERIES, -delivery),
    )


@dataclass(frozen=True)
class Cash:
    """Cash that changes hands, in cents: what settles the debt, what is rounded, given, and given back.

    `settled` leaves the customer's account; `rounding` is what rounding to 5 cents adds (or, below 0, takes).
    """

    settled: int
    rounding: int
    gift: int
    change: int

    @property
    def kept(self) -> int:
        """Say what stays in the box."""
        return self.settled + self.rounding + self.gift


def take_cash(owed: int, received: int | None, keep_change: bool = False) -> Cash:
    """Work out a cash payment of `owed` cents, of which `received` were handed out (None: what is asked).

    Less than what is asked pays a part, without rounding; the last cents that rounding adds are nobody's
    debt. More is given back, or kept as a gift.
    Source: Belgian rounding to 5 cents, on the total, where both are present.
    """
    asked = round_cash(owed)
    if received is None:
        received = asked
    if received < min(asked, owed):
        return Cash(received, 0, 0, 0)
    asked = min(asked, received)
    over = received - asked
    return Cash(owed, asked - owed, over if keep_change else 0, 0 if keep_change else over)


def likely_given(owed: int) -> list[tuple[int, int]]:
    """Guess what a customer hands out, the next round amounts, and the change for each; in cents."""
    asked = round_cash(owed)
    rounded = {-(-asked // step) * step for step in (500, 1000, 2000, 5000)}
    return [(given, given - asked) for given in sorted(rounded - {asked})]


def payment_entry(act: Act, cash: Cash, account: str = CUSTOMERS, into: str = CASH) -> Entry | None:
    """Book a payment: into the box or the bank, against the customer's debt (or advance).

    With rounding and gift; None for nothing.
    """
    if not cash.kept and not cash.settled:
        return None
    return act.entry(
        EntryKind.PAYMENT,
        Leg(into, cash.kept),
        Leg(account, -cash.settled),
        Leg(ROUNDED_UP, -max(0, cash.rounding)),
        Leg(ROUNDED_DOWN, max(0, -cash.rounding)),
        Leg(GIFTS, -cash.gift),
    )


def no_show_entry(act: Act, due: int, prepaid: int, stays_due: bool) -> Entry | None:
    """Book who did not come: what they paid is a sale, and with `stays_due` so is the rest.

    None for nothing.
    """
    used = prepaid if not stays_due else min(prepaid, due)
    owed = due - used if stays_due else 0
    if not used and not owed:
        return None
    return act.entry(EntryKind.NO_SHOW, Leg(ADVANCES, used), Leg(CUSTOMERS, owed), Leg(SALES, -used - owed))


def still_owed(state: OrderState, due: int, posted: int) -> int:
    """Say what an order owes in cents; below 0 the house owes it.

    `posted` sums the postings on OWING that cite it. Before the hand-over the food itself is owed; then the
    sale stands on these accounts too. Source: ledger.md section 5.
    """
    return (due if state in OPEN else 0) + posted
