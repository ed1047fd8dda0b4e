"""What happens in each of the worked examples of docs/worked-examples.md, through the real services.

A heading there is a key here. An example begins in an empty shop; all but the whole week may follow others.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime

from sqlalchemy import select

from shop.collective.undoing.services import undo
from shop.decisions.services import decide
from shop.demo import services as demo
from shop.demo.rules import first_story, plan_for
from shop.extensions import db
from shop.ledger.books import services as books
from shop.ledger.books.queries import balance, standing_entries
from shop.ledger.sharing import services as sharing
from shop.ledger.sharing.paying import advance, pay_out
from shop.ledger.sharing.rules import ADVANCE_BOUND, SECU
from shop.members.models import Member
from shop.members.services import add_member, subject_of
from shop.menu.models import Week
from shop.money import notes_and_coins
from shop.orders import services as orders
from shop.orders.rules import Delivery
from shop.pages import Role
from shop.transaction import transaction
from shop.treasury import rules
from shop.treasury import services as treasury
from shop.treasury.rules import CostKind, Line, Spent
from tests.conftest import NOON
from tests.factories import make_order, make_week

EVENING = datetime(2026, 11, 26, 17, tzinfo=UTC)
AUTUMN = datetime(2026, 9, 20, 12, tzinfo=UTC)
DAY, SUNDAY = date(2026, 11, 26), date(2026, 11, 29)
TREASURER, ORGANISER = "treasurer", "organiser"
BOX, BANK, BEER_BOX, BEER_BANK = "570100", "550100", "570200", "550200"
NEEDS = {"Basilic": 100, "Cumin": 130, "Gingembre": 180, "Menthe": 210}

WHOLE_WEEK = "A week in Liège"
Play = Callable[[], None]
EXAMPLES: dict[str, Play] = {}
"""By heading, in the order of the page."""


def example(heading: str) -> Callable[[Play], Play]:
    """Name what happens under a heading."""

    def name(play: Play) -> Play:
        EXAMPLES[heading] = play
        return play

    return name


def week() -> Week:
    """Give the week that is sold: a starter A at 3.00, a main B at 8.50, a dessert C at 2.50."""
    return db.session.scalar(select(Week).where(Week.label == "2026-W48")) or make_week()


def ordered(**portions: int) -> int:
    """Order portions by letter, brought for 2.00; gives the number."""
    return make_order(
        week(),
        handover=Delivery(),
        contact={"name": "Nour", "phone": "0470 00 00 00", "street": "Rue de la Démo 1"},
        at=NOON,
        **portions,
    ).number


def open_box(cents: int = 30000) -> None:
    """Open the meals' books with a float in the box, where they are not open yet."""
    if not standing_entries("opening:meals"):
        with transaction():
            treasury.open_books(cents, DAY, TREASURER)


def buy(form: str, cents: int, paid_from: str = BOX, **more: object) -> int:
    """Record a cost; gives its id."""
    told = {"kind": CostKind.INGREDIENTS, "spent_on": DAY, "week": "2026-W48", **more}
    spent = Spent(paid_from=paid_from, cents=cents, **told)  # type: ignore[arg-type]
    with transaction():
        return treasury.record_cost(form, spent, DAY, TREASURER, another=True).id


def move(form: str, moved: rules.Moved) -> None:
    """Record a movement."""
    with transaction():
        treasury.move(form, moved, DAY, TREASURER)


@example(WHOLE_WEEK)
def liege() -> None:
    """Live the demo's first week, whose numbers are known, and share it on Sunday."""
    house = demo.settle_in(datetime(2026, 11, 12, 12, tzinfo=UTC))
    demo.live(house, first_story(), plan_for(date(2026, 11, 17)))


@example("The books open")
def opening() -> None:
    """Open with money in two places, two debts, a fund, and what the weeks before left to share."""
    held = {BOX: 30000, BANK: 120000, "489200": 2100, "440000": 4400, "139500": 20000, "140100": 12000}
    with transaction():
        treasury.open_seller("meals", held, DAY, TREASURER)


@example("The beer's past margin")
def past_margin() -> None:
    """Open the beer's books with what 2021 left."""
    with transaction():
        treasury.open_seller("beer", {BEER_BANK: 150000, "140200": 150000}, DAY, TREASURER)


@example("Food is handed over and paid in cash")
def paid_at_the_door() -> None:
    """Bring 13.50 and take it."""
    number = ordered(A=1, B=1)
    with transaction():
        orders.hand_over(number, EVENING, ORGANISER)


@example("Cash is rounded to five cents")
def rounded() -> None:
    """Take what a transfer of a part leaves: 2.52 is asked as 2.50, 2.53 as 2.55."""
    for part in (1098, 1097):
        number = ordered(A=1, B=1)
        with transaction():
            orders.receive_payment(number, EVENING, TREASURER, part)
            orders.hand_over(number, EVENING, ORGANISER)


