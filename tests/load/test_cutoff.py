"""Amends that race the cutoff over HTTP are wholly in or wholly out, and the clock alone decides."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from shop.extensions import db
from shop.menu.models import Week
from shop.orders.queries import ticket
from shop.transaction import transaction
from tests.conftest import BOTH, fresh_database
from tests.load.crowd import leave
from tests.load.customer import Answer, Customer
from tests.load.server import Shop, open_week, shop_on

CLOSES_IN = timedelta(seconds=2)
GOES_ON = timedelta(seconds=1)
pytestmark = pytest.mark.slow

Asked = tuple[datetime, int, Answer, datetime]
"""When it was sent, how many portions were asked for, the answer, and when that came."""


@pytest.fixture(params=BOTH)
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """Give a shop with an open week that does not sell out."""
    with fresh_database(request, request.param, tmp_path) as url, shop_on(url) as found:
        with found.app.app_context():
            open_week(900)
        yield found


def test_amends_that_race_the_cutoff(shop: Shop) -> None:
    main = leave(shop, 900)
    customer = Customer(shop.port)
    form = customer.form() | {f"q-{main}": "1", f"q-{main - 1}": "1"}
    number = customer.post("/orders", form).number
    cutoff = close_soon(shop)
    portions = count(2)

    def amend(_turn: int) -> list[Asked]:
        own, asked = Customer(shop.port, dict(customer.cookies)), []
        while (sent := datetime.now(UTC)) < cutoff + GOES_ON:
            many = next(portions)
            fields = form | {f"q-{line}": str(many) for line in (main, main - 1)}
            asked.append((sent, many, own.post(f"/o/{number}/amend", fields), datetime.now(UTC)))
            time.sleep(0.01)
        return asked

    with ThreadPoolExecutor(4) as pool:
        asked = [one for several in pool.map(amend, range(4)) for one in several]
    accepted = [one for one in asked if one[2].status == 303]
    refused = [one for one in asked if one[2].status == 422]
    assert accepted
    assert refused
    assert len(accepted) + len(refused) == len(asked), {one[2].status for one in asked}
    assert {one[2].refusal for one in refused} == {"CycleClosed"}
    assert all(sent < cutoff for sent, *_ in accepted)
    assert all(answered > cutoff for *_, answered in refused)
    with shop.app.app_context():
        order = ticket(number)
        assert order
        quantities = {line.quantity for line in order.lines}
        assert len(order.lines) == 2
        assert len(quantities) == 1, "half an amend"
        assert quantities <= {many for _, many, *_ in accepted}
        assert order.revision == 1 + len(accepted)
        db.session.remove()


def close_soon(shop: Shop) -> datetime:
    """Move the cutoff to a few seconds from now."""
    cutoff = datetime.now(UTC) + CLOSES_IN
    with shop.app.app_context():
        with transaction():
            db.session.scalars(db.select(Week)).one().closes_at = cutoff
        db.session.remove()
    return cutoff
