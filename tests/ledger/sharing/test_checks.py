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


def states() -> list[State]:
    db.session.expire_all()
    return [check.run(quick).state for check in ALL for quick in (False, True)]


@pytest.fixture
def _settled(context: None) -> None:
    decide_needs(make_beneficiaries())
    for number in range(2):
        week = live_week(number, 2000, 500)
        with transaction():
            settle([week], None, SUNDAY, "treasurer")


@pytest.mark.usefixtures("_settled")
def test_what_stands_is_ok_with_keys_and_without() -> None:
    assert set(states()) == {State.OK}
    vault().lock()
    assert set(states()) == {State.OK}


@pytest.mark.usefixtures("_settled")
@pytest.mark.parametrize(
    ("damage", "broken"),
    [
        ("UPDATE settlement SET shared = shared + 1 WHERE id = 1", {0, 2}),
        ("UPDATE settlement SET entry = NULL WHERE id = 1", {0, 2}),
        ("INSERT INTO settlement_cycle (settlement_id, cycle_id) VALUES (2, 1)", {1}),
        (
            "UPDATE settlement SET inputs = (SELECT s.inputs FROM settlement s WHERE s.id = 1) WHERE id = 2",
            {2},
        ),
        ("UPDATE cost SET cents = cents + 1 WHERE id = 1", {3}),
        ("UPDATE cost SET kind = 'kitchen' WHERE id = 1", {3}),
        ("UPDATE cost SET entry = entry - 1 WHERE id = 2", {3}),
        ("UPDATE cost SET form_id = 'other' WHERE id = 1", {3}),
    ],
)
def test_damage_is_found(damage: str, broken: set[int]) -> None:
    db.session.execute(text(damage))

    found = {number // 2 for number, state in enumerate(states()) if state is State.BROKEN}
    db.session.rollback()
    assert found == broken
