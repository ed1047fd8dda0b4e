"""A treasurers' round: every event of the books beside the weeks, for both sellers, and its undoing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import count, cycle
from random import Random

from shop.collective.undoing.services import undo
from shop.demo.meeting import Mates, agree
from shop.demo.people import BUYER, TEAM
from shop.ledger.books.queries import balance
from shop.ledger.books.rules import MONEY
from shop.ledger.sharing import paying
from shop.ledger.sharing.purses import purse_of
from shop.ledger.sharing.queries import standing
from shop.ledger.sharing.rules import ADVANCE_BOUND, SECU
from shop.ledger.sharing.services import settle
from shop.money import notes_and_coins
from shop.transaction import transaction
from shop.treasury import rules, services
from shop.treasury.models import Cost
from shop.treasury.queries import bills, liaison_owed, old_debts_left, pockets
from shop.treasury.rules import ACCOUNTS, BANKS, CASH, FUNDS, POCKETS, SUPPLIERS, Moved, Spent
from shop.weeks import instant

ROLE = "treasurer"
SELLERS = ("meals", "beer")
MARGIN, OLD_BILL, OLD_POCKET = 150000, 4400, 2100
BEER_HELD = {
    BANKS["beer"]: MARGIN + 10000, CASH["beer"]: 12000,
    "140200": MARGIN, SUPPLIERS: OLD_BILL, POCKETS: OLD_POCKET,
}  # fmt: skip
"""What the beer opens with: its margin of 2021, in the bank, with a float and two debts."""

COOKS = [mate.pseudonym for mate in TEAM if mate.weight]


@dataclass
class Round:
    """An evening of both treasurers: the members' ids, the day, and the week that a cost is for."""

    mates: Mates
    chance: Random
    day: date
    week: str
    forms: Iterator[int] = field(default_factory=count)

    @property
    def now(self) -> datetime:
        """Give the instant of it."""
        return instant(self.day, time(18))

    def form(self) -> str:
        """Give a form's mark of its own."""
        return f"year-{self.day}-{next(self.forms):03}"

    def cents(self, least: int, most: int) -> int:
        """Draw an amount of coins that a box holds."""
        return self.chance.randrange(least, most, 5)

    def move(self, moved: Moved) -> int:
        """Record a movement; give its entry."""
        return services.move(self.form(), moved, self.day, ROLE).entry

    def buy(self, seller: str, source: str, day: date | None = None) -> Cost:
        """Record a cost of any kind."""
        spent = Spent(
            self.chance.choice(list(ACCOUNTS)), source, self.cents(200, 900), day or self.day, self.week,
            payer=self.mates[BUYER] if source == POCKETS else None, activity=seller,
        )  # fmt: skip
        return services.record_cost(self.form(), spent, self.day, ROLE, another=True)

    def undo(self, seq: int, payer: int | None = None) -> None:
        """Undo an entry as the treasurer's page does."""
        undo(seq, self.now, ROLE, "amount", payer)


def receive_gifts(this: Round) -> None:
    """Receive gifts in every box and bank, and for each fund in a place that changes; two are mistakes."""
    for place in MONEY:
        this.move(rules.gift(this.cents(5000, 9000), this.day, place))
    for fund, place in zip(FUNDS, this.chance.sample([*MONEY, *MONEY], len(FUNDS)), strict=True):
        this.move(rules.gift(this.cents(500, 1500), this.day, place, fund))
    for seller in SELLERS:
        this.undo(this.move(rules.gift(700, this.day, BANKS[seller])))


def buy_from_everywhere(this: Round) -> None:
    """Pay each seller's costs from its box, another place, a pocket and on a bill; two are mistakes."""
    for seller in SELLERS:
        others = [place for place in MONEY if place != CASH[seller]]
        for source in (CASH[seller], this.chance.choice(others), POCKETS, SUPPLIERS):
            this.buy(seller, source)
        this.undo(this.buy(seller, CASH[seller]).entry)


def pay_back(this: Round) -> None:
    """Pay what waits, from places that change; what was paid first is undone and paid again."""
    places = cycle(this.chance.sample([*MONEY], len(MONEY)))
    for seller in SELLERS:
        for cost in (*pockets(seller), *bills(seller)):
            pay = services.repay if cost.paid_from == POCKETS else services.pay_bill
            this.undo(pay(cost.id, this.day, ROLE, next(places)), this.mates[BUYER])
            pay(cost.id, this.day, ROLE, next(places))