@example("Somebody says: keep the change")
def kept_change() -> None:
    """Give 15.00 for 13.50."""
    number = ordered(A=1, B=1)
    with transaction():
        orders.hand_over(number, EVENING, ORGANISER, received=1500, keep_change=True)


@example("Paid before")
def paid_before() -> None:
    """Pay by transfer on Tuesday, and fetch on Thursday."""
    number = ordered(A=1, B=1)
    with transaction():
        orders.receive_payment(number, EVENING, TREASURER, by_transfer=True)
    with transaction():
        orders.hand_over(number, EVENING, ORGANISER)


@example("Paid in part, and the rest later")
def paid_in_part() -> None:
    """Pay 10.00 before, nothing at the door, and the rest on Sunday."""
    number = ordered(A=1, B=1)
    with transaction():
        orders.receive_payment(number, EVENING, TREASURER, 1000)
        orders.hand_over(number, EVENING, ORGANISER, pay_later=True)
    with transaction():
        orders.receive_payment(number, EVENING, TREASURER)


@example("Cancelled after it was paid")
def cancelled() -> None:
    """Pay, then cancel: the money is the customer's still."""
    number = ordered(B=1)
    with transaction():
        orders.receive_payment(number, EVENING, TREASURER)
        orders.cancel_order(number, EVENING, by_member=True)


@example("Nobody came")
def nobody_came() -> None:
    """Leave three orders: one paid, one neither paid nor due, one that stays due."""
    paid, forgiven, due = ordered(B=1), ordered(B=1), ordered(B=1)
    with transaction():
        orders.receive_payment(paid, EVENING, TREASURER)
        orders.mark_no_show(paid, EVENING, ORGANISER)
        orders.mark_no_show(forgiven, EVENING, ORGANISER)
        orders.mark_no_show(due, EVENING, ORGANISER, stays_due=True)


@example("A receipt")
def receipt() -> None:
    """Buy for 55.10 in one shop, of two kinds."""
    open_box()
    lines = (Line(CostKind.INGREDIENTS, 4310, "lentilles"), Line(CostKind.PACKAGING, 1200, "barquettes"))
    buy("r1", 5510, lines=lines)


@example("Out of a member's pocket, and given back")
def pocket() -> None:
    """Pay the kitchen from a pocket; the box gives it back."""
    open_box()
    cost = buy("p1", 1500, "489200", kind=CostKind.KITCHEN)
    with transaction():
        treasury.repay(cost, DAY, TREASURER)


@example("A supplier's bill")
def bill() -> None:
    """Owe a bill, and pay it from the bank."""
    cost = buy("b1", 4400, "440000")
    with transaction():
        treasury.pay_bill(cost, DAY, TREASURER, BANK)


@example("A bill from before the books")
def old_bill() -> None:
    """Pay what was owed when the books opened."""
    if not standing_entries("opening:meals"):
        opening()
    move("d1", rules.old_debt(4400, DAY, "meals", "440000", BANK))


@example("What the bank takes")
def bank_fee() -> None:
    """Pay the account's fee."""
    buy("f1", 250, BANK, kind=CostKind.BANK)


@example("What volunteers really spent")
def volunteers() -> None:
    """Give back a train ticket."""
    open_box()
    buy("v1", 1240, kind=CostKind.VOLUNTEERS)


@example("One seller's box takes the other's money")
def liaison() -> None:
    """Let the beer's box pay the meals' rice, and settle it."""
    with transaction():
        treasury.move("l0", rules.gift(5000, DAY, BEER_BOX), DAY, TREASURER)
    buy("l1", 3000, BEER_BOX)
    move("l2", rules.passage(3000, DAY, BANK, BEER_BOX))


@example("A gift, and one that is meant for something")
def gifts() -> None:
    """Give 20.00, and 50.00 for the meals' solidarity fund, and 25.00 in the meals' box for a jar."""
    move("g1", rules.gift(2000, DAY, BOX))
    move("g2", rules.gift(5000, DAY, BANK, "139500"))
    move("g3", rules.gift(2500, DAY, BOX, "139200"))


@example("Cash goes to the bank")
def to_the_bank() -> None:
    """Bring 200.00 to the bank."""
    open_box()
    move("t1", rules.passage(20000, DAY, BOX, BANK))


@example("The box holds too much, or too little")
def counted() -> None:
    """Count 20 cents too much, then 50 too little."""
    open_box()
    for off in (20, -50):
        cents = balance(BOX) + off
        with transaction():
            treasury.count_cash(notes_and_coins(cents, 20000), DAY, TREASURER)


@example("A bank's statement is checked")
def bank_check() -> None:
    """Write down what the bank says; nothing is booked."""
    move("s1", rules.gift(5000, DAY, BANK))
    with transaction():
        treasury.check_bank(BANK, 4750, DAY, DAY)


