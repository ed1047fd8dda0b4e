"""Settlements through the services, on both databases."""

from fractions import Fraction
from random import Random

import pytest
from sqlalchemy import func, select

from shop.decisions.queries import in_force
from shop.decisions.services import decide
from shop.errors import (
    AlreadySettled,
    MoreThanDistributable,
    NoBeneficiary,
    NothingToShare,
    NotReversible,
    WeeksOfTwoVersions,
    WeightOutOfRange,
)
from shop.extensions import db
from shop.ledger.books.models import JournalEntry
from shop.ledger.books.queries import balance, balances_by_subject, distributable
from shop.ledger.sharing.explaining import explain, preview
from shop.ledger.sharing.models import Settlement
from shop.ledger.sharing.paying import pay_out
from shop.ledger.sharing.queries import parts_of, pasts, settlement_of, standing, unsettled_cycles
from shop.ledger.sharing.rules import carry
from shop.ledger.sharing.services import decide_weights, reverse_settlement, settle
from shop.members.queries import by_subject
from shop.transaction import transaction
from tests.conftest import NOON
from tests.ledger.sharing.life import (
    NEEDS,
    SUNDAY,
    cycles,
    decide_needs,
    live_week,
    make_beneficiaries,
    subject_names,
)

pytestmark = pytest.mark.usefixtures("context")


def share(*cycle_ids: int, amount: int | None = None) -> Settlement:
    with transaction():
        return settle(cycle_ids, amount, SUNDAY, "treasurer")


def parts(settlement: Settlement) -> dict[str, int]:
    names = subject_names()
    return {names[subject]: cents for subject, cents in parts_of(settlement).items()}


def test_the_week_of_the_demo_is_shared_to_the_cent() -> None:
    decide_needs(make_beneficiaries())
    week = live_week(0, 59950, 29390)

    would = preview(cycles(week))
    settlement = share(week)
    told = explain(settlement)

    assert parts(settlement) == {"Basilic": 4929, "Cumin": 6408, "Gingembre": 8872, "Menthe": 10351}
    assert (told.sums.earned, told.sums.spent, told.sums.left_over, told.shared) == (59950, 29390, 0, 30560)
    assert [part.cents for part in told.parts] == [4929, 6408, 8872, 10351]
    assert told.parts == would.parts
    assert told.pieces == ((5000, 4), (2000, 3), (1000, 2), (500, 2), (200, 6), (100, 2))
    assert told.kept == 0
    assert balance("570100") == 60560
    assert distributable("meals") == 0
    assert unsettled_cycles() == []


def test_twice_is_once() -> None:
    decide_needs(make_beneficiaries())
    week = live_week(0, 1000)

    first = share(week).id
    assert share(week).id == first
    assert share(week, amount=1000).id == first
    with pytest.raises(AlreadySettled):
        share(week, amount=999)
    assert db.session.scalar(select(func.count()).select_from(Settlement)) == 1


def test_what_fails_halfway_leaves_nothing_and_works_again() -> None:
    decide_needs(make_beneficiaries())
    week = live_week(0, 1000)

    def stop_after_settling() -> None:
        with transaction():
            settle([week], None, SUNDAY, "treasurer")
            raise InterruptedError

    with pytest.raises(InterruptedError):
        stop_after_settling()
    assert standing() == []
    assert distributable("meals") == 1000
    assert share(week).shared == 1000


def test_a_part_may_be_kept_for_the_next_time() -> None:
    decide_needs(make_beneficiaries())
    first = share(live_week(0, 1000), amount=400)
    second = live_week(1, 500)

    told = preview(cycles(second))
    assert (told.sums.earned, told.sums.left_over, told.sums.distributable) == (500, 600, 1100)
    assert explain(first).kept == 600
    assert share(second).shared == 1100


def test_more_than_there_is_cannot_be_shared() -> None:
    decide_needs(make_beneficiaries())
    week = live_week(0, 1000)

    with pytest.raises(MoreThanDistributable):
        share(week, amount=1001)


def test_a_loss_is_not_divided_and_the_next_week_carries_it() -> None:
    decide_needs(make_beneficiaries())
    loss = live_week(0, 1000, 1500)

    with pytest.raises(NothingToShare) as refused:
        share(loss)
    assert refused.value.distributable == -500
    settled = share(loss, amount=0)
    assert (settled.entry, settled.shared, settled.distributable) == (None, 0, -500)
    assert share(loss, amount=0).id == settled.id
    assert unsettled_cycles() == []
    with pytest.raises(NotReversible):
        reverse_settlement(settled.id, SUNDAY, "treasurer")

    later = share(live_week(1, 2000))
    assert later.shared == 1500
    assert explain(later).sums.left_over == -500


