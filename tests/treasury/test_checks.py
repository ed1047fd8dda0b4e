"""Each damage to a cost, a movement or who holds a box is seen from the rows."""

from datetime import date

import pytest
from sqlalchemy import text

from shop.extensions import db
from shop.transaction import transaction
from shop.treasury import services as treasury
from shop.treasury.checks import CHECKS
from shop.treasury.rules import BOX, POCKETS, CostKind, Line, Spent, gift, passage
from tests.factories import make_member

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.tampers, pytest.mark.sqlite_only]

DAY = date(2026, 11, 20)
WHO = (DAY, "treasurer")


COSTS, MOVEMENTS = "each cost is what its entry books", "each movement is what its entry books"
BACK, OWED = "what is paid back was owed", "pockets and suppliers are owed what waits"
HOLDER, SOURCE = "who holds a box counted it", "entries of costs and movements have their source"

DAMAGES = {
    "UPDATE cost SET cents = 701 WHERE id = 1": {COSTS},
    "UPDATE cost SET paid_from = '550100' WHERE id = 1": {COSTS},
    "UPDATE cost SET activity = 'beer' WHERE id = 1": {COSTS},
    "UPDATE cost SET form_id = 'x' WHERE id = 1": {COSTS},
    "UPDATE cost SET spent_on = '2026-11-21' WHERE id = 1": {COSTS},
    "UPDATE cost SET entry = 1 WHERE id = 1": {COSTS, SOURCE},
    "UPDATE cost SET cents = 800 WHERE id = 3": {COSTS, OWED},
    "UPDATE cost_line SET kind = 'packaging' WHERE cost_id = 1 AND line = 1": {COSTS},
    "DELETE FROM cost_line WHERE cost_id = 1 AND line = 1": {COSTS},
    "UPDATE cost SET repaid = NULL WHERE id = 2": {OWED, SOURCE},
    "UPDATE cost SET repaid = 6 WHERE id = 2": {BACK, SOURCE},
    "UPDATE cost SET payer = (SELECT payer FROM cost WHERE id = 3) WHERE id = 2": {BACK},
    "UPDATE movement SET cents = 501 WHERE id = 1": {MOVEMENTS},
    "UPDATE movement SET fund = '139100' WHERE id = 1": {MOVEMENTS},
    "UPDATE movement SET fund = NULL WHERE id = 1": {MOVEMENTS},
    "UPDATE movement SET activity = 'meals' WHERE id = 1": {MOVEMENTS},
    "UPDATE movement SET kind = 'gift' WHERE id = 2": {MOVEMENTS},
    "UPDATE movement SET happened_on = '2026-11-21' WHERE id = 2": {MOVEMENTS},
    "DELETE FROM movement WHERE id = 1": {SOURCE},
    "DELETE FROM movement WHERE form_id = 'undone'": {SOURCE},
    "UPDATE box_holder SET count_id = NULL": {HOLDER},
    "UPDATE box_holder SET account = '570200'": {HOLDER},
}


def broken() -> set[str]:
    return {check.name for check in CHECKS for quick in (False, True) if check.run(quick).detail}


def test_each_damage_is_seen() -> None:
    member = make_member("Cumin").id
    with transaction():
        treasury.open_seller("meals", {BOX: 30000, "550100": 9000, "489200": 900}, *WHO)
        for number, paid_from in enumerate((BOX, POCKETS, POCKETS)):
            payer = member if paid_from == POCKETS else None
            lines = (Line(CostKind.KITCHEN, 300), Line(CostKind.TRANSPORT, 400 + number))
            told = (CostKind.KITCHEN, paid_from, 700 + number, DAY, "2026-W47")
            treasury.record_cost(str(number), Spent(*told, payer=payer, lines=lines), *WHO)
        treasury.repay(2, *WHO)
        treasury.move("a", gift(500, DAY, BOX, "139200"), *WHO)
        treasury.move("b", passage(500, DAY, BOX, "550100"), *WHO)
        treasury.hand_box_over(BOX, {5000: 5}, member, *WHO)
        treasury.undo_movement(treasury.move("undone", gift(600, DAY, BOX), *WHO).id, *WHO)
        treasury.repay(3, *WHO)
        treasury.undo_repayment(3, *WHO, payer=member)
    assert broken() == set()
    for damage, seen in DAMAGES.items():
        db.session.execute(text(damage))
        assert broken() == seen, damage
        db.session.rollback()
