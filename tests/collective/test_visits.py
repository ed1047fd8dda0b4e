"""Since the last visit: pure."""

from datetime import UTC, datetime, timedelta

import pytest

from shop.collective.visits import visit

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_pages_opened_in_a_row_are_one_visit() -> None:
    first = visit("", NOON)
    assert first.before is None
    second = visit(first.cookie, NOON + timedelta(minutes=5))
    assert second.before is None
    third = visit(second.cookie, NOON + timedelta(hours=5))
    assert third.before == NOON + timedelta(minutes=5)
    assert visit(third.cookie, NOON + timedelta(hours=5, minutes=1)).before == third.before


@pytest.mark.parametrize("spoilt", ["x", "1", "1-", "٣-٣", "1-99999999999", "-1-1"])
def test_a_spoilt_cookie_counts_as_none(spoilt: str) -> None:
    assert visit(spoilt, NOON).before is None
