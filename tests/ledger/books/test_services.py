"""Posting, reversing and closing, on both databases."""

from datetime import date

import pytest

from shop.extensions import db
from shop.ledger.books import queries
from shop.ledger.books.rules import Entry, EntryKind, Leg
from shop.ledger.books.services import post
from shop.transaction import transaction

DAY = date(2026, 11, 23)


def sale(key: str = "a", cents: int = 100) -> Entry:
    return Entry(key, EntryKind.HAND_OVER, DAY, "order:1", "", "treasurer", (Leg("570100", cents), Leg("700100", -cents)))


@pytest.mark.usefixtures("context")
def test_a_posted_entry_moves_the_balances() -> None:
    with transaction():
        assert post(sale(), DAY) == 1
        assert post(sale(), DAY) == 1
        assert post(sale("b"), DAY) == 2
    assert queries.balance("570100") == 200
    assert queries.distributable("meals") == 200
    assert queries.on_document("order:1", ["570100"]) == 200
