"""What `verify` proves of all tables alike."""

import pytest
from sqlalchemy import text

from shop.checks import State
from shop.extensions import db
from shop.verify import run
from tests.factories import make_order, make_week
from tests.ledger.books.corruption import unguarded

pytestmark = pytest.mark.usefixtures("context")


@pytest.mark.tampers
def test_a_row_that_points_to_none_is_seen() -> None:
    make_order(make_week(), B=1)
    db.session.rollback()
    with unguarded() as connection:
        connection.execute(text("UPDATE customer_order SET slot_id = 999"))
        connection.commit()
    broken = [one.detail for one in run() if one.state == State.BROKEN]
    assert broken == ["customer_order.slot_id points to a row that is not there"]
