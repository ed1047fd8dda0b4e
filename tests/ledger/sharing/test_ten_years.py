"""A sample of ten years of sharing against the paper, and that the paper sees what is wrong."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from shop.ledger.sharing import services
from shop.money import allocate
from tests.ledger.sharing.sundays import Sundays

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.sqlite_only]

WEEKS = 16
"""Enough for a year end and for the SECU; `dev.py campaign ten_years` lives all 520, on both databases."""


def test_a_year_of_sundays_is_what_the_paper_says() -> None:
    life = Sundays(seed=4)
    life.live(WEEKS)
    rare = {"losses", "left in", "secu", "several at once", "undone", "not undone", "advances", "taken back"}
    assert rare <= set(life.seen)


@pytest.mark.tampers
def test_the_control_who_forgets_what_is_owed_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(total: int, weights: Mapping[str, int], _short: Mapping[str, Fraction]) -> dict[str, int]:
        return allocate(total, weights)

    monkeypatch.setattr("shop.ledger.sharing.rules.allocate", forgetful)
    with pytest.raises(AssertionError):
        Sundays(seed=4).live(20)


@pytest.mark.tampers
def test_the_control_money_left_in_that_is_lost_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    real = services.distributable
    monkeypatch.setattr(services, "distributable", lambda activity: real(activity) // 100 * 100)
    with pytest.raises(AssertionError):
        Sundays(seed=4).live(5)
