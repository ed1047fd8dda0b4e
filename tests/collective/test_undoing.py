"""Every kind of entry is undone by its own feature, as its preview said, or says why it stays."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from shop.collective.undoing.rules import What, effects, owners
from shop.collective.undoing.services import VERBS, rehearse, reversal_of, undo
from shop.errors import (
    AlreadyClosed,
    BoxOverdrawn,
    CostRepaid,
    EntryStays,
    NothingOwed,
    NotReversible,
    Refusal,
)
from shop.extensions import db
from shop.ledger.books import services as books
from shop.ledger.books.models import JournalEntry
from shop.ledger.books.queries import balance, distributable, head
from shop.ledger.books.rules import Entry, EntryKind, Leg
from shop.ledger.sharing.paying import pay_out
from shop.ledger.sharing.queries import standing, unsettled_cycles
from shop.ledger.sharing.services import settle
from shop.orders import queries as orders_queries
from shop.orders import services as orders
from shop.transaction import transaction
from shop.treasury import services as treasury
from shop.treasury.queries import costs_of, pockets
from shop.treasury.rules import BOX, POCKETS, SUPPLIERS, CostKind, Spent, gift, old_debt, passage
from tests.conftest import NOON
from tests.factories import SLOT, make_order, make_week
from tests.ledger.sharing.life import SUNDAY, decide_needs, live_week, make_beneficiaries

TODAY = date(2026, 11, 23)
EVENING = SLOT + timedelta(hours=1)
BOTH_SELLERS = ("meals", "beer")
ROLE = "treasurer"


@pytest.fixture
def opened(context: None) -> int:
    """Open the meals' books with 300.00 in the box; gives the entry."""
    with transaction():
        return treasury.open_books(30000, TODAY, ROLE)


def follows(seq: int, sellers: tuple[str, ...] = ("meals",)) -> dict[str, int]:
    """Rehearse, and see that nothing was written; gives the cents of each effect."""
    before = head()
    found = rehearse(seq, sellers, EVENING, ROLE, "never")
    assert head() == before
    return {one.what.value: one.cents for one in found.effects}


def take_back(seq: int) -> int:
    with transaction():
        return undo(seq, EVENING, ROLE, "twice")


def refused(seq: int, refusal: type[Refusal]) -> Refusal:
    """See both the preview and the act refuse."""
    with pytest.raises(refusal):
        rehearse(seq, ("meals",), EVENING, ROLE, "never")
    before = head()
    with pytest.raises(refusal) as found, transaction():
        undo(seq, EVENING, ROLE, "never")
    assert head() == before
    return found.value


def spend(paid_from: str = BOX, cents: int = 4680) -> int:
    spent = Spent(CostKind.INGREDIENTS, paid_from, cents, TODAY, "2026-W48")
    with transaction():
        return treasury.record_cost("c" * 32, spent, TODAY, ROLE).entry


def hand_over(paid: bool = True) -> int:
    """Hand over an order of 8.50; gives its number."""
    number = make_order(make_week(), B=1).number
    with transaction():
        orders.hand_over(number, EVENING, ROLE, pay_later=not paid)
    return number


def entry_of(number: int, kind: EntryKind) -> int:
    cited = select(JournalEntry.seq).where(
        JournalEntry.document == f"order:{number}", JournalEntry.kind == kind
    )
    return db.session.scalars(cited.order_by(JournalEntry.seq.desc())).first()


def test_every_kind_but_a_reversal_has_its_verb() -> None:
    assert set(VERBS) == set(EntryKind) - {EntryKind.REVERSAL}


def test_a_cost_is_undone_as_its_preview_says_and_once(opened: int) -> None:
    seq = spend()

    assert follows(seq) == {"money": 4680, "to_share": 4680}
    done = take_back(seq)
    assert take_back(seq) == done == reversal_of(seq)
    assert db.session.get_one(JournalEntry, done).label == "twice"
    assert (costs_of("2026-W48"), balance(BOX)) == ([], 30000)


