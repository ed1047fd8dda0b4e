"""What the to-do list is made from, on both databases."""

from datetime import date

import pytest
from flask import Flask

from shop.collective.todo.queries import facts
from shop.collective.todo.rules import Task, todos
from shop.ledger.books.services import close_year
from shop.settings.switches import use
from shop.transaction import transaction
from shop.treasury import services as treasury
from shop.treasury.rules import BOX, SUPPLIERS, CostKind, Spent
from tests.conftest import NOON
from tests.ledger.sharing.life import MONDAY, live_week

TODAY = date(2026, 11, 23)
ROLE = "treasurer"
DONE = {Task.SHARE, Task.LOCK}
"""What another test does."""


@pytest.fixture(autouse=True)
def _asked(app: Flask) -> object:
    """Stand in a request: what the group uses is read once for each."""
    with app.test_request_context():
        yield


def tasks() -> set[Task]:
    return {one.task for one in todos(facts(["meals", "beer"], [], NOON))} - DONE


def test_what_waits_goes_once_it_is_done() -> None:
    with transaction():
        treasury.open_seller("meals", {BOX: 30000, "550100": 5000, "489200": 2000}, MONDAY, ROLE)
    live_week(0, 59950)
    with transaction():
        spent = Spent(CostKind.TRANSPORT, SUPPLIERS, 1200, TODAY, "2026-W48")
        bill = treasury.record_cost("a" * 22, spent, TODAY, ROLE).id
        lent = Spent(CostKind.TRANSPORT, BOX, 700, TODAY, "2026-W48", activity="beer")
        treasury.record_cost("b" * 22, lent, TODAY, ROLE)
    assert tasks() == {Task.COUNT, Task.REPAY, Task.PAY, Task.HAND_ON, Task.CHECK_BANK}

    with transaction():
        treasury.pay_bill(bill, TODAY, ROLE)
        treasury.check_bank("550100", 5000, TODAY, TODAY)
        treasury.count_cash({5000: 17, 2000: 1, 1000: 1, 50: 1}, TODAY, ROLE)
    found = facts(["meals", "beer"], [], NOON)
    assert [place.cents for place in found.books[0].places] == [88050, 5000]
    assert tasks() == {Task.REPAY, Task.HAND_ON}


def test_last_years_books_wait_to_be_closed_until_they_are() -> None:
    live_week(0, 59950)
    after = NOON.replace(year=2027)

    assert [one.year_left for one in facts(["meals", "beer"], [], after).books] == [2026, None]
    with transaction():
        close_year("meals", 2026, after.date(), ROLE)
    assert [one.year_left for one in facts(["meals", "beer"], [], after).books] == [None, None]


def test_a_bank_that_is_not_used_is_not_looked_at() -> None:
    with transaction():
        treasury.open_seller("meals", {"550100": 5000}, MONDAY, ROLE)
        use([], TODAY)
    assert Task.CHECK_BANK not in tasks()
