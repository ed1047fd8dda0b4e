"""Parts paid out in cash against the pseudonym, confirmed, taken back, and told to whose they are."""

import pytest

from shop.checks import State
from shop.errors import BoxOverdrawn, MoreThanAllotted, NoPart, NotAnAmount, NotReversible
from shop.ledger.books.queries import balance
from shop.ledger.books.rules import Entry, EntryKind, Leg
from shop.ledger.books.services import post
from shop.ledger.sharing import paying
from shop.ledger.sharing.rules import PAYOUT_STEP, in_steps
from shop.ledger.sharing.services import reverse_settlement, settle
from shop.settings.services import set_from
from shop.transaction import transaction
from shop.verify import run
from tests.factories import make_member
from tests.ledger.sharing.life import SUNDAY, decide_needs, live_week, make_beneficiaries

BOX = "570100"


@pytest.fixture
def ids(context: None) -> dict[str, int]:
    """Settle the demo's week: 49.29, 64.08, 88.72 and 103.51 for four cooks; gives their ids."""
    ids = make_beneficiaries()
    decide_needs(ids)
    week = live_week(0, 59950, 29390)
    with transaction():
        settle([week], None, SUNDAY, "treasurer")
    return ids


def give(member: int, cents: int, form_id: str = "a" * 32) -> int:
    with transaction():
        return paying.pay_out(form_id, member, cents, SUNDAY, "treasurer").id


def left(member: int) -> tuple[int, int]:
    purse = paying.purse_of(member, SUNDAY)
    return purse.left, purse.proposed


def test_whole_euros_are_proposed_and_the_cents_wait(ids: dict[str, int]) -> None:
    box = balance(BOX)
    assert [(one.member.pseudonym, one.left, one.proposed) for one in paying.purses(SUNDAY)] == [
        ("Basilic", 4929, 4900), ("Cumin", 6408, 6400), ("Gingembre", 8872, 8800), ("Menthe", 10351, 10300),
    ]  # fmt: skip

    payout = give(ids["Basilic"], 4900)

    assert left(ids["Basilic"]) == (29, 0)
    assert balance(BOX) == box - 4900
    assert not paying.payout_of(payout).confirmed
    with transaction():
        paying.confirm(payout)
    assert paying.payout_of(payout).confirmed
    assert [(one.cents, one.confirmed) for one in paying.story_of(paying.payout_of(payout).subject)] == [
        (-4900, True),
        (4929, True),
    ]


def test_the_same_form_is_one_payout(ids: dict[str, int]) -> None:
    assert give(ids["Cumin"], 1000) == give(ids["Cumin"], 1000)
    assert left(ids["Cumin"]) == (5408, 5400)


@pytest.mark.parametrize(
    ("cents", "refusal"), [(4930, MoreThanAllotted), (0, NotAnAmount), (-5, NotAnAmount)]
)
def test_what_cannot_be_paid_out_changes_nothing(
    ids: dict[str, int], cents: int, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        give(ids["Basilic"], cents)
    assert left(ids["Basilic"]) == (4929, 4900)
    assert paying.given() == []


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
    assert not paying.is_given(paying.payout_of(payout))
    assert paying.given() == []
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
    subject = paying.payout_of(give(ids["Menthe"], 100)).subject
    legs = (Leg("489110", 700, subject=subject), Leg(BOX, -700))
    with transaction():
        post(Entry("stray", EntryKind.PAYOUT, SUNDAY, "payout:stray", "", "treasurer", legs), SUNDAY)
    assert [one.name for one in run() if one.state is State.BROKEN] == [
        "parts come and go by settlements and payouts"
    ]
