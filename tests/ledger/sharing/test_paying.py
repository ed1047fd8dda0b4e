"""Parts paid out in cash against the pseudonym, confirmed, taken back, and told to whose they are."""

from datetime import date
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import text

from shop.checks import State
from shop.decisions.services import decide
from shop.errors import (
    AdvancesNotDecided,
    AdvanceTakenBack,
    BoxOverdrawn,
    KeyReused,
    MoreThanAdvanced,
    MoreThanAllotted,
    MoreThanBound,
    NoPart,
    NotAnAmount,
    NotReversible,
)
from shop.extensions import db
from shop.ledger.books.queries import balance
from shop.ledger.books.rules import Entry, EntryKind, Leg
from shop.ledger.books.services import post
from shop.ledger.sharing import paying, purses
from shop.ledger.sharing.rules import PAYOUT_STEP, in_steps
from shop.ledger.sharing.services import reverse_settlement
from shop.members.services import leave
from shop.settings.services import set_from
from shop.transaction import transaction
from shop.verify import run
from tests.conftest import NOON
from tests.factories import make_member
from tests.ledger.sharing.life import SUNDAY, settled_week

BOX = "570100"


@pytest.fixture
def ids(context: None) -> dict[str, int]:
    """Settle the demo's week: 49.29, 64.08, 88.72 and 103.51 for four cooks; gives their ids."""
    return settled_week()


def give(member: int, cents: int, form_id: str = "a" * 32) -> int:
    with transaction():
        return paying.pay_out(form_id, member, cents, SUNDAY, "treasurer").id


def left(member: int) -> tuple[int, int]:
    purse = purses.purse_of(member, SUNDAY)
    return purse.left, purse.proposed


def test_whole_euros_are_proposed_and_the_cents_wait(ids: dict[str, int]) -> None:
    box = balance(BOX)
    assert [(one.member.pseudonym, one.left, one.proposed) for one in purses.purses(SUNDAY)] == [
        ("Basilic", 4929, 4900), ("Cumin", 6408, 6400), ("Gingembre", 8872, 8800), ("Menthe", 10351, 10300),
    ]  # fmt: skip

    payout = give(ids["Basilic"], 4900)

    assert left(ids["Basilic"]) == (29, 0)
    assert balance(BOX) == box - 4900
    assert not purses.payout_of(payout).confirmed
    with transaction():
        paying.confirm(payout)
    assert purses.payout_of(payout).confirmed
    assert [(one.cents, one.confirmed) for one in purses.story_of(purses.payout_of(payout).subject)] == [
        (-4900, True),
        (4929, True),
    ]


def test_the_same_form_is_one_payout(ids: dict[str, int]) -> None:
    assert give(ids["Cumin"], 1000) == give(ids["Cumin"], 1000)
    assert left(ids["Cumin"]) == (5408, 5400)


def test_the_same_form_with_another_amount_or_for_another_is_refused(ids: dict[str, int]) -> None:
    give(ids["Cumin"], 1000)
    for member, cents in ((ids["Cumin"], 2000), (ids["Menthe"], 1000)):
        with pytest.raises(KeyReused):
            give(member, cents)
    bound(3000)
    ahead(ids["Cumin"], 1000)
    with pytest.raises(KeyReused):
        ahead(ids["Cumin"], 2000)
    assert (left(ids["Cumin"])[0], left(ids["Menthe"])[0], balance("416100")) == (5408, 10351, 1000)


