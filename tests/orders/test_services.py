"""Placing, amending, handing over and closing, on both databases."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.clock import now
from shop.errors import (
    AlreadyClosed,
    CycleClosed,
    DeliveryNotOffered,
    FieldMissing,
    LineUnknown,
    MenuFull,
    NothingOrdered,
    NotYetOpen,
    OrderFinal,
    OrderRefused,
    OrdersOpen,
    OrderUnknown,
    QuantityOutOfRange,
    QuotaReached,
    SeveralRefusals,
    SlotUnknown,
    WeekCancelled,
    WeekStillOpen,
)
from shop.extensions import db
from shop.ledger.books.queries import balance, distributable
from shop.menu import services as menu
from shop.menu.models import Week
from shop.orders import queries, services
from shop.orders.models import Contact, Order
from shop.orders.rules import Delivery, OrderSource, OrderState, PickUp
from shop.transaction import transaction
from shop.vault import token_hash
from tests.factories import CLOSES, OPENS, SLOT, make_dish, make_order, make_plan, make_week

pytestmark = pytest.mark.usefixtures("context")

AFTER = SLOT + timedelta(hours=1)


def lines(week: Week) -> dict[str, int]:
    """Map a week's letters to its lines."""
    return {line.letter: line.id for line in week.lines}


def quantities(number: int) -> dict[str, int]:
    found = queries.ticket(number)
    assert found
    return {line.letter: line.quantity for line in found.lines}


def test_an_order_is_there_with_prices_as_they_stand() -> None:
    week = make_week()
    placed = make_order(week, A=2, B=1)
    found = queries.ticket(placed.number)
    assert found
    assert placed.number == 1001
    assert found.token_hash == token_hash(placed.token)
    assert found.amount == found.owed == 2 * 300 + 850
    assert (found.state, found.place, found.slot) == (
        OrderState.PLACED,
        week.place,
        (SLOT, SLOT + timedelta(hours=1)),
    )
    assert found.contact == {"name": "Nour", "phone": "0470 00 00 00"}
    assert (found.portions, found.mains) == (3, 1)
    assert make_order(week, B=1).number == 1002


def test_a_delivery_has_its_fee_and_its_address() -> None:
    week = make_week()
    contact = {"name": "Nour", "phone": "0470", "street": "Rue X 1", "bell": "N"}
    found = queries.ticket(make_order(week, handover=Delivery(), contact=contact, B=1).number)
    assert found
    assert found.amount == 850 + 200
    assert found.contact["street"] == "Rue X 1"


def test_what_is_not_needed_is_not_kept() -> None:
    week = make_week()
    contact = {"name": " Nour ", "phone": "0470", "street": "Rue X 1", "role": "admin", "email": ""}
    found = queries.ticket(make_order(week, contact=contact, B=1).number)
    assert found
    assert found.contact == {"name": "Nour", "phone": "0470"}


def test_ten_clicks_are_one_order_with_one_link() -> None:
    week = make_week()
    placed = {make_order(week, form_id="ten clicks and no more", B=1) for _ in range(10)}
    assert len(placed) == 1
    assert queries.mains_taken(week.id) == 1


def test_what_is_kept_of_a_form_opens_no_order() -> None:
    week = make_week()
    placed = make_order(week, form_id="ten clicks and no more", B=1)
    kept = db.session.scalars(select(Order.form_id)).one()
    assert make_order(week, form_id=kept, B=1).number != placed.number


@pytest.mark.parametrize(
    ("wanted", "fact"),
    [
        ({}, NothingOrdered),
        ({"B": 0}, NothingOrdered),
        ({"B": -1}, QuantityOutOfRange),
        ({"B": 1000}, QuantityOutOfRange),
        ({"A": 1, "B": 4}, MenuFull),
        ({"A": 3}, QuotaReached),
    ],
)
def test_what_the_menu_does_not_hold_is_refused_and_nothing_is_written(
    wanted: Mapping[str, int], fact: type[OrderRefused]
) -> None:
    week = make_week(plan=make_plan(cap=3), quotas=(2, None, None))
    with pytest.raises(fact):
        make_order(week, **wanted)
    assert queries.desk(week.id).tickets == ()


