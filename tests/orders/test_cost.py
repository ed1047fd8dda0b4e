"""What an order costs the database, counted in statements."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from shop.extensions import db
from shop.orders import queries, services
from shop.orders.rules import OrderSource, PickUp
from shop.transaction import transaction
from tests.conftest import NOON
from tests.factories import make_dish, make_order, make_week

pytestmark = pytest.mark.usefixtures("context")

APART = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SET", "SELECT pg_advisory")


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements of a block, but for those that begin and end it."""
    seen: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(APART):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", count)


def test_an_order_of_four_dishes_takes_few_statements() -> None:
    week = make_week([make_dish(name) for name in ("Yassa", "Mafé", "Tajine", "Couscous")])
    lines = dict.fromkeys((line.id for line in week.lines), 1)
    slot, week_id = week.slots[0].id, week.id
    make_order(week, A=1)  # makes the week's key
    with statements() as seen, transaction():
        services.place_order(
            week_id,
            lines,
            PickUp(slot),
            {"name": "Nour", "email": "nour@example.org"},
            form_id="four dishes",
            source=OrderSource.WEB,
            language="fr",
            now=NOON,
        )
    assert len(seen) <= 9
    with statements() as seen:
        assert queries.ticket(1002)
    assert len(seen) == 3


def test_the_desk_takes_as_many_statements_for_many_orders_as_for_one() -> None:
    week = make_week()
    counts = []
    for _ in range(3):
        make_order(week, A=1, B=1)
        week_id = week.id
        db.session.rollback()
        with statements() as seen:
            queries.desk(week_id)
        counts.append(len(seen))
    assert counts == [3, 3, 3]