@pytest.mark.parametrize(
    ("cents", "refusal"), [(4930, MoreThanAllotted), (0, NotAnAmount), (-5, NotAnAmount)]
)
def test_what_cannot_be_paid_out_changes_nothing(
    ids: dict[str, int], cents: int, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        give(ids["Basilic"], cents)
    assert left(ids["Basilic"]) == (4929, 4900)
    assert purses.given() == []


def test_who_has_no_part_gets_none(ids: dict[str, int]) -> None:
    for member in (make_member("Laurier").id, 999):
        with pytest.raises(NoPart):
            give(member, 100)


def test_an_empty_box_pays_nothing(ids: dict[str, int]) -> None:
    with transaction():
        legs = (Leg("550100", balance(BOX)), Leg(BOX, -balance(BOX)))
        post(Entry("bank", EntryKind.TRANSFER, SUNDAY, "movement:bank", "", "treasurer", legs), SUNDAY)
    with pytest.raises(BoxOverdrawn):
        give(ids["Basilic"], 100)


def test_a_payout_is_undone_and_then_the_settlement_too(ids: dict[str, int]) -> None:
    payout = give(ids["Menthe"], 10300)
    with pytest.raises(NotReversible), transaction():
        reverse_settlement(1, SUNDAY, "treasurer")

    with transaction():
        paying.undo_payout(payout, SUNDAY, "treasurer", "never")
    assert left(ids["Menthe"]) == (10351, 10300)
    assert not purses.is_given(purses.payout_of(payout))
    assert purses.given() == []
    with transaction():
        reverse_settlement(1, SUNDAY, "treasurer")
    assert left(ids["Menthe"]) == (0, 0)


def test_the_step_is_a_setting(ids: dict[str, int]) -> None:
    for step, proposed in ((5, 4925), (500, 4500)):
        with transaction():
            set_from(PAYOUT_STEP, SUNDAY, step)
        assert left(ids["Basilic"]) == (4929, proposed) == (4929, in_steps(4929, step))


@pytest.mark.tampers
def test_verify_sees_a_part_that_no_payout_took(ids: dict[str, int]) -> None:
    subject = purses.payout_of(give(ids["Menthe"], 100)).subject
    legs = (Leg("489110", 700, subject=subject), Leg(BOX, -700))
    with transaction():
        post(Entry("stray", EntryKind.PAYOUT, SUNDAY, "payout:stray", "", "treasurer", legs), SUNDAY)
    assert [one.name for one in run() if one.state is State.BROKEN] == [
        "parts come and go by settlements and payouts"
    ]


def bound(cents: int) -> None:
    with transaction():
        decide("advance-bound", cents, date(2026, 10, 5), NOON)


def ahead(member: int, cents: int, form_id: str = "b" * 32) -> int:
    with transaction():
        return paying.advance(form_id, member, cents, SUNDAY, "treasurer").id


def test_an_advance_is_paid_back_by_the_next_part_as_the_person_says(ids: dict[str, int]) -> None:
    basil, box = ids["Basilic"], balance(BOX)
    bound(3000)
    assert ahead(basil, 2000) == ahead(basil, 2000)
    assert (balance(BOX), balance("416100")) == (box - 2000, 2000)
    purse = purses.purse_of(basil, SUNDAY)
    assert (purse.left, purse.advanced, purse.back, purse.proposed) == (4929, 2000, 2000, 2900)

    with transaction():
        paying.pay_out("c" * 32, basil, 3900, SUNDAY, "treasurer", taken_back=500)
    purse = purses.purse_of(basil, SUNDAY)
    assert (purse.left, purse.advanced) == (529, 1500)
    assert balance(BOX) == box - 2000 - 3900
    with transaction():
        paying.pay_out("d" * 32, basil, 0, SUNDAY, "treasurer", taken_back=529)
    purse = purses.purse_of(basil, SUNDAY)
    assert (purse.left, purse.advanced, balance(BOX)) == (0, 971, box - 5900)


def test_an_advance_has_a_bound_that_the_meeting_decided(ids: dict[str, int]) -> None:
    basil = ids["Basilic"]
    with pytest.raises(AdvancesNotDecided):
        ahead(basil, 100)
    bound(3000)
    ahead(basil, 2000)
    with pytest.raises(MoreThanBound) as refused:
        ahead(basil, 1001, "e" * 32)
    assert refused.value.left == 1000
    with pytest.raises(NotAnAmount):
        ahead(basil, 0, "e" * 32)
    with pytest.raises(NoPart):
        ahead(make_member("Laurier").id, 100, "e" * 32)
    with pytest.raises(MoreThanAdvanced), transaction():
        paying.pay_out("f" * 32, basil, 100, SUNDAY, "treasurer", taken_back=2001)
    with transaction():
        leave(ids["Cumin"], NOON)
    with pytest.raises(NoPart):
        ahead(ids["Cumin"], 100, "e" * 32)
    assert balance("416100") == 2000


def test_an_advance_taken_back_is_not_undone_before_its_payout(ids: dict[str, int]) -> None:
    basil = ids["Basilic"]
    bound(3000)
    advance = ahead(basil, 2000)
    with transaction():
        payout = paying.pay_out("c" * 32, basil, 2900, SUNDAY, "treasurer", taken_back=2000).id
    with pytest.raises(AdvanceTakenBack), transaction():
        paying.undo_payout(advance, SUNDAY, "treasurer")

    with transaction():
        paying.undo_payout(payout, SUNDAY, "treasurer")
        paying.undo_payout(advance, SUNDAY, "treasurer")
    assert left(basil) == (4929, 4900)
    assert balance("416100") == 0


def test_two_payers_at_once_never_pay_more_than_the_part(app: Flask, ids: dict[str, int]) -> None:
    db.session.remove()
    start, refused = Barrier(4), []

    def pay(number: int) -> None:
        with app.app_context():
            start.wait()
            try:
                give(ids["Basilic"], 3000, f"{number}" * 32)
            except MoreThanAllotted as refusal:
                refused.append(refusal.left)
            db.session.remove()

    threads = [Thread(target=pay, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == [1929] * 3
    assert left(ids["Basilic"]) == (1929, 1900)


@pytest.mark.tampers
@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE payout SET cents = cents + 1 WHERE id = 1",
        "UPDATE payout SET taken_back = 7 WHERE id = 1",
        "UPDATE payout SET kind = 'part' WHERE id = 1",
        "UPDATE payout SET subject = 'nobody' WHERE id = 1",
        "UPDATE payout SET form_id = 'other' WHERE id = 1",
    ],
)
def test_verify_sees_a_damaged_payout(ids: dict[str, int], damage: str) -> None:
    bound(3000)
    ahead(ids["Basilic"], 2000)
    db.session.execute(text(damage))
    db.session.commit()
    assert "each payout is what its entry books" in [one.name for one in run() if one.state is State.BROKEN]
