"""A week in the books, event by event, with the real numbers (ledger.md: "Events and their postings").

The box holds the float of 300.00. The week sells 599.50, delivery included, costs 293.90 and leaves 305.60.
"""

import pytest

from shop.ledger.books import queries
from shop.ledger.books.rules import EntryKind, Leg
from shop.ledger.books.services import post, reverse
from shop.money import allocate
from shop.transaction import transaction
from tests.ledger.books.entries import BOX, DAY, FOOD, SALES, book, make_entry, open_box

POCKETS, CUSTOMERS, DELIVERY = "489200", "400000", "700190"
AID, DUE = "643100", "489110"

pytestmark = pytest.mark.usefixtures("context")


def held() -> dict[str, int]:
    """Give what each account holds, in the ledger's sign."""
    return {line.code: line.cents for line in queries.trial_balance()}


def test_the_week_of_domain_8() -> None:
    open_box()
    book((FOOD, 27290), (BOX, -27290), key="purchases", kind=EntryKind.COST)
    book(("610000", 1500), ("616100", 600), (POCKETS, -2100), key="kitchen", kind=EntryKind.COST)
    book((BOX, 59950), (SALES, -58950), (DELIVERY, -1000), key="sales")
    assert queries.distributable("meals") == 30560

    parts = allocate(30560, {"a": 100, "b": 130, "c": 180, "d": 210})
    given = [Leg(DUE, -cents, subject=who) for who, cents in parts.items()]
    book((AID, 30560), *given, key="settlement:2026-W48", kind=EntryKind.SETTLEMENT)
    assert queries.distributable("meals") == 0
    assert queries.balances_by_subject(DUE) == {"a": -4929, "b": -6408, "c": -8872, "d": -10351}

    book((POCKETS, 2100), (BOX, -2100), key="repaid", kind=EntryKind.REIMBURSEMENT)
    assert held()[BOX] == 30000 + 30560
    assert POCKETS not in held()


def test_sold_now_and_paid_later() -> None:
    book((CUSTOMERS, 1250), (SALES, -1050), (DELIVERY, -200))
    assert queries.balance(CUSTOMERS) == 1250
    book((BOX, 1250), (CUSTOMERS, -1250), key="paid", kind=EntryKind.PAYMENT)
    assert held() == {BOX: 1250, SALES: -1050, DELIVERY: -200}


@pytest.mark.parametrize(("paid", "account"), [(2550, "644900"), (2555, "749900")])
def test_cash_is_rounded_to_five_cents_and_the_difference_has_an_account(paid: int, account: str) -> None:
    due = 2552 if account == "644900" else 2553
    book((CUSTOMERS, due), (SALES, -due))
    book((BOX, paid), (account, due - paid), (CUSTOMERS, -due), key="paid", kind=EntryKind.PAYMENT)
    assert queries.distributable("meals") == queries.balance(BOX) == paid


def test_change_that_is_kept_is_a_gift_and_shared_like_the_rest() -> None:
    book((CUSTOMERS, 2550), (SALES, -2550))
    book((BOX, 3000), ("731000", -450), (CUSTOMERS, -2550), key="paid", kind=EntryKind.PAYMENT)
    assert queries.distributable("meals") == 3000


def test_a_count_books_what_is_there_too_much_or_too_little() -> None:
    open_box()
    book((BOX, 20), ("749900", -20), key="count:1", kind=EntryKind.COUNT)
    book(("644900", 50), (BOX, -50), key="count:2", kind=EntryKind.COUNT)
    assert queries.balance(BOX) == 29970
    assert queries.distributable("meals") == -30


def test_the_float_is_never_shared() -> None:
    open_box()
    assert queries.distributable("meals") == 0


def test_a_loss_waits_for_the_next_week_to_make_it_good() -> None:
    open_box()
    book((FOOD, 5000), (BOX, -5000), key="too much", kind=EntryKind.COST)
    assert queries.distributable("meals") == -5000
    book((BOX, 8000), (SALES, -8000), key="next week")
    assert queries.distributable("meals") == 3000


def test_a_mistake_is_undone_and_booked_anew() -> None:
    open_box()
    with transaction():
        wrong = post(make_entry((FOOD, 9000), (BOX, -9000), key="cost:1", document="cost:1"), DAY)
        reverse(wrong, DAY, DAY, "treasurer")
        post(make_entry((FOOD, 900), (BOX, -900), key="cost:1#2", document="cost:1"), DAY)
    assert held() == {BOX: 29100, FOOD: 900, "100000": -30000}
    assert queries.head()[0] == 4