def test_a_dish_of_another_week_is_unknown() -> None:
    week, other = make_week(), make_week([make_dish("Autre")], make_plan(1))
    with transaction(), pytest.raises(LineUnknown):
        services.place_order(
            week.id,
            {other.lines[0].id: 1},
            PickUp(week.slots[0].id),
            {"name": "N", "phone": "1"},
            form_id="f",
            source=OrderSource.WEB,
            language="fr",
            now=now(),
        )


def test_refusals_say_what_is_left() -> None:
    week = make_week(plan=make_plan(cap=3), quotas=(2, None, None))
    make_order(week, A=1, B=2)
    with pytest.raises(SeveralRefusals) as refused:
        make_order(week, A=2, B=2, contact={}, handover=PickUp(99999))
    quota, full, slot, name, reach = refused.value.every
    assert isinstance(quota, QuotaReached)
    assert (quota.line_id, quota.left) == (lines(week)["A"], 1)
    assert isinstance(full, MenuFull)
    assert full.left == 1
    assert isinstance(slot, SlotUnknown)
    assert [one.field for one in (name, reach) if isinstance(one, FieldMissing)] == ["name", "email"]


def test_a_slot_of_another_week_and_a_delivery_that_is_not_offered_are_refused() -> None:
    week, other = make_week(plan=make_plan(delivery_fee=None)), make_week([make_dish("Autre")], make_plan(1))
    with pytest.raises(SlotUnknown):
        make_order(week, handover=PickUp(other.slots[0].id), B=1)
    with pytest.raises(DeliveryNotOffered):
        make_order(week, handover=Delivery(), contact={"name": "N", "phone": "1", "street": "R"}, B=1)


def test_the_cutoff_holds_to_the_second_for_customers() -> None:
    week = make_week()
    make_order(week, B=1, at=OPENS)
    make_order(week, B=1, at=CLOSES - timedelta(seconds=1))
    with pytest.raises(NotYetOpen):
        make_order(week, B=1, at=OPENS - timedelta(seconds=1))
    with pytest.raises(CycleClosed):
        make_order(week, B=1, at=CLOSES)
    make_order(week, B=1, at=CLOSES, source=OrderSource.SPOKEN, contact={"name": "Nour"})


def test_a_cancelled_week_and_a_draft_take_no_order() -> None:
    week, draft = make_week(), make_week([make_dish("Autre")], make_plan(1), published=False)
    with transaction():
        menu.cancel_week(week.id)
    with pytest.raises(WeekCancelled):
        make_order(week, B=1)
    with pytest.raises(NotYetOpen):
        make_order(draft, A=1)


def test_amending_replaces_and_keeps_old_prices() -> None:
    week = make_week()
    number = make_order(week, A=2, B=1).number
    ids = lines(week)
    delivered = {"name": "Nour", "phone": "0470", "street": "Rue X 1"}
    with transaction():
        services.amend_order(number, {ids["B"]: 2, ids["C"]: 1}, Delivery(), delivered, now())
    found = queries.ticket(number)
    assert found
    assert quantities(number) == {"B": 2, "C": 1}
    assert found.amount == 2 * 850 + 250 + 200
    assert found.contact["street"] == "Rue X 1"
    assert found.revision == 2


def test_on_a_full_week_reducing_and_swapping_work_and_adding_does_not() -> None:
    week = make_week([make_dish("Yassa"), make_dish("Mafé", price=900)], make_plan(cap=3))
    number = make_order(week, A=2).number
    make_order(week, B=1)
    ids = lines(week)
    with transaction():
        services.amend_order(number, {ids["A"]: 1, ids["B"]: 1}, None, None, now())
    with transaction():
        services.amend_order(number, {ids["B"]: 2}, None, None, now())
    with transaction(), pytest.raises(MenuFull) as refused:
        services.amend_order(number, {ids["B"]: 3}, None, None, now())
    assert refused.value.left == 0
    with transaction():
        services.amend_order(number, {ids["B"]: 1}, None, None, now())
    assert queries.taken(week.id) == {ids["B"]: 2}


def test_taking_everything_away_is_not_amending() -> None:
    week = make_week()
    number = make_order(week, B=1).number
    with transaction(), pytest.raises(NothingOrdered):
        services.amend_order(number, {lines(week)["B"]: 0}, None, None, now())


