"""Costs, repayments and counts through the services, on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from shop.errors import (
    BoxOverdrawn,
    CostRepaid,
    CostUndone,
    CostUnknown,
    DayAhead,
    KeyReused,
    NotAnAmount,
    NothingToRepay,
)
from shop.extensions import db
from shop.ledger.books.models import JournalEntry
from shop.ledger.books.queries import balance
from shop.transaction import transaction
from shop.treasury.models import Cost
from shop.treasury.queries import box, costs_of, counts, fresh_count, payers, pockets, regular_costs
from shop.treasury.rules import BOX, POCKETS, CostKind, Spent
from shop.treasury.services import (
    count_cash,
    open_books,
    record_cost,
    repay,
    repeat_regular_costs,
    undo_cost,
)
from tests.factories import make_member

pytestmark = pytest.mark.usefixtures("context")

DAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _opened(context: None) -> None:
    with transaction():
        open_books(30000, DAY, "treasurer")


def spent(cents: int = 1500, **rest: object) -> Spent:
    given = {"kind": CostKind.KITCHEN, "paid_from": BOX, "spent_on": DAY, "week": "2026-W47"}
    return Spent(cents=cents, **{**given, **rest})


def record(form_id: str, what: Spent) -> Cost:
    with transaction():
        return record_cost(form_id, what, DAY, "organiser")


def test_the_float_is_opened_once() -> None:
    with transaction():
        assert open_books(30000, DAY + timedelta(days=1), "treasurer") == 1
    with pytest.raises(KeyReused), transaction():
        open_books(20000, DAY, "treasurer")
    assert (box().cents, box().float) == (30000, 30000)


def test_a_cost_from_the_box_is_recorded_once() -> None:
    first = record("form", spent()).id

    assert record("form", spent()).id == first
    assert balance("570100") == 28500
    assert balance("610000") == 1500


@pytest.mark.parametrize(
    ("what", "refusal"),
    [
        ({"cents": 0}, NotAnAmount),
        ({"cents": 30001}, BoxOverdrawn),
        ({"cents": 1, "spent_on": DAY + timedelta(days=1)}, DayAhead),
    ],
)
def test_a_cost_that_cannot_be(what: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        record("form", spent(**what))
    assert db.session.scalar(select(func.count()).select_from(Cost)) == 0
    assert balance("570100") == 30000


def test_a_pocket_is_repaid_once_and_then_forgotten() -> None:
    member = make_member("Cumin").id
    cost = record("form", spent(700, paid_from=POCKETS, payer=member)).id

    assert [one.id for one in pockets()] == [cost]
    assert payers(pockets())[cost].pseudonym == "Cumin"
    assert balance("570100") == 30000
    with transaction():
        seq = repay(cost, DAY, "treasurer")
    with transaction():
        assert repay(cost, DAY, "treasurer") == seq
    assert pockets() == []
    assert (balance("570100"), balance("489200")) == (29300, 0)
    assert db.session.get_one(Cost, cost).payer is None
    with pytest.raises(CostRepaid), transaction():
        undo_cost(cost, DAY, "treasurer")


def test_what_the_box_paid_is_not_repaid() -> None:
    cost = record("form", spent()).id

    with pytest.raises(NothingToRepay), transaction():
        repay(cost, DAY, "treasurer")
    with pytest.raises(CostUnknown), transaction():
        repay(cost + 1, DAY, "treasurer")


def test_a_cost_is_undone_by_its_reversal() -> None:
    cost = record("form", spent()).id
    with transaction():
        undo_cost(cost, DAY, "organiser")

    assert costs_of("2026-W47") == []
    assert balance("570100") == 30000
    with pytest.raises(CostUndone), transaction():
        undo_cost(cost, DAY, "organiser")


def test_regular_costs_are_proposed_as_last_week_and_recorded_in_one_tap() -> None:
    record("a", spent(1500, regular=True))
    record("b", spent(600, kind=CostKind.TRANSPORT, regular=True))
    record("c", spent(900, kind=CostKind.INGREDIENTS))

    assert [cost.cents for cost in regular_costs("2026-W48")] == [1500, 600]
    for expected in (2, 0):
        with transaction():
            assert len(repeat_regular_costs("2026-W48", DAY, "organiser")) == expected
    assert [cost.cents for cost in costs_of("2026-W48")] == [1500, 600]
    assert regular_costs("2026-W48") == []
    with transaction():
        undo_cost(costs_of("2026-W48")[0].id, DAY, "organiser")
    assert [cost.cents for cost in regular_costs("2026-W48")] == [1500]
    with transaction():
        repeat_regular_costs("2026-W48", DAY, "organiser")
    assert [cost.cents for cost in costs_of("2026-W48")] == [600, 1500]
    assert balance("570100") == 30000 - 3000 - 2100


def test_a_count_books_its_difference() -> None:
    with transaction():
        short = count_cash({5000: 5, 2000: 2, 500: 1}, DAY, "treasurer").id
    assert (balance("570100"), balance("644900")) == (29500, 500)
    with transaction():
        count_cash({5000: 6, 10: 2}, DAY, "treasurer")
    assert (balance("570100"), balance("749900")) == (30020, -520)
    with transaction():
        right = count_cash({5000: 6, 10: 2, 500: 0}, DAY, "treasurer")

    assert [count.counted for count in counts()] == [30020, 29500]
    assert (right.expected, right.at_seq) == (29500, 2)
    assert counts()[1].id == short


def test_a_count_that_is_right_books_nothing() -> None:
    with transaction():
        count = count_cash({5000: 6}, DAY, "treasurer")

    assert (count.counted, count.expected, count.entry) == (30000, 30000, None)
    assert db.session.scalar(select(func.count()).select_from(JournalEntry)) == 1


def test_a_count_is_fresh_until_the_box_moves() -> None:
    assert fresh_count() is None
    with transaction():
        count = count_cash({5000: 5, 2000: 2}, DAY, "treasurer").id
    assert fresh_count().id == count
    record("pocket", spent(paid_from=POCKETS))
    assert fresh_count().id == count
    record("form", spent(1600))
    assert fresh_count() is None
