"""The cutoff to the second, on the two days when the clocks change too."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from shop.errors import CycleClosed, NotYetOpen
from shop.menu.models import Week
from shop.menu.rules import Plan, Slot
from shop.orders import services
from shop.transaction import transaction
from shop.weeks import instant
from tests.factories import make_order, make_week

pytestmark = pytest.mark.usefixtures("context")

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
CUTOFFS = {
    # 02:30 is left out: an hour after 01:30 it is 03:30 on the wall.
    (date(2027, 3, 28), time(2, 30)): datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
    (date(2027, 3, 28), time(18)): datetime(2027, 3, 28, 16, tzinfo=UTC),
    # 02:30 comes twice: the first one counts.
    (date(2027, 10, 31), time(2, 30)): datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
    (date(2027, 10, 31), time(18)): datetime(2027, 10, 31, 17, tzinfo=UTC),
    (date(2026, 11, 24), time(18)): datetime(2026, 11, 24, 17, tzinfo=UTC),
}


def week_that_closes(closes_at: datetime) -> Week:
    start = closes_at + 40 * HOUR
    return make_week(
        plan=Plan(closes_at - 96 * HOUR, closes_at, (Slot(start, start + HOUR),), 70, 200, "Ici")
    )


@pytest.mark.parametrize(("wall", "closes_at"), CUTOFFS.items(), ids=str)
def test_the_cutoff_holds_to_the_second(wall: tuple[date, time], closes_at: datetime) -> None:
    assert instant(*wall) == closes_at
    week = week_that_closes(closes_at)
    number = make_order(week, B=1, at=closes_at - SECOND).number
    make_order(week, B=1, at=week.opens_at)
    with pytest.raises(NotYetOpen):
        make_order(week, B=1, at=week.opens_at - SECOND)
    for late in (closes_at, closes_at + SECOND, closes_at + HOUR):
        with pytest.raises(CycleClosed):
            make_order(week, B=1, at=late)
        with pytest.raises(CycleClosed), transaction():
            services.cancel_order(number, late)
        with pytest.raises(CycleClosed), transaction():
            services.amend_order(number, {week.lines[1].id: 2}, None, None, late)
    with transaction():
        services.cancel_order(number, closes_at - SECOND)