@pytest.mark.parametrize(("owed", "what"), [(POCKETS, "pockets"), (SUPPLIERS, "bills")])
def test_what_paid_a_cost_back_is_undone_before_the_cost(opened: int, owed: str, what: str) -> None:
    seq = spend(owed)
    with transaction():
        pay = treasury.repay if owed == POCKETS else treasury.pay_bill
        paid = pay(costs_of("2026-W48")[0].id, TODAY, ROLE)
    refused(seq, CostRepaid)

    assert follows(paid) == {"money": 4680, what: 4680}
    take_back(paid)
    assert costs_of("2026-W48")[0].repaid is None
    assert follows(seq) == {what: -4680, "to_share": 4680}
    take_back(seq)
    assert (balance(owed), pockets()) == (0, [])


def test_gifts_and_transfers_are_undone(opened: int) -> None:
    with transaction():
        given = treasury.move("g" * 22, gift(5000, TODAY, BOX, "139500"), TODAY, ROLE).entry
        moved = treasury.move("t" * 22, passage(10000, TODAY, BOX, "550100"), TODAY, ROLE).entry

    found = rehearse(moved, ("meals",), EVENING, ROLE, "never").effects
    assert [(one.account, one.cents) for one in found] == [("550100", -10000), ("570100", 10000)]
    assert follows(given) == {"money": -5000, "fund": -5000}
    take_back(moved)
    take_back(given)
    assert (balance(BOX), balance("550100"), balance("139500")) == (30000, 0, 0)


def test_who_keeps_one_sellers_books_reads_of_that_one_only(opened: int) -> None:
    spent = Spent(CostKind.INGREDIENTS, BOX, 4680, TODAY, "2026-W48", activity="beer")
    with transaction():
        seq = treasury.record_cost("b" * 32, spent, TODAY, ROLE).entry

    assert follows(seq, ("beer",)) == {"liaison": 4680, "to_share": 4680}
    assert follows(seq, ("meals",)) == {"money": 4680, "liaison": -4680}
    assert follows(seq, BOTH_SELLERS) == {"money": 4680, "liaison": 4680, "to_share": 4680}
    assert owners([("600100", "beer"), (BOX, "meals"), ("499100", "beer"), ("499100", "meals")]) == {"beer"}
    assert owners([(BOX, "meals"), ("570200", "beer"), ("499100", "beer")]) == {"meals", "beer"}


def test_a_difference_that_a_count_booked_is_undone(opened: int) -> None:
    with transaction():
        seq = treasury.count_cash({5000: 5}, TODAY, ROLE).entry

    assert follows(seq) == {"money": 5000, "to_share": 5000}
    take_back(seq)
    assert balance(BOX) == 30000


def test_a_hand_over_goes_with_its_payment_and_a_payment_alone(opened: int) -> None:
    number = hand_over()
    sale, paid = entry_of(number, EntryKind.HAND_OVER), entry_of(number, EntryKind.PAYMENT)

    assert follows(paid) == {"money": -850, "customer": 850}
    assert follows(sale) == {"money": -850, "to_share": -850}
    assert set(rehearse(sale, ("meals",), EVENING, ROLE, "never").undone) == {sale, paid}
    take_back(paid)
    assert orders_queries.owed(number) == 850
    take_back(sale)
    assert orders_queries.ticket(number).state == "placed"
    assert balance(BOX) == 30000


def test_an_older_payment_waits_for_the_newer_one(opened: int) -> None:
    number = hand_over(paid=False)
    with transaction():
        orders.receive_payment(number, EVENING, ROLE, 500)
        orders.receive_payment(number, EVENING, ROLE)
    last = entry_of(number, EntryKind.PAYMENT)

    assert refused(last - 1, EntryStays).reason == "newer_payment"
    take_back(last)
    take_back(last - 1)
    assert orders_queries.owed(number) == 850


def test_money_paid_before_stays_with_its_sale(opened: int) -> None:
    number = make_order(make_week(), B=1).number
    with transaction():
        orders.receive_payment(number, NOON, ROLE)
        orders.hand_over(number, EVENING, ROLE)
    refused(entry_of(number, EntryKind.PAYMENT), NothingOwed)

    take_back(entry_of(number, EntryKind.HAND_OVER))
    assert follows(entry_of(number, EntryKind.PAYMENT)) == {"money": -850, "prepaid": -850}


