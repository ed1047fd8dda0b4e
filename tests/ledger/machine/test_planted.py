"""A bug planted in one posting rule is found; `python3 dev.py campaign machine` plants each in every rule."""

from pathlib import Path

import pytest
import time_machine

from tests.conftest import fresh_database
from tests.ledger.machine.ground import BEGINS, ground
from tests.ledger.machine.planted import bugs, is_found, posting_rules

SAMPLE = (
    ("shop.orders.rules.sale_entry", "another account credited"),
    ("shop.treasury.rules.cost_entry", "twice the amount"),
    ("shop.ledger.books.rules.reversal_of", "the other seller"),
)
WITHIN = 60


@pytest.mark.parametrize(("rule", "name"), SAMPLE)
def test_a_planted_bug_is_found(
    rule: str, name: str, request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bug = next(one for one in bugs() if (one.rule, one.name) == (rule, name))
    with (
        time_machine.travel(BEGINS, tick=False),
        fresh_database(request, "sqlite", tmp_path) as url,
        ground(url, tmp_path) as place,
    ):
        assert is_found(bug, place, WITHIN)
    capsys.readouterr()


def test_every_rule_that_makes_an_entry_is_planted_with_bugs() -> None:
    known = {rule.removeprefix("shop.") for rule in posting_rules()}
    assert {
        "ledger.books.rules.reversal_of",
        "ledger.books.rules.closing_legs",
        "ledger.sharing.rules.settlement_entry",
        "orders.rules.payment_entry",
        "orders.rules.no_show_entry",
        "treasury.rules.movement_entry",
        "treasury.rules.opening_entry",
        "treasury.rules.count_entry",
    } <= known