def pay_old_debts(this: Round) -> None:
    """Pay a part of what the beer owed as its books opened."""
    for owed, left in old_debts_left("beer").items():
        if left:
            debt = rules.old_debt(min(left, 1500), this.day, "beer", owed, BANKS["beer"])
            this.undo(this.move(debt))
            this.move(debt)


def carry_cash(this: Round) -> None:
    """Bring each box's cash to the bank and some back; once too much."""
    for seller in SELLERS:
        box, bank = CASH[seller], BANKS[seller]
        this.undo(this.move(rules.passage(this.cents(1000, 2000), this.day, box, bank)))
        this.move(rules.passage(this.cents(2000, 5000), this.day, box, bank))
        this.move(rules.passage(this.cents(1000, 2000), this.day, bank, box))


def share_anew(this: Round) -> None:
    """Decide for the SECU and up to what may be advanced; share half of the last week again with that."""
    last = standing()[0]
    if last.settled_on < this.day or not last.entry:
        return
    this.undo(last.entry)
    rate = f"{this.chance.randint(5, 12)}.50"
    agree(SECU, {"rate": rate}, this.now, this.mates)
    agree(ADVANCE_BOUND, this.cents(3000, 6000), this.now, this.mates)
    settle([one.id for one in last.cycles], max(last.distributable, 0) // 2, this.day, ROLE)


def hand_out(this: Round) -> None:
    """Hand out each part and take advances back; advance some of the next; undo one of each first."""
    for name in COOKS:
        purse = purse_of(this.mates[name], this.day)
        if not 0 < purse.proposed <= balance(CASH["meals"]) - 20000:
            continue
        for attempt in range(2):
            paid = paying.pay_out(
                this.form(), purse.member.id, purse.proposed, this.day, ROLE, taken_back=purse.back
            )
            if attempt:
                paying.confirm(paid.id)
            else:
                this.undo(paid.entry)
    for _ in range(2):
        given = paying.advance(this.form(), this.mates[COOKS[0]], 1000, this.day, ROLE)
        this.undo(given.entry) if _ == 0 else paying.confirm(given.id)


def settle_between_sellers(this: Round) -> None:
    """Let who owes the other seller pay it, by bank and in cash; once too early."""
    for seller, other in (SELLERS, SELLERS[::-1]):
        if owed := liaison_owed(seller):
            this.undo(this.move(rules.passage(owed, this.day, BANKS[seller], BANKS[other])))
            cash = min(owed, 500)
            this.move(rules.passage(cash, this.day, CASH[seller], CASH[other]))
            if owed > cash:
                this.move(rules.passage(owed - cash, this.day, BANKS[seller], BANKS[other]))


def count_everything(this: Round) -> None:
    """Count each box, first wrongly, check each bank, and hand the beer's box over."""
    for seller in SELLERS:
        held = balance(CASH[seller])
        for off in (this.cents(5, 100), -this.cents(5, 100)):
            pieces = notes_and_coins(held // 5 * 5 + off, 20000)
            counted = services.count_cash(pieces, this.day, ROLE, CASH[seller])
            if off > 0 and counted.entry:
                this.undo(counted.entry)
        services.check_bank(BANKS[seller], balance(BANKS[seller]), this.day, this.day)
    box = CASH["beer"]
    services.hand_box_over(box, notes_and_coins(balance(box), 20000), this.mates["Sauge"], this.day, ROLE)


Act = Callable[[Round], None]
ACTS: tuple[Act, ...] = (
    receive_gifts, buy_from_everywhere, pay_back, pay_old_debts, carry_cash,
    share_anew, hand_out, settle_between_sellers, count_everything,
)  # fmt: skip
LAST: tuple[Act, ...] = (buy_from_everywhere, hand_out, settle_between_sellers, count_everything)
"""What is done once more when the weeks are over."""


def keep(this: Round, acts: Iterable[Act] = ACTS) -> None:
    """Do these acts, each in a transaction of its own."""
    for act in acts:
        with transaction():
            act(this)
