"""What orders leave in the books, after ledger.md: sections 4 (everyday) and 5 (what an order owes)."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from tests.ledger.machine.model import Books, Leg, Refused, meals

BOX, BANK, ADVANCES, CUSTOMERS = "570100", "550100", "460100", "400000"
SALES, DELIVERY, GIFTS = "700100", "700190", "731000"
TOO_MUCH, TOO_LITTLE = "749900", "644900"
OPEN = ("placed", "packed")
GONE = ("picked_up", "delivered")


@dataclass(frozen=True)
class Ordered:
    """An order: its week, its state, cents of dishes and fee (None where it is fetched), portions of mains.

    `sale` is the entry of its hand-over or no-show; `payments` are entries with the debt that each took off.
    `due` is what it must have paid once nobody came.
    """

    week: str
    dishes: int
    mains: int
    fee: int | None
    state: str = "placed"
    sale: int | None = None
    payments: tuple[tuple[int, int], ...] = ()
    due: int = 0
    team: bool = False

    @property
    def amount(self) -> int:
        """Give what it costs, in cents."""
        return self.dishes + (self.fee or 0)


class Orders(Books):
    """Orders by number, and the weeks they are of."""

    def __init__(self) -> None:
        """Begin without orders."""
        super().__init__()
        self.orders: dict[int, Ordered] = {}
        self.closed_weeks: set[str] = set()
        self.cutoffs: dict[str, datetime] = {}
        self.cap = 0

    def paid(self, number: int) -> int:
        """Sum what the standing payments of an order took off its debt."""
        return sum(cents for seq, cents in self.orders[number].payments if self.stands(seq))

    def owes(self, number: int) -> int:
        """Give what an order owes: what it costs, or must have paid, less what was paid."""
        order = self.orders[number]
        lives = order.state in (*OPEN, *GONE)
        return (order.amount if lives else order.due) - self.paid(number)

    def place(self, number: int, order: Ordered) -> None:
        """Take an order: a promise and no money."""
        self._room(order.week, order.mains)
        self.orders[number] = order

    def amend(self, number: int, dishes: int, mains: int) -> None:
        """Replace what an order holds."""
        order = self._changeable(number, *OPEN)
        self._room(order.week, mains - order.mains)
        self.orders[number] = replace(order, dishes=dishes, mains=mains)

    def _room(self, week: str, more: int) -> None:
        if week in self.closed_weeks:
            raise Refused("CycleClosed")
        taken = sum(
            one.mains for one in self.orders.values() if one.week == week and one.state in (*OPEN, *GONE)
        )
        if more > 0 and taken + more > self.cap:
            raise Refused("MenuFull")

    def _changeable(self, number: int, *states: str) -> Ordered:
        """Give an order that is in one of these states, in a week that is not closed."""
        order = self.orders[number]
        facts = ["AlreadyClosed", "CycleClosed"] if order.week in self.closed_weeks else []
        if order.state not in states:
            facts.append("OrderFinal")
        if facts:
            raise Refused(*facts)
        return order

    def cancel(self, number: int) -> None:
        """Cancel: what was paid is the customer's still."""
        self.orders[number] = replace(self._changeable(number, *OPEN), state="cancelled")

    def pack(self, number: int) -> None:
        """Put an order into its bag."""
        self.orders[number] = replace(self._changeable(number, *OPEN), state="packed")

    def hand_over(self, number: int, day: date, received: int | None, keeps: bool, later: bool) -> None:
        """Turn the promise into a sale: what was paid before, and a debt for the rest; then take its cash."""
        order = self._changeable(number, *OPEN)
        used = min(self.paid(number), order.amount)
        legs = [
            meals(ADVANCES, used),
            meals(CUSTOMERS, order.amount - used),
            meals(SALES, -order.dishes),
            meals(DELIVERY, -(order.fee or 0)),
        ]
        sale = self.post("hand_over", f"order:{number}", day, legs) if order.amount else None
        state = "picked_up" if order.fee is None else "delivered"
        self.orders[number] = replace(order, state=state, sale=sale)
        owed = order.amount - used
        if owed > 0 and not later:
            self._take(number, owed, day, received, keeps, CUSTOMERS)

    def pay(
        self, number: int, day: date, received: int | None, keeps: bool, by_transfer: bool = False
    ) -> None:
        """Take cash, or a transfer of just what is owed, before the hand-over or for a debt after it."""
        owed = self.owes(number)
        if owed <= 0:
            raise Refused("NothingOwed")
        account = ADVANCES if self.orders[number].state in OPEN else CUSTOMERS
        if by_transfer:
            self._paid(number, owed, day, [meals(BANK, owed), meals(account, -owed)])
        else:
            self._take(number, owed, day, received, keeps, account)

    def _take(
        self, number: int, owed: int, day: date, received: int | None, keeps: bool, account: str
    ) -> None:
        """Book cash: the total is rounded to 5 cents where it is paid whole, a part is not."""
        asked = owed if owed <= 5 else 5 * round(owed / 5)
        given = asked if received is None else received
        whole = given >= min(asked, owed)
        settled = owed if whole else given
        stays = given if not whole or keeps else min(asked, given)
        asked = min(asked, given)
        gift = stays - asked if whole else 0
        rounding = stays - settled - gift
        if not stays and not settled:
            return
        legs = [
            meals(BOX, stays),
            meals(account, -settled),
            meals(TOO_MUCH, -max(rounding, 0)),
            meals(TOO_LITTLE, max(-rounding, 0)),
            meals(GIFTS, -gift),
        ]
        self._paid(number, settled, day, legs)

    def _paid(self, number: int, settled: int, day: date, legs: list[Leg]) -> None:
        seq = self.post("payment", f"order:{number}", day, legs)
        order = self.orders[number]
        self.orders[number] = replace(order, payments=(*order.payments, (seq, settled)))

    def undo_payment(self, number: int, day: date) -> None:
        """Reverse the newest payment, unless it is part of the sale by now."""
        order = self.orders[number]
        standing = [seq for seq, _ in order.payments if self.stands(seq)]
        sale = order.sale if order.sale and self.stands(order.sale) else 0
        if not standing or standing[-1] < sale:
            raise Refused("NothingOwed")
        self.reverse(standing[-1], day)

    def stay_away(self, number: int, day: date, stays_due: bool) -> None:
        """Book a no-show: what was paid is a sale, and what stays due a debt."""
        order = self._changeable(number, *OPEN)
        paid = self.paid(number)
        used = min(paid, order.amount) if stays_due else paid
        rest = order.amount - used if stays_due else 0
        sale = None
        if used or rest:
            legs = [meals(ADVANCES, used), meals(CUSTOMERS, rest), meals(SALES, -used - rest)]
            sale = self.post("no_show", f"order:{number}", day, legs)
        self.orders[number] = replace(order, state="no_show", sale=sale, due=used + rest)

    def undo_end(self, number: int, day: date) -> None:
        """Undo a hand-over or a no-show, with what was paid from then on."""
        order = self._changeable(number, *GONE, "no_show")
        if order.state == "no_show":
            self._room(order.week, order.mains)
        if order.sale:
            since = [seq for seq, _ in order.payments if seq > order.sale and self.stands(seq)]
            for seq in [*sorted(since, reverse=True), order.sale]:
                self.reverse(seq, day)
        self.orders[number] = replace(order, state="placed", sale=None, due=0)

    def eat(self, number: int, week: str, mains: int) -> None:
        """Let the team eat: plates and no money."""
        self._room(week, mains)
        self.orders[number] = Ordered(week, 0, mains, None, "picked_up", team=True)

    def finish_week(self, week: str, now: datetime) -> None:
        """Close a week whose cutoff has passed and whose orders all came to their end."""
        facts = ["AlreadyClosed"] if week in self.closed_weeks else []
        if now < self.cutoffs[week]:
            facts.append("WeekStillOpen")
        if any(one.week == week and one.state in OPEN for one in self.orders.values()):
            facts.append("OrdersOpen")
        if facts:
            raise Refused(*facts)
        self.closed_weeks.add(week)