def test_after_the_cutoff_only_members_amend_and_cancel() -> None:
    week = make_week()
    number = make_order(week, A=1, B=1).number
    wanted = {lines(week)["B"]: 2}
    with transaction(), pytest.raises(CycleClosed):
        services.amend_order(number, wanted, None, None, CLOSES)
    with transaction(), pytest.raises(CycleClosed):
        services.cancel_order(number, CLOSES)
    with transaction():
        services.amend_order(number, wanted, None, None, AFTER, by_member=True)
    assert quantities(number) == {"B": 2}
    with transaction():
        services.cancel_order(number, AFTER, by_member=True)
    assert queries.mains_taken(week.id) == 0
    with transaction(), pytest.raises(OrderFinal):
        services.cancel_order(number, AFTER, by_member=True)


def test_a_new_link_ends_the_old_one() -> None:
    placed = make_order(make_week(), form_id="a form", B=1)
    with transaction():
        token = services.new_link(placed.number)
    order = queries.ticket(placed.number)
    assert order
    assert order.token_hash == token_hash(token) != token_hash(placed.token)
    with transaction(), pytest.raises(OrderUnknown):
        services.new_link(1)


def test_erasing_leaves_the_order_and_no_contact() -> None:
    number = make_order(make_week(), B=1).number
    with transaction():
        services.erase_contact(number)
    found = queries.ticket(number)
    assert found
    assert found.contact == {}
    assert db.session.get(Contact, number) is None


def test_handed_over_and_paid() -> None:
    week = make_week()
    contact = {"name": "N", "phone": "1", "street": "R"}
    number = make_order(week, handover=Delivery(), contact=contact, B=3).number
    with transaction():
        cash = services.hand_over(number, AFTER, "organiser", received=5000)
    assert (cash.kept, cash.change) == (2750, 2250)
    assert (balance("570100"), balance("700100"), balance("700190"), balance("400000")) == (
        2750,
        -2550,
        -200,
        0,
    )
    found = queries.ticket(number)
    assert found
    assert (found.state, found.owed) == (OrderState.DELIVERED, 0)
    with transaction(), pytest.raises(OrderFinal):
        services.hand_over(number, AFTER, "organiser")


def test_cash_is_rounded_and_change_can_be_kept_as_a_gift() -> None:
    week = make_week([make_dish(price=851)])
    first, second = make_order(week, A=1).number, make_order(week, A=3).number
    with transaction():
        services.hand_over(first, AFTER, "organiser")
        services.hand_over(second, AFTER, "organiser", received=3000, keep_change=True)
    assert balance("570100") == 850 + 3000
    assert (balance("644900"), balance("749900"), balance("731000")) == (1, -2, -445)
    assert queries.owed(first) == queries.owed(second) == 0


def test_paid_later_partly_and_undone() -> None:
    number = make_order(make_week(), B=1).number
    with transaction():
        services.hand_over(number, AFTER, "organiser", pay_later=True)
    assert queries.owed(number) == 850
    with transaction():
        services.receive_payment(number, AFTER, "organiser", received=500)
    assert queries.owed(number) == 350
    with transaction():
        services.receive_payment(number, AFTER, "organiser")
    assert queries.owed(number) == 0
    with transaction():
        services.undo_payment(number, AFTER, "organiser")
    assert queries.owed(number) == 350
    with transaction():
        services.undo_hand_over(number, AFTER, "organiser")
    assert queries.owed(number) == 850
    assert (balance("570100"), balance("400000"), balance("700100")) == (0, 0, 0)


def test_paid_before_the_hand_over() -> None:
    number = make_order(make_week(), B=1).number
    with transaction():
        services.receive_payment(number, now(), "organiser")
    assert (queries.owed(number), balance("460100")) == (0, -850)
    with transaction():
        assert services.hand_over(number, AFTER, "organiser").kept == 0
    assert (balance("460100"), balance("400000"), balance("570100")) == (0, 0, 850)
    with transaction():
        services.undo_hand_over(number, AFTER, "organiser")
    assert (queries.owed(number), balance("460100")) == (0, -850)
    with transaction():
        services.undo_payment(number, AFTER, "organiser")
    assert (queries.owed(number), balance("570100")) == (850, 0)


