"""Versions of values: the one decided last among those that hold."""

from datetime import date, timedelta

import pytest

from shop.decisions.queries import history, in_force
from shop.decisions.services import decide
from shop.transaction import transaction
from tests.conftest import NOON

W48, W49, W50 = date(2026, 11, 23), date(2026, 11, 30), date(2026, 12, 7)


@pytest.mark.usefixtures("context")
def test_a_version_holds_from_its_week_until_a_newer_one() -> None:
    with transaction():
        first = decide("weights", {"1": "1.00"}, W48, NOON).id
        second = decide("weights", {"1": "1.30"}, W50, NOON + timedelta(hours=1)).id
        decide("other", 7, W48, NOON)

    assert in_force("weights", W48 - timedelta(days=1)) is None
    assert [in_force("weights", day).id for day in (W48, W49, W50)] == [first, first, second]
    assert [one.id for one in history("weights")] == [second, first]
    assert in_force("weights", W50).value.value == {"1": "1.30"}


@pytest.mark.usefixtures("context")
def test_what_was_decided_last_wins_over_what_holds_from_later() -> None:
    with transaction():
        decide("weights", {"1": "1.30"}, W49, NOON)
        last = decide("weights", {"1": "2.00"}, W48, NOON).id

    assert in_force("weights", W50).id == last
