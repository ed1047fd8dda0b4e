"""Acts at the desk: ordering, paying, handing over, not coming, and undoing each."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from shop.orders import services as orders
from shop.orders.rules import Delivery, OrderSource, PickUp
from tests.ledger.machine.driver import ROLE, Driver
from tests.ledger.machine.expected_orders import Ordered
from tests.ledger.machine.ground import FEE, MAIN, PRICES

BASKETS = st.fixed_dictionaries({letter: st.integers(0, 3) for letter in PRICES}).filter(
    lambda basket: any(basket.values())
)
PICKS = st.integers(0, 9)
RECEIVED = st.one_of(st.none(), st.integers(0, 4000))
WEEKS = st.integers(0, 2)


def price(basket: dict[str, int]) -> int:
    """Give what a basket costs, in cents."""
    return sum(PRICES[letter] * many for letter, many in basket.items())


class ActsOnOrders(Driver):
    """What happens to orders."""

    def week(self, pick: int) -> str:
        """Name a week by its place."""
        return sorted(self.scene.weeks)[pick]

    def pick(self, pick: int) -> int:
        """Give an order's number, the newest first."""
        return sorted(self.model.orders)[-1 - pick % len(self.model.orders)]

    def portions(self, week: str, basket: dict[str, int]) -> dict[int, int]:
        """Give a basket by the ids of the week's lines."""
        return {self.scene.lines[week][letter]: many for letter, many in basket.items()}

    def place(self, week: str, basket: dict[str, int], delivered: bool = False) -> int:
        """Place an order, twice with the same form; give its number, or the number that it did not get."""
        number, form = 1001 + len(self.model.orders), self.form()
        ordered = Ordered(week, price(basket), basket[MAIN], FEE if delivered else None)

        def placed() -> int:
            found = orders.place_order(
                self.scene.weeks[week],
                self.portions(week, basket),
                Delivery() if delivered else PickUp(self.scene.slots[week]),
                {"name": "Nour", "street": "Rue de la Démo 1"},
                form_id=form,
                source=OrderSource.SPOKEN,
                language="fr",
                now=self.now,
            )
            return found.number

        first = self.act(placed, lambda: self.model.place(number, ordered))
        if first:
            assert first == number == self.act(placed, lambda: None)
        return number

    def hand_over(self, number: int, received: int | None, keeps: bool, later: bool) -> None:
        """Hand an order over."""
        self.act(
            lambda: orders.hand_over(
                number, self.now, ROLE, received=received, keep_change=keeps, pay_later=later
            ),
            lambda: self.model.hand_over(number, self.today, received, keeps, later),
        )

    @rule(pick=WEEKS, basket=BASKETS, delivered=st.booleans(), paid=st.one_of(st.just(-1), RECEIVED))
    def orders_and_pays(self, pick: int, basket: dict[str, int], delivered: bool, paid: int | None) -> None:
        """Order, and maybe pay at once, whole or in part."""
        number = self.place(self.week(pick), basket, delivered)
        if number in self.model.orders and paid != -1:
            self._pay(number, paid, keeps=False)

    @rule(
        pick=WEEKS,
        basket=BASKETS,
        delivered=st.booleans(),
        received=RECEIVED,
        keeps=st.booleans(),
        later=st.booleans(),
    )
    def orders_and_comes(
        self,
        pick: int,
        basket: dict[str, int],
        delivered: bool,
        received: int | None,
        keeps: bool,
        later: bool,
    ) -> None:
        """Order, come, and pay now or later."""
        number = self.place(self.week(pick), basket, delivered)
        if number in self.model.orders:
            self.hand_over(number, received, keeps, later)

    @rule(pick=WEEKS, basket=BASKETS, received=RECEIVED)
    def buys_at_the_desk(self, pick: int, basket: dict[str, int], received: int | None) -> None:
        """Buy without having ordered; the form comes twice."""
        week, number, form = self.week(pick), 1001 + len(self.model.orders), self.form()

        def expected() -> None:
            self.model.place(number, Ordered(week, price(basket), basket[MAIN], None))
            self.model.hand_over(number, self.today, received, False, False)

        def sold() -> int:
            wanted = self.portions(week, basket)
            return orders.sell_at_desk(
                self.scene.weeks[week], wanted, self.now, ROLE, form, received=received
            )[0]

        if self.act(sold, expected):
            assert self.act(sold, lambda: None) == number

    @rule(pick=WEEKS, mains=st.integers(1, 3))
    def the_team_eats(self, pick: int, mains: int) -> None:
        """Eat what no money is asked for."""
        week, number, form = self.week(pick), 1001 + len(self.model.orders), self.form()
        wanted = self.portions(week, {MAIN: mains})
        self.act(
            lambda: orders.team_meal(self.scene.weeks[week], wanted, self.now, form),
            lambda: self.model.eat(number, week, mains),
        )

    @precondition(lambda self: self.model.orders)
    @rule(pick=PICKS, received=RECEIVED, keeps=st.booleans(), later=st.booleans())
    def comes(self, pick: int, received: int | None, keeps: bool, later: bool) -> None:
        """Come for an order, perhaps one that is gone."""
        self.hand_over(self.pick(pick), received, keeps, later)

    @precondition(lambda self: self.model.orders)
    @rule(pick=PICKS, basket=BASKETS)
    def changes_the_order(self, pick: int, basket: dict[str, int]) -> None:
        """Amend an order, paid or not."""
        number = self.pick(pick)
        if self.model.orders[number].team:
            return
        wanted = self.portions(self.model.orders[number].week, basket)
        self.act(
            lambda: orders.amend_order(number, wanted, None, None, self.now, by_member=True),
            lambda: self.model.amend(number, price(basket), basket[MAIN]),
        )

    @precondition(lambda self: self.model.orders)
    @rule(pick=PICKS, cancels=st.booleans())
    def cancels_or_packs(self, pick: int, cancels: bool) -> None:
        """Cancel an order, or pack it."""
        number = self.pick(pick)
        if cancels:
            self.act(
                lambda: orders.cancel_order(number, self.now, by_member=True),
                lambda: self.model.cancel(number),
            )
        else:
            self.act(lambda: orders.pack(number, self.now), lambda: self.model.pack(number))

    def _pay(self, number: int, received: int | None, keeps: bool, by_transfer: bool = False) -> None:
        self.act(
            lambda: orders.receive_payment(number, self.now, ROLE, received, keeps, by_transfer=by_transfer),
            lambda: self.model.pay(number, self.today, received, keeps, by_transfer),
        )

    @precondition(lambda self: self.model.orders)
    @rule(pick=PICKS, received=RECEIVED, keeps=st.booleans(), by_transfer=st.booleans())
    def pays(self, pick: int, received: int | None, keeps: bool, by_transfer: bool) -> None:
        """Pay for an order, before or after, in cash or through the bank."""
        self._pay(self.pick(pick), received, keeps, by_transfer)

    @precondition(lambda self: self.model.orders)
    @rule(pick=PICKS)
    def undoes_a_payment(self, pick: int) -> None:
        """Take a payment back."""
        number = self.pick(pick)
        self.act(
            lambda: orders.undo_payment(number, self.now, ROLE),
            lambda: self.model.undo_payment(number, self.today),
        )

    @precondition(lambda self: self.model.orders)
    @rule(pick=PICKS, stays_due=st.booleans())
    def stays_away(self, pick: int, stays_due: bool) -> None:
        """Do not come."""
        number = self.pick(pick)
        self.act(
            lambda: orders.mark_no_show(number, self.now, ROLE, stays_due),
            lambda: self.model.stay_away(number, self.today, stays_due),
        )

    @precondition(lambda self: self.model.orders)
    @rule(pick=PICKS)
    def undoes_the_end(self, pick: int) -> None:
        """Undo a hand-over or a no-show."""
        number = self.pick(pick)
        undo = orders.undo_no_show if self.model.orders[number].state == "no_show" else orders.undo_hand_over
        self.act(lambda: undo(number, self.now, ROLE), lambda: self.model.undo_end(number, self.today))

    @rule(pick=WEEKS, rest=st.booleans())
    def ends_a_week(self, pick: int, rest: bool) -> None:
        """Close a week, its last orders handed over and paid before, or not."""
        week = self.week(pick)
        waiting = [number for number, one in self.model.orders.items() if one.week == week]
        for number in waiting:
            if rest and self.model.orders[number].state in ("placed", "packed"):
                self.hand_over(number, None, False, False)
        self.act(
            lambda: orders.close_week(self.scene.weeks[week], self.now),
            lambda: self.model.finish_week(week, self.now),
        )

    @rule(days=st.sampled_from([1, 2, 7, 25]))
    def waits(self, days: int) -> None:
        """Let time pass."""
        self.wait(days)
