"""What verify says of settlements and costs that somebody tampered with."""

import pytest
from sqlalchemy import text

from shop.checks import State
from shop.extensions import db
from shop.ledger.sharing.checks import CHECKS
from shop.ledger.sharing.services import settle
from shop.transaction import transaction
from shop.treasury.checks import CHECKS as COST_CHECKS
from shop.vault import vault
from tests.ledger.sharing.life import SUNDAY, decide_needs, live_week, make_beneficiaries

ALL = (*CHECKS, *COST_CHECKS)

SUMS = "the parts of each settlement are what it shared"
ONCE = "no week is settled twice"
NAMED = "each settlement is named after its weeks"
FOLLOWS = "each part follows from the frozen weights"
STRAY = "parts come and go by settlements and payouts"
COST = "each cost is what its entry books"


def broken() -> set[str]:
    """Name the checks that say BROKEN, in full or quickly."""
    db.session.expire_all()
    return {check.name for check in ALL for quick in (False, True) if check.run(quick).state is State.BROKEN}


@pytest.fixture
def _settled(context: None) -> None:
    decide_needs(make_beneficiaries())
    for number in range(2):
        week = live_week(number, 2000, 500)
        with transaction():
            settle([week], None, SUNDAY, "treasurer")


@pytest.mark.usefixtures("_settled")
def test_what_stands_is_ok_with_keys_and_without() -> None:
    assert broken() == set()
    vault().lock()
    assert broken() == set()


@pytest.mark.usefixtures("_settled")
@pytest.mark.parametrize(
    ("damage", "names"),
    [
        ("UPDATE settlement SET shared = shared + 1 WHERE id = 1", {SUMS, FOLLOWS}),
        ("UPDATE settlement SET entry = NULL WHERE id = 1", {SUMS, FOLLOWS, STRAY}),
        ("INSERT INTO settlement_cycle (settlement_id, cycle_id) VALUES (2, 1)", {ONCE, NAMED}),
        (
            "UPDATE settlement SET inputs = (SELECT s.inputs FROM settlement s WHERE s.id = 1) WHERE id = 2",
            {FOLLOWS},
        ),
        ("UPDATE cost SET cents = cents + 1 WHERE id = 1", {COST}),
        ("UPDATE cost SET kind = 'kitchen' WHERE id = 1", {COST}),
        ("UPDATE cost SET entry = entry - 1 WHERE id = 2", {COST}),
        ("UPDATE cost SET form_id = 'other' WHERE id = 1", {COST}),
    ],
)
def test_damage_is_found(damage: str, names: set[str]) -> None:
    db.session.execute(text(damage))

    found = broken()
    db.session.rollback()
    assert found == names
