"""Weeks lived through the real services."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select

from shop.clock import now
from shop.demo.keeping import keep_open
from shop.demo.lives import simulate
from shop.demo.rules import first_story, open_story, plan_around
from shop.demo.services import House, live, open_week, settle_in, take_orders
from shop.errors import MenuFull
from shop.extensions import db
from shop.ledger.books.queries import balance, distributable, head
from shop.ledger.sharing.models import Settlement
from shop.ledger.sharing.queries import parts_of, unsettled_cycles
from shop.members.models import Activity
from shop.members.queries import by_subject
from shop.menu import services as menu
from shop.menu.models import Week
from shop.menu.queries import current_week
from shop.menu.rules import DishKind
from shop.orders import services as orders
from shop.orders.queries import mains_taken, tickets
from shop.orders.rules import OrderSource, OrderState, PickUp
from shop.tick import tick
from shop.transaction import transaction
from shop.weeks import shift
from tests.conftest import fresh_database, make_app

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def house() -> House:
    """Settle in a week before the open one."""
    return settle_in(shift(plan_around(now()).opens_at, -8))


@pytest.fixture
def opened(house: House) -> Week:
    """Open the current week, with its orders so far."""
    story = open_story()
    week = open_week(house, story, plan_around(now()))
    take_orders(week, story, now())
    return db.session.get_one(Week, week.id)


def test_the_first_week_ends_at_its_known_numbers(house: House) -> None:
    week = live(house, first_story(), plan_around(now()).later(-7))

    eaten = tickets(week.id)
    assert {one.state for one in eaten} == {OrderState.PICKED_UP, OrderState.DELIVERED}
    assert len(eaten) == 21
    assert sum(one.portions for one in eaten) == 97
    assert sum(one.mains for one in eaten) == mains_taken(week.id) == 55
    assert sum(one.amount for one in eaten) == 59950
    assert all(one.owed == 0 for one in eaten)
    assert -balance("700100") == 58750
    assert -balance("700190") == 1200
    assert balance("600100") + balance("600110") == 27290
    assert (balance("610000"), balance("616100")) == (1500, 600)
    assert balance("570100") == 30000 + 30560
    assert (balance("400000"), distributable("meals")) == (0, 0)

    settlement = db.session.scalars(select(Settlement)).one()
    assert settlement.distributable == settlement.shared == 30560
    members = by_subject()
    parts = {members[subject].pseudonym: cents for subject, cents in parts_of(settlement).items()}
    assert parts == {"Safran": 4929, "Menthe": 6408, "Cumin": 8872, "Cannelle": 10351}


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "today",
    [
        datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC),
        datetime(2027, 1, 3, 9, tzinfo=UTC),
        datetime(2027, 3, 26, 3, tzinfo=UTC),
        datetime(2027, 10, 30, 23, 30, tzinfo=UTC),
    ],
    ids=["new year", "last ISO week", "before spring's change", "before autumn's change"],
)
def test_the_open_week_can_be_sold_out_whatever_the_day(
    clock: time_machine.Traveller, today: datetime, request: pytest.FixtureRequest
) -> None:
    clock.move_to(today)
    week: Week = request.getfixturevalue("opened")
    assert mains_taken(week.id) == 31
    found = current_week(now())
    assert found is not None
    assert found.id == week.id
    assert found.opens_at <= now() < found.closes_at

    order_mains(week, 39)
    with pytest.raises(MenuFull) as refused:
        order_mains(week, 1)
    assert refused.value.left == 0


def order_mains(week: Week, portions: int) -> None:
    """Order the first main so many times."""
    main = next(line.id for line in week.lines if line.dish.kind is DishKind.MAIN)
    with transaction():
        orders.place_order(
            week.id,
            {main: portions},
            PickUp(week.slots[0].id),
            {"name": "Nour", "phone": "0470 00 00 00"},
            form_id=f"test-{portions}",
            source=OrderSource.WEB,
            language="fr",
            now=now(),
        )


def test_when_the_open_week_closes_the_next_one_opens(clock: time_machine.Traveller, opened: Week) -> None:
    dishes = [line.dish_id for line in opened.lines]
    label = opened.label
    clock.move_to(opened.closes_at - timedelta(seconds=1))
    tick(now())
    assert weeks_written() == 1

    clock.shift(timedelta(seconds=1))
    assert tick(now()) == []
    tick(now())
    assert weeks_written() == 2
    following = current_week(now())
    assert following is not None
    assert following.opens_at <= now() < following.closes_at - timedelta(hours=23)
    assert following.label > label
    assert [line.dish_id for line in db.session.get_one(Week, following.id).lines] == dishes
    assert mains_taken(following.id) == 0


@pytest.mark.sqlite_only
def test_after_a_long_sleep_one_week_opens(clock: time_machine.Traveller, opened: Week) -> None:
    clock.move_to(opened.closes_at + timedelta(days=40, hours=3))
    keep_open(now())
    assert weeks_written() == 2
    found = current_week(now())
    assert found is not None
    assert found.opens_at <= now() < found.closes_at < now() + timedelta(days=9)


@pytest.mark.sqlite_only
def test_a_draft_for_the_next_week_is_left_alone(clock: time_machine.Traveller, opened: Week) -> None:
    with transaction():
        draft = menu.copy_week(opened.id)
        label, opens_at = draft.label, draft.opens_at
    clock.move_to(opened.closes_at)
    keep_open(now())
    found = current_week(now())
    assert found is not None
    assert found.label > label
    kept = db.session.scalars(select(Week).where(Week.label == label)).one()
    assert kept.opens_at == opens_at


@pytest.mark.sqlite_only
def test_a_week_published_to_come_is_waited_for(clock: time_machine.Traveller, opened: Week) -> None:
    with transaction():
        menu.publish(menu.copy_week(opened.id).id, now())
    clock.move_to(opened.closes_at)
    keep_open(now())
    assert weeks_written() == 2


@pytest.mark.sqlite_only
def test_a_real_shop_opens_no_week_by_itself(clock: time_machine.Traveller, opened: Week) -> None:
    with transaction():
        db.session.get_one(Activity, "meals").demo = False
    clock.move_to(opened.closes_at)
    keep_open(now())
    assert weeks_written() == 1


def weeks_written() -> int:
    """Count the weeks."""
    return db.session.scalar(select(func.count()).select_from(Week)) or 0


@pytest.mark.sqlite_only
@pytest.mark.postgres
def test_the_same_simulation_has_the_same_books_on_either_database(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    with fresh_database(request, "postgresql", tmp_path / "elsewhere") as url:
        other = make_app(url, tmp_path / "elsewhere")
        with other.app_context():
            there = lived(2, seed=7)
            db.session.remove()
            db.engine.dispose()
    assert lived(2, seed=7) == there
    assert unsettled_cycles() == []


def lived(weeks: int, seed: int) -> tuple[int, str]:
    """Simulate and give the head of the chain."""
    simulate(weeks, seed, date(2026, 1, 5), lambda: None)
    return head()
