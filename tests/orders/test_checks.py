"""`shop verify` finds what was changed by hand."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from shop.checks import State
from shop.extensions import db
from shop.ledger.books import services as books
from shop.ledger.books.rules import Entry, EntryKind, Leg
from shop.orders import services
from shop.orders.checks import CHECKS
from shop.transaction import transaction
from tests.conftest import NOON
from tests.factories import SLOT, make_order, make_week
from tests.orders.test_guard_of_the_cap import take_the_guard_away

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.tampers]

DAY = NOON.date()


def lived_week() -> None:
    """Live a week: 1001 paid, 1002 pays later, 1003 absent, 1004 paid before, 1005 cancelled, 1006 undone."""
    week = make_week()
    for _ in range(6):
        make_order(week, A=1, B=1)
    with transaction():
        services.hand_over(1001, SLOT, "organiser")
        services.hand_over(1002, SLOT, "organiser", pay_later=True)
        services.mark_no_show(1003, SLOT, "organiser")
        services.receive_payment(1004, NOON, "organiser")
        services.cancel_order(1005, NOON)
        services.hand_over(1006, SLOT, "organiser")
        services.undo_hand_over(1006, SLOT, "organiser")


def broken() -> set[str]:
    return {check.name for check in CHECKS if check.run(quick=False).state is State.BROKEN}


def write(statement: str) -> Callable[[], None]:
    def change() -> None:
        with transaction():
            db.session.execute(text(statement))

    return change


def post(account: str, cents: int) -> Callable[[], None]:
    def change() -> None:
        legs = (Leg("570100", -cents), Leg(account, cents))
        with transaction():
            books.post(Entry("by hand", EntryKind.PAYMENT, DAY, "order:7", "", "admin", legs), DAY)

    return change


def test_nothing_is_found_in_a_week_as_it_is_lived() -> None:
    lived_week()
    assert broken() == set()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (write("UPDATE week SET cap = 3"), CHECKS[0].name),
        (write("UPDATE order_line SET quantity = 2 WHERE number = 1001"), CHECKS[1].name),
        (write("UPDATE customer_order SET delivery_fee = 100 WHERE number = 1002"), CHECKS[1].name),
        (write("UPDATE customer_order SET state = 'placed' WHERE number = 1001"), CHECKS[1].name),
        (write("UPDATE customer_order SET state = 'picked_up' WHERE number = 1003"), CHECKS[1].name),
        (post("460100", -5), CHECKS[2].name),
        (post("400000", -5), CHECKS[3].name),
        (write("UPDATE week SET state = 'closed'"), CHECKS[4].name),
    ],
)
def test_each_damage_is_found(change: Callable[[], None], found: str) -> None:
    lived_week()
    take_the_guard_away()
    change()
    assert broken() == {found}