def test_a_no_show_that_stays_due_is_undone(opened: int) -> None:
    number = make_order(make_week(), B=1).number
    with transaction():
        orders.mark_no_show(number, EVENING, ROLE, stays_due=True)
    seq = entry_of(number, EntryKind.NO_SHOW)

    assert follows(seq) == {"customer": -850, "to_share": -850}
    take_back(seq)
    assert orders_queries.ticket(number).state == "placed"


def test_in_a_closed_week_a_sale_stays_and_its_payment_can_go(opened: int) -> None:
    number = hand_over()
    week = orders_queries.ticket(number).week_id
    with transaction():
        orders.close_week(week, EVENING)
    refused(entry_of(number, EntryKind.HAND_OVER), AlreadyClosed)

    take_back(entry_of(number, EntryKind.PAYMENT))
    assert orders_queries.owed(number) == 850


def test_a_share_comes_back_while_each_part_stands(context: None) -> None:
    ids = make_beneficiaries()
    decide_needs(ids)
    week = live_week(0, 59950, 29390)
    with transaction():
        seq = settle([week], None, SUNDAY, ROLE).entry

    assert follows(seq) == {"parts": -30560, "to_share": 30560}
    take_back(seq)
    assert (standing(), len(unsettled_cycles()), distributable("meals")) == ([], 1, 30560)

    with transaction():
        again = settle([unsettled_cycles()[0].id], None, SUNDAY, ROLE).entry
        paid = pay_out("p" * 22, ids["Basilic"], 4900, SUNDAY, ROLE).entry
    assert refused(again, NotReversible).reason == "paid_out"

    assert follows(paid) == {"money": 4900, "parts": 4900}
    take_back(paid)
    take_back(again)
    assert distributable("meals") == 30560


def test_an_opening_is_undone_while_its_money_is_there(opened: int) -> None:
    assert follows(opened) == {"money": -30000, "float": -30000}
    seq = spend()
    assert refused(opened, BoxOverdrawn).missing == 4680

    take_back(seq)
    take_back(opened)
    with transaction():
        assert treasury.open_books(20000, TODAY, ROLE) > opened
    assert balance(BOX) == 20000


def test_a_year_end_is_undone_and_changes_nothing_to_share(opened: int) -> None:
    spend(cents=1000)
    after = date(2027, 1, 5)
    with transaction():
        seq = books.close_year("meals", 2026, after, ROLE)
    now = NOON + timedelta(days=43)

    assert rehearse(seq, ("meals",), now, ROLE, "never").effects == ()
    with transaction():
        undo(seq, now, ROLE, "amount")
        assert books.close_year("meals", 2026, after, ROLE) > seq
    assert distributable("meals") == -1000


def test_a_reversal_stays(opened: int) -> None:
    done = take_back(spend())
    assert refused(done, EntryStays).reason == "reversal"


def test_what_is_owed_is_told_the_right_way_round() -> None:
    owed = effects(
        {(POCKETS, "meals"): 100, (SUPPLIERS, "meals"): -100, ("600100", "meals"): -100}, ["meals"]
    )
    assert [(one.what, one.cents) for one in owed] == [
        (What.POCKETS, -100),
        (What.BILLS, 100),
        (What.TO_SHARE, 100),
    ]


def test_paying_an_old_debt_is_undone(context: None) -> None:
    with transaction():
        treasury.open_seller("meals", {BOX: 30000, POCKETS: 2000}, TODAY, ROLE)
        paid = treasury.move("o" * 22, old_debt(2000, TODAY, "meals", POCKETS, BOX), TODAY, ROLE).entry

    assert follows(paid) == {"money": 2000, "pockets": 2000}
    take_back(paid)
    assert (balance(BOX), balance(POCKETS)) == (30000, -2000)


@pytest.mark.parametrize(
    ("kind", "document"), [(EntryKind.HAND_OVER, "week:2026-W48"), (EntryKind.COST, "cost:nobody-bought")]
)
def test_an_entry_whose_source_is_not_there_stays(opened: int, kind: EntryKind, document: str) -> None:
    legs = (Leg("600100", 100), Leg(BOX, -100))
    with transaction():
        seq = books.post(Entry(document, kind, TODAY, document, "", ROLE, legs), TODAY)

    assert refused(seq, EntryStays).reason == "no_source"
