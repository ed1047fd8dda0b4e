"""What goes to the SECU first, on both databases."""

from datetime import date

import pytest
from sqlalchemy import text

from shop.checks import State
from shop.decisions.services import contest, decide
from shop.errors import NotReversible, WeeksOfTwoVersions
from shop.extensions import db
from shop.ledger.books.queries import balance, distributable
from shop.ledger.books.rules import Entry, EntryKind, Leg
from shop.ledger.books.services import post
from shop.ledger.sharing.checks import CHECKS
from shop.ledger.sharing.explaining import explain, preview
from shop.ledger.sharing.models import Settlement
from shop.ledger.sharing.queries import due_with, parts_of
from shop.ledger.sharing.rules import SECU, secu_share
from shop.ledger.sharing.services import reverse_settlement, settle
from shop.transaction import transaction
from shop.treasury.queries import liaison_owed
from tests.conftest import NOON
from tests.ledger.sharing.life import MONDAY, SUNDAY, cycles, decide_needs, live_week, make_beneficiaries

pytestmark = pytest.mark.usefixtures("context")


def give(rate: str, holds_from: date = MONDAY) -> int:
    with transaction():
        return decide(SECU, {"rate": rate}, holds_from, NOON).id


def share(*cycle_ids: int, amount: int | None = None) -> Settlement:
    with transaction():
        return settle(cycle_ids, amount, SUNDAY, "treasurer")


@pytest.fixture
def week() -> int:
    """Live the demo's week, a tenth of which goes to the SECU."""
    decide_needs(make_beneficiaries())
    give("10.00")
    return live_week(0, 59950, 29390)


def test_a_tenth_goes_to_the_secu_and_the_rest_by_weight(week: int) -> None:
    would = preview(cycles(week))
    settlement = share(week)
    told = explain(settlement)

    assert (settlement.secu, settlement.shared, settlement.distributable) == (3056, 27504, 30560)
    assert [part.cents for part in told.parts] == [4436, 5767, 7985, 9316]
    assert (told.secu, told.rate, told.amount, told.kept) == (3056, 1000, 30560, 0)
    assert (would.parts, would.secu, would.secu_decision) == (told.parts, 3056, told.secu_decision)
    assert told.sums.costs == (("Ingrédients", 29390),)
    assert distributable("meals") == 0
    assert -balance("139400", "beer") == 3056
    assert liaison_owed("meals") == 3056
    assert distributable("beer") == 0


def test_a_part_of_what_there_is_leaves_the_rest(week: int) -> None:
    settlement = share(week, amount=1009)

    assert (settlement.secu, settlement.shared) == (100, 909)
    assert distributable("meals") == 30560 - 1009
    assert explain(settlement).kept == 30560 - 1009
    assert share(week, amount=1009) is settlement
    later = live_week(1, 1000)
    assert preview(cycles(later)).sums.left_over == 30560 - 1009


def test_what_was_settled_keeps_its_rate(week: int) -> None:
    first = share(week)
    contested = explain(first).secu_decision
    assert contested
    with transaction():
        contest(contested, NOON)

    assert (explain(first).rate, explain(first).secu) == (1000, 3056)
    assert share(live_week(1, 1000)).secu == 0


def test_undone_it_comes_back_and_is_shared_again(week: int) -> None:
    first = share(week)
    with transaction():
        reverse_settlement(first.id, SUNDAY, "treasurer")
    assert (balance("139400"), distributable("meals"), liaison_owed("meals")) == (0, 30560, 0)

    again = share(week)
    assert (again.secu, parts_of(again)) == (3056, parts_of(first))
    later = live_week(1, 1000)
    assert preview(cycles(later)).sums.costs == ()


def test_what_the_secu_spent_stays(week: int) -> None:
    settlement = share(week)
    legs = (Leg("139400", 3000, "beer"), Leg("791100", -3000, "beer"))
    legs += (Leg("643200", 3000, "beer"), Leg("499100", -3000, "beer"))
    legs += (Leg("499100", 3000), Leg("570100", -3000))
    with transaction():
        post(Entry("spent", EntryKind.TRANSFER, SUNDAY, "spent", "", "treasurer", legs), SUNDAY)

    with pytest.raises(NotReversible, match="secu_spent"):
        reverse_settlement(settlement.id, SUNDAY, "treasurer")


def test_weeks_of_two_rates_are_settled_apart(week: int) -> None:
    later = live_week(1, 1000)
    give("5.00", cycles(later)[0].starts_on)

    with pytest.raises(WeeksOfTwoVersions):
        share(week, later)
    assert [one.id for one in due_with(cycles(later)[0])] == [later]


def test_a_loss_gives_the_secu_nothing() -> None:
    decide_needs(make_beneficiaries())
    give("10.00")

    lost = share(live_week(0, 100, 500), amount=0)
    assert (lost.secu, lost.entry) == (0, None)


@pytest.mark.parametrize(
    ("amount", "rate", "cents"),
    [(30560, 1000, 3056), (30569, 1000, 3056), (9, 1000, 0), (1, 9999, 0), (-500, 1000, 0)],
)
def test_only_whole_cents_go_to_the_secu(amount: int, rate: int, cents: int) -> None:
    assert secu_share(amount, rate) == cents


@pytest.mark.parametrize(
    "damage", ["secu = secu + 1", "secu = 0", "inputs = (SELECT inputs FROM settlement WHERE id = 2)"]
)
def test_verify_finds_another_share_of_the_secu(week: int, damage: str) -> None:
    share(week)
    give("5.00", cycles(week)[0].starts_on)
    share(live_week(1, 1000))

    assert _broken() == set()
    db.session.execute(text(f"UPDATE settlement SET {damage} WHERE id = 1"))
    db.session.expire_all()
    found = _broken()
    db.session.rollback()
    assert "each part follows from the frozen weights" in found
    assert ("the parts of each settlement are what it shared" in found) is damage.startswith("secu")


def _broken() -> set[str]:
    return {
        check.name for check in CHECKS for quick in (False, True) if check.run(quick).state is State.BROKEN
    }