@example("A part is handed out")
def handed_out() -> None:
    """Share a week among four, and hand one of them 60.00 of their part."""
    settle(share_a_week("2026-W40", 30560))
    member = db.session.scalars(select(Member).where(Member.pseudonym == "Cumin")).one()
    with transaction():
        pay_out("h1", member.id, 6000, SUNDAY, TREASURER)


@example("A loss waits for better weeks")
def loss() -> None:
    """Buy for 50.00 more than comes in, then earn 80.00: there are 30.00 to share."""
    open_box()
    buy("n1", 5000)
    settle(share_a_week("2026-W41", 8000))


@example("A part is shared, and the rest waits")
def rest() -> None:
    """Share 200.00 of 305.60."""
    settle(share_a_week("2026-W42", 30560), 20000)


@example("A settlement is undone and made again")
def settled_again() -> None:
    """Share, undo it because a receipt was forgotten, and share what is left."""
    cycle = share_a_week("2026-W43", 31000)
    settlement = settle(cycle)
    with transaction():
        sharing.reverse_settlement(settlement, SUNDAY, TREASURER, "amount")
    buy("a1", 440)
    settle(cycle)


@example("A part of it goes to the SECU")
def secu() -> None:
    """Decide that ten of a hundred go to the SECU first, and share a week."""
    cycle = share_a_week("2026-W44", 30560)
    with transaction():
        decide(SECU, {"rate": "10.00"}, date(2026, 10, 26), AUTUMN)
    settle(cycle)


@example("An advance, and the part that pays it back")
def advanced() -> None:
    """Advance 20.00 on Thursday; on Sunday the part pays them back and 44.00 are handed out."""
    cycle = share_a_week("2026-W39", 30560)
    member = db.session.scalars(select(Member.id).where(Member.pseudonym == "Cumin")).one()
    with transaction():
        decide(ADVANCE_BOUND, 3000, date(2026, 9, 14), AUTUMN)
        advance("x1", member, 2000, DAY, TREASURER)
    settle(cycle)
    with transaction():
        pay_out("x2", member, 4400, SUNDAY, TREASURER, taken_back=2000)


@example("A mistake is undone and booked anew")
def mistake() -> None:
    """Type 90.00 for 9.00."""
    open_box()
    wrong = buy("m1", 9000)
    with transaction():
        treasury.undo_cost(wrong, DAY, TREASURER, "amount")
    buy("m2", 900)


@example("A hand-over that was the neighbour's")
def wrong_guest() -> None:
    """Hand over the wrong order: its sale and its payment are undone together."""
    number = ordered(B=1)
    with transaction():
        orders.hand_over(number, EVENING, ORGANISER)
    with transaction():
        undo(standing_entries(f"order:{number}")[0], EVENING, ORGANISER, "place")


@example("The year ends")
def year_end() -> None:
    """Earn 100.00 in 2025, of which 30.00 is spent, and close the year in January: 70.00 stay to share."""
    last_year, today = date(2025, 12, 20), date(2026, 1, 10)
    with transaction():
        treasury.move("y1", rules.gift(10000, last_year, BANK), last_year, TREASURER)
    with transaction():
        spent = Spent(CostKind.TRANSPORT, BANK, 3000, last_year, "2025-W51")
        treasury.record_cost("y2", spent, last_year, TREASURER)
    with transaction():
        books.close_year("meals", 2025, today, TREASURER)


@example("What arrives for a day that is locked")
def locked() -> None:
    """Lock October; a receipt of the 20th is booked on the first open day."""
    with transaction():
        books.lock_until(date(2026, 10, 31), DAY)
    buy("k1", 1200, BANK, spent_on=date(2026, 10, 20))


def share_a_week(label: str, cents: int) -> int:
    """Close a week of the meals, in which so much was given, for four to share; gives the cycle's id."""
    with transaction():
        if not db.session.scalar(select(Member.id).where(Member.pseudonym == "Cumin")):
            _invite_four()
        treasury.move(f"w{label[-2:]}", rules.gift(cents, DAY, BOX), DAY, TREASURER)
        monday = date.fromisocalendar(2026, int(label[-2:]), 1)
        return books.close_cycle("meals", label, monday, DAY).id


def _invite_four() -> None:
    for name in NEEDS:
        add_member(name, [("meals", Role.COOK)], AUTUMN)
    people = db.session.scalars(select(Member).where(Member.pseudonym.in_(NEEDS))).all()
    for person in people:
        subject_of(person)
    sharing.decide_weights({one.id: NEEDS[one.pseudonym] for one in people}, AUTUMN)


def settle(cycle: int, amount: int | None = None) -> int:
    """Share on Sunday; gives the settlement's id."""
    with transaction():
        return sharing.settle([cycle], amount, SUNDAY, TREASURER).id
