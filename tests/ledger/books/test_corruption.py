"""A sample of the damages that `verify` sees; `dev.py campaign corruption` does each, on both databases."""

import pytest

from tests.ledger.books.corruption import DROPPED, MISSED, TABLES, damages, fill, is_seen, problems, unguarded

SAMPLE = {
    "posting": ("cents", "account", "activity", DROPPED),
    "journal_entry": ("date", "hash", "document", "reverses", DROPPED),
    "balance": ("cents",),
    "count": ("expected",),
    "settlement": ("shared", "distributable", "decision_id"),
    "settlement_cycle": ("cycle_id",),
    "payout": ("cents",),
    "cost": ("paid_from", DROPPED),
    "movement": ("fund",),
    "box_holder": ("count_id",),
}


@pytest.mark.tampers
@pytest.mark.sqlite_only
@pytest.mark.usefixtures("context")
def test_a_damage_of_one_row_is_seen() -> None:
    fill()
    before = problems()
    with unguarded() as connection:
        for table, columns in SAMPLE.items():
            found = [one for one in damages(connection, table, 1) if one.column in columns]
            assert {one.column for one in found} == set(columns)
            missed = [str(one) for one in found if is_seen(connection, one, before) is False]
            assert not missed


def test_what_may_be_missed_is_named_by_table_and_column() -> None:
    assert set(MISSED) <= set(TABLES)
