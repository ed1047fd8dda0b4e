"""Bills, gifts, transfers, counts of any box and openings through the services, on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from shop.errors import (
    AccountUnfit,
    AlreadyReversed,
    BoxOverdrawn,
    CostRepaid,
    CountUnknown,
    DayAhead,
    DayTooOld,
    KeyReused,
    LinesOffBy,
    MemberUnknown,
    MoreThanOwed,
    MovementUnknown,
    NothingBooked,
    NothingToRepay,
    OwedMoreThanHeld,
    PerhapsTwice,
)
from shop.extensions import db
from shop.ledger.books.models import JournalEntry
from shop.ledger.books.queries import balance, distributable
from shop.ledger.books.services import lock_until, post, reverse
from shop.transaction import transaction
from shop.treasury import services as treasury
from shop.treasury.boxes import boxes
from shop.treasury.models import BoxHolder, Cost
from shop.treasury.queries import (
    bills,
    has_opened,
    liaison_owed,
    movements,
    old_debt_left,
    pockets,
    undone,
)
from shop.treasury.rules import (
    BOX,
    POCKETS,
    SUPPLIERS,
    CostKind,
    Line,
    Moved,
    MovementKind,
    Spent,
    gift,
    old_debt,
    opening_entry,
    passage,
)
from tests.factories import make_member

pytestmark = pytest.mark.usefixtures("context")

DAY = date(2026, 11, 20)
BANK, BEER_BOX = "550100", "570200"
HELD = {"570100": 30000, "550100": 20000, "489200": 4000, "140100": 5000}
WHO = (DAY, "treasurer")


@pytest.fixture(autouse=True)
def _opened(context: None) -> None:
    with transaction():
        treasury.open_seller("meals", HELD, *WHO)


def record(form_id: str, cents: int = 1500, another: bool = False, **told: object) -> int:
    given = {"kind": CostKind.KITCHEN, "paid_from": BOX, "spent_on": DAY, "week": "2026-W47", **told}
    with transaction():
        return treasury.record_cost(form_id, Spent(cents=cents, **given), *WHO, another=another).id


def move(form_id: str, moved: Moved) -> int:
    with transaction():
        return treasury.move(form_id, moved, *WHO).id


def entries() -> int:
    return db.session.scalar(select(func.count()).select_from(JournalEntry))


def test_a_seller_opens_once_with_what_is_held_and_owed() -> None:
    assert (balance("100000"), distributable("meals"), balance("489200")) == (-41000, 5000, -4000)
    with transaction():
        assert treasury.open_seller("meals", HELD, DAY + timedelta(days=1), "treasurer") == 1
    with pytest.raises(KeyReused), transaction():
        treasury.open_seller("meals", {"570100": 1}, *WHO)
    with pytest.raises(OwedMoreThanHeld), transaction():
        treasury.open_seller("beer", {"550200": 100, "140200": 200}, *WHO)
    assert not has_opened("beer")
    with transaction():
        seq = treasury.open_seller("beer", {"550200": 150000, "140200": 150000}, *WHO, on=date(2021, 12, 31))
    assert db.session.get_one(JournalEntry, seq).date == date(2021, 12, 31)
    assert (distributable("beer"), balance("100000", "beer")) == (150000, 0)


def test_an_opening_that_was_undone_is_made_anew() -> None:
    with transaction():
        reverse(1, DAY, *WHO)
        assert not has_opened()
        treasury.open_seller("meals", {"570100": 1}, *WHO)
    assert (balance("570100"), has_opened()) == (1, True)


def test_books_opened_under_the_first_key_stay_open() -> None:
    with transaction():
        reverse(1, DAY, *WHO)
        old = opening_entry("opening", "meals", {BOX: 900}, "140100", day=DAY, role="treasurer")
        post(type(old)(**{**old.__dict__, "document": "opening"}), DAY)
        assert has_opened()
    with pytest.raises(KeyReused), transaction():
        treasury.open_books(900, *WHO)


def test_a_cost_like_another_is_asked_about() -> None:
    first = record("a", shop="Marché")
    with pytest.raises(PerhapsTwice) as refused:
        record("b")
    assert (refused.value.cost_id, refused.value.shop, entries()) == (first, "Marché", 2)
    assert record("a") == first
    record("b", another=True)
    record("c", cents=1501)
    record("d", spent_on=DAY - timedelta(days=1))
    record("e", activity="beer")
    with transaction():
        treasury.undo_cost(first, *WHO, "twice")
    assert balance("610000") == 1500 + 1501 + 1500 + 1500


def test_a_receipt_with_lines_keeps_them() -> None:
    lines = (Line(CostKind.PACKAGING, 400, "Barquettes"), Line(CostKind.INGREDIENTS, 1100))
    with pytest.raises(LinesOffBy) as refused:
        record("a", 1600, lines=lines)
    assert refused.value.off_by == 100
    cost = db.session.get_one(Cost, record("a", lines=lines))

    assert cost.kind is CostKind.INGREDIENTS
    assert [(line.kind, line.cents, line.goods) for line in cost.lines] == [
        ("packaging", 400, "Barquettes"),
        ("ingredients", 1100, ""),
    ]
    assert (balance("600110"), balance("600100")) == (400, 1100)


def test_a_bill_waits_until_it_is_paid() -> None:
    bill = record("a", paid_from=SUPPLIERS)
    assert ([one.id for one in bills()], bills("beer"), balance("440000")) == ([bill], [], -1500)
    with pytest.raises(NothingToRepay), transaction():
        treasury.repay(bill, *WHO)
    with transaction():
        seq = treasury.pay_bill(bill, *WHO, BANK)
        assert treasury.pay_bill(bill, *WHO) == seq
    assert (bills(), balance("440000"), balance(BANK)) == ([], 0, 18500)


def test_a_payment_is_undone_and_made_again() -> None:
    member = make_member("Cumin").id
    cost = record("a", paid_from=POCKETS, payer=member)
    with transaction():
        treasury.repay(cost, *WHO)
    with pytest.raises(CostRepaid), transaction():
        treasury.undo_cost(cost, *WHO)
    with transaction():
        treasury.undo_repayment(cost, *WHO, "never", payer=member)
    with pytest.raises(NothingToRepay), transaction():
        treasury.undo_repayment(cost, *WHO)
    assert (pockets()[0].payer.value, balance(BOX)) == (member, 30000)
    with transaction():
        treasury.repay(cost, *WHO, BANK)
    assert (pockets(), balance(BANK)) == ([], 18500)


def test_all_that_one_member_paid_is_given_back_at_once() -> None:
    member, other = make_member("Cumin").id, make_member("Romarin").id
    for form_id, payer in (("a", member), ("b", member), ("c", other)):
        record(form_id, another=True, paid_from=POCKETS, payer=payer)
    with transaction():
        assert len(treasury.repay_member(member, "meals", *WHO)) == 2
    assert ([cost.payer.value for cost in pockets()], balance(BOX)) == ([other], 27000)
    for seller in ("meals", "beer"):
        with pytest.raises(NothingToRepay), transaction():
            treasury.repay_member(member, seller, *WHO)


def test_a_repeated_pocket_that_was_repaid_comes_from_the_box() -> None:
    member = make_member("Cumin").id
    repaid = record("a", paid_from=POCKETS, payer=member, regular=True)
    record("b", 700, paid_from=POCKETS, payer=member, regular=True, kind=CostKind.TRANSPORT)
    with transaction():
        treasury.repay(repaid, *WHO)
        again = treasury.repeat_regular_costs("2026-W48", *WHO)
    assert [(cost.paid_from, cost.payer and cost.payer.value) for cost in again] == [
        (BOX, None),
        (POCKETS, member),
    ]


def test_what_one_seller_pays_for_the_other_is_settled() -> None:
    record("a", 4500, activity="beer")
    assert (liaison_owed("beer"), liaison_owed("meals")) == (4500, 0)
    move("g", gift(6000, DAY, BEER_BOX))
    for source, target, cents in ((BEER_BOX, BOX, 4501), (BOX, BEER_BOX, 1)):
        with pytest.raises(MoreThanOwed):
            move("x", passage(cents, DAY, source, target))
    move("m", passage(4000, DAY, BEER_BOX, BANK))
    assert move("m", passage(4000, DAY, BEER_BOX, BANK)) == 2
    assert (liaison_owed("beer"), balance(BEER_BOX), balance(BANK)) == (500, 2000, 24000)


def test_a_gift_for_a_jar_in_the_meals_box_is_the_beer_s() -> None:
    before = distributable("meals")
    one = move("a", gift(2000, DAY, BOX, "139200"))
    move("b", gift(500, DAY, BANK, "139500"))
    move("c", gift(300, DAY, BOX))

    assert (balance("139200", "beer"), balance("139500", "meals")) == (-2000, -500)
    assert (distributable("meals") - before, distributable("beer")) == (300, 0)
    assert liaison_owed("meals") == 2000
    with transaction():
        treasury.undo_movement(one, *WHO, "place")
    assert [found.form_id for found in movements(["meals", "beer"], MovementKind.GIFT)] == ["c", "b"]
    with pytest.raises(AlreadyReversed), transaction():
        treasury.undo_movement(one, *WHO)
    with pytest.raises(MovementUnknown), transaction():
        treasury.undo_movement(99, *WHO)


def test_cash_goes_to_the_bank_and_never_more_than_there_is() -> None:
    move("a", passage(25000, DAY, BOX, BANK))
    assert (balance(BOX), balance(BANK)) == (5000, 45000)
    with pytest.raises(BoxOverdrawn):
        move("b", passage(5001, DAY, BOX, BANK))
    with pytest.raises(DayAhead):
        move("b", passage(1, DAY + timedelta(days=1), BOX, BANK))
    with pytest.raises(DayTooOld):
        move("b", passage(1, DAY - timedelta(days=91), BOX, BANK))
    assert entries() == 2


def test_a_debt_from_before_the_books_is_paid_in_parts() -> None:
    assert old_debt_left(POCKETS, "meals") == 4000
    debt = move("a", old_debt(3000, DAY, "meals", POCKETS, BOX))
    with pytest.raises(MoreThanOwed) as refused:
        move("b", old_debt(1001, DAY, "meals", POCKETS, BOX))
    assert refused.value.owed == 1000
    with transaction():
        treasury.undo_movement(debt, *WHO)
    assert (old_debt_left(POCKETS, "meals"), balance(POCKETS)) == (4000, -4000)


def test_what_comes_for_a_locked_day_is_booked_on_the_first_open_one() -> None:
    old = DAY - timedelta(days=10)
    with transaction():
        lock_until(DAY - timedelta(days=5), DAY)
    cost = db.session.get_one(Cost, record("a", spent_on=old))
    move("m", gift(300, old, BOX))
    days = db.session.scalars(select(JournalEntry.date).where(JournalEntry.seq > 1)).all()

    assert (cost.spent_on, days) == (old, [DAY - timedelta(days=4)] * 2)


def test_a_bank_is_checked_against_its_day() -> None:
    later, seq = DAY + timedelta(days=1), entries()
    with transaction():
        treasury.move("a", passage(5000, later, BANK, BOX), later, "treasurer")
        then = treasury.check_bank(BANK, 15000, later, later)
        before = treasury.check_bank(BANK, 20500, DAY, later)
        assert treasury.check_bank(BANK, 20500, DAY, later) is before
    assert [(one.counted, one.expected, one.pieces, one.entry) for one in (then, before)] == [
        (15000, 15000, {}, None),
        (20500, 20000, {}, None),
    ]
    assert entries() == seq + 1
    with pytest.raises(DayAhead), transaction():
        treasury.check_bank(BANK, 15000, DAY + timedelta(days=1), DAY)
    with pytest.raises(DayTooOld), transaction():
        treasury.check_bank(BANK, 15000, DAY - timedelta(days=91), DAY)
    with pytest.raises(AccountUnfit), transaction():
        treasury.check_bank(BOX, 15000, *(DAY, DAY))


def test_a_count_is_undone_where_it_booked_something() -> None:
    with transaction():
        wrong = treasury.count_cash({5000: 5}, *WHO)
    with transaction():
        treasury.undo_count(wrong.id, *WHO, "amount")
    assert (balance(BOX), undone([wrong])) == (30000, {wrong.id})
    with transaction():
        right = treasury.count_cash({5000: 6}, *WHO).id
    for number, refusal in ((wrong.id, AlreadyReversed), (right, NothingBooked), (99, CountUnknown)):
        with pytest.raises(refusal), transaction():
            treasury.undo_count(number, *WHO)
    with pytest.raises(AccountUnfit), transaction():
        treasury.count_cash({5000: 1}, *WHO, BANK)


def test_a_box_goes_from_hand_to_hand_counted() -> None:
    first, second = make_member("Cumin").id, make_member("Romarin").id
    with transaction():
        treasury.hand_box_over(BOX, {5000: 5}, first, *WHO)
        treasury.hand_box_over(BEER_BOX, {}, second, *WHO)
    with transaction():
        treasury.hand_box_over(BOX, {5000: 5}, second, *WHO)
    with pytest.raises(MemberUnknown), transaction():
        treasury.hand_box_over(BOX, {5000: 1}, 99, *WHO)

    assert [(box.cents, box.holder.pseudonym) for box in boxes(["meals", "beer"])] == [
        (25000, "Romarin"),
        (0, "Romarin"),
    ]
    assert db.session.scalar(select(func.count()).select_from(BoxHolder)) == 2
