"""What the demo's treasurer books beside the weeks: old money, a bank account, gifts, bills, a receipt."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

from shop.demo.rules import PACKER
from shop.demo.services import TREASURER, House, Opened
from shop.ledger.books.queries import balance
from shop.money import notes_and_coins
from shop.transaction import transaction
from shop.treasury import receipts, rules, services
from shop.treasury.drawing import draw
from shop.treasury.rules import BANKS, BOX, POCKETS, SUPPLIERS, CostKind, Line, Spent
from shop.weeks import local_day

BANK = BANKS["meals"]
SOLIDARITY = "139500"
BEER_MARGIN, BEER_OPENED = 150000, date(2021, 12, 10)
"""What the beer had earned and paid out to nobody yet, in cents; its bank account has held it since."""

RECEIPT = Path(__file__).with_name("receipt.jpg")
STATIONER = "Papeterie"
LABELS, BAGS = Line(CostKind.PACKAGING, 590, "étiquettes"), Line(CostKind.PACKAGING, 670, "sacs en papier")
BILL, NEXT_BILL = 6480, 5240


def open_the_beer(today: date) -> None:
    """Open the beer's books with its margin of earlier years, as of the day that it was counted."""
    with transaction():
        held = {BANKS["beer"]: BEER_MARGIN, "140200": BEER_MARGIN}
        services.open_seller("beer", held, today, TREASURER, on=BEER_OPENED)


def keep_books(house: House, week: Opened, ago: int) -> None:
    """Book what happened around the week that was so many weeks ago; most of it on the Sunday after."""
    act = ACTS.get(ago)
    if act:
        evening = local_day(week.evening)
        with transaction():
            act(house, week, evening if ago == 1 else evening + timedelta(days=3))


def _bring_cash_to_the_bank(_house: House, week: Opened, day: date) -> None:
    services.move(f"demo-{week.label}-bank", rules.passage(20000, day, BOX, BANK), day, TREASURER)


def _receive_gifts(_house: House, week: Opened, day: date) -> None:
    services.move(f"demo-{week.label}-hat", rules.gift(2500, day, BOX), day, TREASURER)
    services.move(f"demo-{week.label}-fund", rules.gift(4000, day, BANK, SOLIDARITY), day, TREASURER)


def _pay_the_bank_and_a_bill(_house: House, week: Opened, day: date) -> None:
    fee = Spent(CostKind.BANK, BANK, 350, day, week.label)
    services.record_cost(f"demo-{week.label}-fee", fee, day, TREASURER)
    bill = services.record_cost(f"demo-{week.label}-bill", _bill(BILL, week, day), day, TREASURER)
    services.pay_bill(bill.id, day, TREASURER, BANK)


def _check_the_bank(_house: House, _week: Opened, day: date) -> None:
    services.check_bank(BANK, balance(BANK), day, day)


def _leave_something_to_do(house: House, week: Opened, day: date) -> None:
    """A bill waits, and a member who paid at the stationer's, with the receipt; the box has a holder."""
    services.record_cost(f"demo-{week.label}-bill", _bill(NEXT_BILL, week, day), day, TREASURER)
    spent = Spent(
        *(CostKind.PACKAGING, POCKETS, LABELS.cents + BAGS.cents, day, week.label, STATIONER),
        payer=house.buyer,
        lines=(LABELS, BAGS),
    )
    cost = services.record_cost(f"demo-{week.label}-pocket", spent, day, TREASURER)
    receipts.keep(cost.form_id, "meals", draw(RECEIPT.read_bytes()), day)
    services.hand_box_over(BOX, notes_and_coins(balance(BOX)), house.buyer, day, TREASURER)


def _bill(cents: int, week: Opened, day: date) -> Spent:
    return Spent(CostKind.PACKAGING, SUPPLIERS, cents, day, week.label, PACKER)


ACTS: Mapping[int, Callable[[House, Opened, date], None]] = {
    5: _bring_cash_to_the_bank,
    4: _receive_gifts,
    3: _pay_the_bank_and_a_bill,
    2: _check_the_bank,
    1: _leave_something_to_do,
}
"""What is done around each week, by how many weeks ago it was."""
