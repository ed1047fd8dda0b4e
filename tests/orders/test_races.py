"""Many at once: buyers, amends, members' entries, the cutoff; and what happens without the lock."""

import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError, IntegrityError

from shop import queue
from shop import transaction as transactions
from shop.errors import CycleClosed, MenuFull, OrderFinal, QuotaReached, Refusal
from shop.extensions import db
from shop.ledger.books.queries import balance
from shop.orders import placing, queries, services
from shop.orders.rules import Offer, OrderSource, PickUp
from shop.transaction import transaction
from tests.conftest import NOON
from tests.factories import CLOSES, make_plan, make_week
from tests.orders.test_guard_of_the_cap import take_the_guard_away

THREADS = 6
WHO = {"name": "Nour", "phone": "0470 00 00 00"}


def at_once(app: Flask, works: Sequence[Callable[[], object]]) -> list[object]:
    """Run every work in a thread of its own, let go together; gives results and refusals."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        with app.app_context():
            gate.wait()
            try:
                return work()
            except (Refusal, DBAPIError) as error:
                return error
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def buyer(
    week_id: int,
    wanted: dict[int, int],
    slot: int,
    source: OrderSource = OrderSource.WEB,
    form_id: str = "",
    at: datetime = NOON,
) -> Callable[[], services.Placed]:
    def buy() -> services.Placed:
        with transaction():
            return services.place_order(
                week_id,
                wanted,
                PickUp(slot),
                WHO,
                form_id=form_id or str(uuid.uuid4()),
                source=source,
                language="fr",
                now=at,
            )

    return buy


def changer(number: int, wanted: dict[int, int], at: datetime = NOON) -> Callable[[], None]:
    def change() -> None:
        with transaction():
            services.amend_order(number, wanted, None, None, at)

    return change


def refused(found: Sequence[object], kind: type[Exception]) -> int:
    return sum(isinstance(one, kind) for one in found)


@pytest.fixture
def sold_plates(app: Flask) -> Callable[[], int]:
    """Count the mains sold in the first week."""

    def count() -> int:
        with app.app_context():
            return queries.mains_taken(1)

    return count


@contextmanager
def week_with(app: Flask, cap: int, quota: int | None = None) -> Iterator[tuple[int, int, int]]:
    """Make a week with a cap: its number, its main's line, its slot."""
    with app.app_context():
        week = make_week(plan=make_plan(cap=cap), quotas=(None, quota, None))
        yield week.id, week.lines[1].id, week.slots[0].id
        db.session.remove()


def test_one_plate_and_six_buyers(app: Flask, sold_plates: Callable[[], int]) -> None:
    with week_with(app, cap=1) as (week, main, slot):
        pass
    found = at_once(app, [buyer(week, {main: 1}, slot) for _ in range(THREADS)])
    assert refused(found, MenuFull) == THREADS - 1
    assert sold_plates() == 1


def test_one_portion_of_a_quota_and_six_buyers(app: Flask, sold_plates: Callable[[], int]) -> None:
    with week_with(app, cap=70, quota=1) as (week, main, slot):
        pass
    found = at_once(app, [buyer(week, {main: 1}, slot) for _ in range(THREADS)])
    assert refused(found, QuotaReached) == THREADS - 1
    assert sold_plates() == 1


def test_buyers_members_amends_and_sales_at_the_desk_share_the_last_plates(
    app: Flask, sold_plates: Callable[[], int]
) -> None:
    with week_with(app, cap=7) as (week, main, slot):
        numbers = [buyer(week, {main: 1}, slot)().number for _ in range(4)]

    def sell() -> object:
        with transaction():
            return services.sell_at_desk(week, {main: 1}, NOON, "organiser", str(uuid.uuid4()))

    works: list[Callable[[], object]] = [
        *(buyer(week, {main: 1}, slot) for _ in range(2)),
        *(buyer(week, {main: 1}, slot, OrderSource.SPOKEN) for _ in range(2)),
        *(changer(number, {main: 2}) for number in numbers[:2]),
        sell,
        sell,
    ]
    found = at_once(app, works)
    assert refused(found, MenuFull) == len(works) - 3
    assert sold_plates() == 7


def test_ten_clicks_at_once_are_one_order(app: Flask, sold_plates: Callable[[], int]) -> None:
    with week_with(app, cap=70) as (week, main, slot):
        pass
    found = at_once(app, [buyer(week, {main: 1}, slot, form_id="ten clicks") for _ in range(10)])
    assert len(set(found)) == 1
    assert sold_plates() == 1


def test_numbers_have_no_gap_and_no_twin(app: Flask) -> None:
    with week_with(app, cap=70) as (week, main, slot):
        pass
    found = at_once(app, [buyer(week, {main: 1}, slot) for _ in range(THREADS)])
    numbers = sorted(one.number for one in found if isinstance(one, services.Placed))
    assert numbers == list(range(1001, 1001 + THREADS))


def test_an_amend_that_races_the_cutoff_is_wholly_in_or_wholly_out(app: Flask) -> None:
    with week_with(app, cap=70) as (week, main, slot):
        starter = main - 1
        number = buyer(week, {starter: 1, main: 1}, slot)().number
    last = CLOSES - timedelta(seconds=1)
    works = [changer(number, {main: 2 + turn}, CLOSES if turn % 2 else last) for turn in range(THREADS)]
    found = at_once(app, works)
    assert refused(found, CycleClosed) == THREADS // 2
    with app.app_context():
        ticket = queries.ticket(number)
        assert ticket
        assert {line.line_id: line.quantity for line in ticket.lines} in ({main: 2}, {main: 4}, {main: 6})
        assert ticket.revision == 1 + THREADS // 2


def test_the_same_food_is_handed_over_once(app: Flask) -> None:
    with week_with(app, cap=70) as (week, main, slot):
        number = buyer(week, {main: 1}, slot)().number

    def hand_over() -> None:
        with transaction():
            services.hand_over(number, NOON, "organiser")

    found = at_once(app, [hand_over] * THREADS)
    assert refused(found, OrderFinal) == THREADS - 1
    with app.app_context():
        assert balance("570100") == 850


def test_without_the_lock_everyone_finds_the_last_plate_free(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with week_with(app, cap=1) as (week, main, slot):
        pass
    gate = threading.Barrier(THREADS, timeout=10)

    def read_and_wait(week_id: int) -> dict[int, Offer]:
        found = queries.offers(week_id)
        gate.wait()
        return found

    monkeypatch.setattr(placing, "offers", read_and_wait)
    monkeypatch.setattr(transactions, "_take_write_lock", lambda: None)
    monkeypatch.setattr(queue, "turn", lambda path: nullcontext())
    found = at_once(app, [buyer(week, {main: 1}, slot) for _ in range(THREADS)])
    assert refused(found, MenuFull) == 0
    assert refused(found, DBAPIError) >= THREADS - 1


@pytest.mark.tampers
def test_checked_before_the_lock_only_the_guard_in_the_database_holds(
    app: Flask, sold_plates: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with week_with(app, cap=1) as (week, main, slot):
        stale = queries.offers(week)
    monkeypatch.setattr(placing, "offers", lambda week_id: stale)
    found = at_once(app, [buyer(week, {main: 1}, slot) for _ in range(THREADS)])
    assert (refused(found, IntegrityError), sold_plates()) == (THREADS - 1, 1)
    with app.app_context():
        take_the_guard_away()
        db.session.remove()
    at_once(app, [buyer(week, {main: 1}, slot) for _ in range(THREADS)])
    assert sold_plates() == 1 + THREADS