def test_a_tap_undone_and_done_again_is_another_entry() -> None:
    number = make_order(make_week(), B=1).number
    for _ in range(3):
        with transaction():
            services.hand_over(number, AFTER, "organiser")
        with transaction():
            services.undo_hand_over(number, AFTER, "organiser")
    with transaction():
        services.hand_over(number, AFTER, "organiser")
    assert balance("570100") == -balance("700100") == 850


def test_no_shows_free_their_plates_and_owe_only_where_said() -> None:
    week = make_week(plan=make_plan(cap=2))
    first, second = make_order(week, B=1).number, make_order(week, B=1).number
    with transaction():
        services.mark_no_show(first, AFTER, "organiser")
        services.mark_no_show(second, AFTER, "organiser", stays_due=True)
    assert (queries.owed(first), queries.owed(second)) == (0, 850)
    with transaction():
        number, cash = services.sell_at_desk(week.id, {lines(week)["B"]: 1}, AFTER, "organiser", "desk")
    assert (number, cash.kept) == (1003, 850)
    with transaction():
        services.undo_no_show(second, AFTER, "organiser")
    with transaction(), pytest.raises(MenuFull):
        services.undo_no_show(first, AFTER, "organiser")
    assert (queries.owed(second), balance("400000")) == (850, 0)


def test_a_paid_no_show_is_a_sale() -> None:
    number = make_order(make_week(), B=1).number
    with transaction():
        services.receive_payment(number, now(), "organiser")
        services.mark_no_show(number, AFTER, "organiser")
    assert (queries.owed(number), balance("700100"), balance("460100")) == (0, -850, 0)


def test_the_team_eats_plates_that_count_and_cost_nothing() -> None:
    week = make_week(plan=make_plan(cap=2))
    with transaction():
        number = services.team_meal(week.id, {lines(week)["B"]: 2}, AFTER, "team")
    assert (queries.mains_taken(week.id), queries.owed(number), distributable("meals")) == (2, 0, 0)
    with transaction(), pytest.raises(MenuFull):
        services.sell_at_desk(week.id, {lines(week)["B"]: 1}, AFTER, "organiser", "desk")


def test_the_rest_is_settled_at_once_and_the_week_closes() -> None:
    week = make_week()
    numbers = [make_order(week, B=1).number for _ in range(4)]
    with transaction():
        services.pack(numbers[0], AFTER)
        with pytest.raises(WeekStillOpen):
            services.close_week(week.id, now())
        with pytest.raises(OrdersOpen) as refused:
            services.close_week(week.id, AFTER)
    assert refused.value.count == 4
    with transaction():
        assert services.settle_rest(week.id, [numbers[3]], AFTER, "organiser") == numbers[:3]
        services.mark_no_show(numbers[3], AFTER, "organiser")
    desk = queries.desk(week.id)
    assert (desk.came, desk.expected, len(desk.waiting)) == (3, 4, 0)
    with transaction():
        cycle = services.close_week(week.id, AFTER)
    assert (cycle.label, cycle.starts_on.isoformat()) == ("2026-W48", "2026-11-23")
    assert distributable("meals") == 3 * 850
    with transaction():
        for verb in (services.undo_hand_over, services.mark_no_show):
            with pytest.raises(AlreadyClosed):
                verb(numbers[0], AFTER, "organiser")
        with pytest.raises(AlreadyClosed):
            services.close_week(week.id, AFTER)


def test_an_evening_on_paper_is_written_down_at_once() -> None:
    week = make_week()
    paid, later, absent = (make_order(week, B=1).number for _ in range(3))
    marks = {
        paid: services.Mark(True),
        later: services.Mark(True, pay_later=True),
        absent: services.Mark(False),
    }
    with transaction():
        assert services.enter_sheet(week.id, marks, AFTER, "organiser") == [paid, later, absent]
    with transaction():
        assert services.enter_sheet(week.id, marks, AFTER, "organiser") == []
    states = {one.number: one.owed for one in queries.desk(week.id).tickets}
    assert states == {paid: 0, later: 850, absent: 0}