def test_weeks_of_one_version_are_settled_together() -> None:
    ids = make_beneficiaries()
    decide_needs(ids)
    first, second = live_week(0, 1000), live_week(1, 1000)

    both = share(first, second)

    assert (both.label, both.shared) == ("2026-W41..2026-W42", 2000)
    assert settlement_of(first) is settlement_of(second)
    with pytest.raises(AlreadySettled):
        share(first)


def test_weeks_of_two_versions_are_settled_apart() -> None:
    ids = make_beneficiaries()
    decide_needs(ids)
    first, second = live_week(0, 1000), live_week(1, 1000)
    with transaction():
        value = {str(ids["Basilic"]): "1.00", str(ids["Cumin"]): "1.00"}
        newer = decide("weights", value, cycles(second)[0].starts_on, NOON).id

    with pytest.raises(WeeksOfTwoVersions):
        share(first, second)
    assert len(parts(share(first, amount=1000))) == 4
    settlement = share(second)
    assert settlement.decision_id == newer
    assert parts(settlement) == {"Basilic": 500, "Cumin": 500}


def test_new_weights_hold_from_the_first_week_not_settled() -> None:
    ids = make_beneficiaries()
    decide_needs(ids)
    settled = live_week(0, 1000)
    share(settled)
    waiting = live_week(1, 1000)

    decide_needs(ids, {"Basilic": 100})

    first, second = cycles(settled, waiting)
    assert len(in_force("weights", first.starts_on).value.value) == 4
    assert len(in_force("weights", second.starts_on).value.value) == 1
    assert len(explain(settlement_of(settled)).parts) == 4


def test_without_weights_nothing_is_shared() -> None:
    ids = make_beneficiaries()
    week = live_week(0, 1000)

    with pytest.raises(NoBeneficiary):
        share(week)
    with pytest.raises(NoBeneficiary):
        share()
    for wrong in ({}, {9999: 100}):
        with pytest.raises(NoBeneficiary), transaction():
            decide_weights(wrong, NOON)
    for weight in (0, -1, 10000):
        with pytest.raises(WeightOutOfRange), transaction():
            decide_weights({ids["Basilic"]: weight}, NOON)


def test_a_reversed_settlement_can_be_made_anew() -> None:
    decide_needs(make_beneficiaries())
    week = live_week(0, 1000)
    first = share(week)
    with transaction():
        undone = reverse_settlement(first.id, SUNDAY, "treasurer")
    with transaction():
        assert reverse_settlement(first.id, SUNDAY, "treasurer") == undone

    assert standing() == []
    assert carry(pasts()) == {}
    assert [cycle.id for cycle in unsettled_cycles()] == [week]
    again = share(week, amount=600)
    keys = db.session.scalars(select(JournalEntry.idempotency_key).order_by(JournalEntry.seq))
    assert list(keys)[-3:] == ["settlement:2026-W41", f"reversal:{first.entry}", "settlement:2026-W41#2"]
    assert explain(again).sums.earned == 1000


def test_a_settlement_of_which_a_part_left_is_not_reversed() -> None:
    decide_needs(make_beneficiaries())
    settlement = share(live_week(0, 1000))
    subject, cents = max(parts_of(settlement).items())
    with transaction():
        pay_out("payout", by_subject()[subject].id, 1, SUNDAY, "treasurer")

    with pytest.raises(NotReversible) as refused, transaction():
        reverse_settlement(settlement.id, SUNDAY, "treasurer")
    assert refused.value.reason == "paid_out"
    assert cents > 1


@pytest.mark.sqlite_only
def test_the_odd_cents_even_out_over_the_weeks() -> None:
    decide_needs(make_beneficiaries())
    for week in range(6):
        share(live_week(week, 30560))

    short = carry(pasts())
    assert sum(short.values()) == 0
    assert all(abs(cents) < Fraction(1) for cents in short.values())
    assert sum(balances_by_subject("489110").values()) == -6 * 30560
    frozen = [one.inputs.value for one in standing()]
    assert all(len(inputs["weights"]) == len(NEEDS) for inputs in frozen)
    told = explain(standing()[0])
    names = {part.pseudonym: part for part in told.parts}
    assert sum(part.carried for part in told.parts) == 0
    assert names["Basilic"].exact == Fraction(3056000, 620)


@pytest.mark.sqlite_only
def test_over_many_weeks_the_sums_hold_and_nobody_is_two_cents_short() -> None:
    ids = make_beneficiaries()
    chance = Random(20261123)
    shared = 0
    for week in range(6):
        decide_needs(ids, {name: chance.randint(1, 9999) for name in chance.sample(list(NEEDS), 3)})
        cycle = live_week(week, chance.randint(1, 90000))
        there = distributable("meals")
        settlement = share(cycle, amount=chance.choice([None, there // 2, 0]))
        shared += settlement.shared
        assert sum(parts_of(settlement).values()) == settlement.shared
        assert distributable("meals") == there - settlement.shared

    assert balance("489110") == -shared
    short = carry(pasts())
    assert sum(short.values()) == 0
    assert all(abs(cents) < 2 for cents in short.values())
