"""What may be ordered and what follows, without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.errors import FieldMissing, MenuFull, OrderFinal, OrderRefused, QuotaReached, SeveralRefusals
from shop.ledger.books.rules import Entry, check_entry
from shop.money import round_cash
from shop.orders.rules import (
    ADVANCES,
    CASH,
    CUSTOMERS,
    LIVE,
    MOVES,
    OPEN,
    Act,
    Delivery,
    Offer,
    OrderSource,
    OrderState,
    PickUp,
    Wanted,
    amount_due,
    check_move,
    find_missing_fields,
    find_wrong_quantities,
    keep_needed,
    likely_given,
    no_show_entry,
    payment_entry,
    refuse,
    sale_entry,
    still_owed,
    take_cash,
)

ACT = Act(1042, date(2026, 11, 26), "organiser", "order:1042:test")
cents = st.integers(0, 100_000)


def on(entry: Entry | None, *accounts: str) -> int:
    return sum(leg.cents for leg in entry.legs if leg.account in accounts) if entry else 0


@st.composite
def menus(draw: st.DrawFn) -> dict[int, Offer]:
    """Draw menus of up to five lines, within their quotas."""
    found = {}
    for line in range(1, draw(st.integers(1, 5)) + 1):
        taken = draw(st.integers(0, 20))
        quota = draw(st.none() | st.integers(taken, 40))
        found[line] = Offer(line, draw(st.booleans()), draw(st.integers(0, 2000)), quota, taken)
    return found


baskets = st.dictionaries(st.integers(1, 5), st.integers(1, 30), min_size=1)


@given(menus(), baskets, st.integers(0, 100))
def test_what_is_not_refused_fits_and_what_is_refused_does_not(
    menu: dict[int, Offer], basket: dict[int, int], cap: int
) -> None:
    wanted = {line: many for line, many in basket.items() if line in menu}
    if not wanted:
        return
    mains = sum(many for line, many in wanted.items() if menu[line].main)
    taken = sum(offer.taken for offer in menu.values() if offer.main)
    over_quota = {
        line
        for line, many in wanted.items()
        if (quota := menu[line].quota) is not None and menu[line].taken + many > quota
    }
    found = find_wrong_quantities(wanted, menu, cap)
    assert {one.line_id for one in found if isinstance(one, QuotaReached)} == over_quota
    full = [one.left for one in found if isinstance(one, MenuFull)]
    assert full == ([max(0, cap - taken)] if mains and taken + mains > cap else [])
    assert len(found) == len(over_quota) + len(full)


@given(menus(), baskets, st.data())
def test_taking_less_is_never_refused_however_full(
    menu: dict[int, Offer], basket: dict[int, int], data: st.DataObject
) -> None:
    before = {line: many for line, many in basket.items() if line in menu}
    wanted = {line: data.draw(st.integers(1, many)) for line, many in before.items()}
    if wanted:
        assert find_wrong_quantities(wanted, menu, cap=0, before=before) == []


def test_swapping_one_main_for_another_is_not_growing() -> None:
    menu = {1: Offer(1, True, 850, None, 40), 2: Offer(2, True, 900, None, 30)}
    assert find_wrong_quantities({2: 3}, menu, 70, before={1: 3}) == []
    (refusal,) = find_wrong_quantities({2: 4}, menu, 70, before={1: 3})
    assert isinstance(refusal, MenuFull)
    assert refusal.left == 0


def test_69_sold_and_two_wanted() -> None:
    menu = {1: Offer(1, True, 850, None, 69), 2: Offer(2, False, 300, None, 69)}
    (refusal,) = find_wrong_quantities({1: 2}, menu, 70)
    assert isinstance(refusal, MenuFull)
    assert refusal.left == 1
    assert find_wrong_quantities({1: 1, 2: 99}, menu, 70) == []


@pytest.mark.parametrize(
    ("source", "handover", "contact", "missing"),
    [
        (OrderSource.WEB, PickUp(1), {}, ["name", "email"]),
        (OrderSource.WEB, PickUp(1), {"name": "N", "email": "n@example.org"}, []),
        (OrderSource.WEB, PickUp(1), {"name": "N", "phone": "1"}, []),
        (OrderSource.WEB, Delivery(), {"name": "N", "email": "n@example.org"}, ["phone", "street"]),
        (OrderSource.WEB, Delivery(), {"name": "N", "phone": "1", "street": "R"}, []),
        (OrderSource.SPOKEN, PickUp(1), {}, ["name"]),
        (OrderSource.SPOKEN, PickUp(1), {"name": "N"}, []),
        (OrderSource.SPOKEN, Delivery(), {"name": "N"}, ["street"]),
        (OrderSource.DESK, None, {}, []),
        (OrderSource.TEAM, None, {}, []),
    ],
)
def test_what_an_order_needs(
    source: OrderSource, handover: PickUp | Delivery | None, contact: dict[str, str], missing: list[str]
) -> None:
    found = find_missing_fields(source, handover, contact)
    assert [one.field for one in found if isinstance(one, FieldMissing)] == missing


def test_of_a_contact_only_what_is_needed_is_kept() -> None:
    contact = {"name": " N ", "street": "R", "bell": "", "note": "sans piment", "card": "4242"}
    assert keep_needed(contact, PickUp(1)) == {"name": "N", "note": "sans piment"}
    assert keep_needed(contact, Delivery()) == {"name": "N", "street": "R", "note": "sans piment"}


def test_one_refusal_comes_alone_and_several_together() -> None:
    refuse([])
    with pytest.raises(MenuFull) as alone:
        refuse([MenuFull(1)])
    assert alone.value.every == (alone.value,)
    several: list[OrderRefused] = [FieldMissing("name"), MenuFull(1)]
    with pytest.raises(SeveralRefusals) as group:
        refuse(several)
    assert group.value.every == tuple(several)
    assert group.value.fact == "FieldMissing"


def test_orders_only_go_where_they_can() -> None:
    assert {before for before in OrderState if MOVES[before]} == {*OrderState} - {OrderState.CANCELLED}
    for before, after in [
        (OrderState.CANCELLED, OrderState.PLACED),
        (OrderState.PICKED_UP, OrderState.CANCELLED),
        (OrderState.PICKED_UP, OrderState.DELIVERED),
        (OrderState.NO_SHOW, OrderState.PICKED_UP),
        (OrderState.PLACED, OrderState.PLACED),
    ]:
        with pytest.raises(OrderFinal):
            check_move(before, after)
    assert not {OrderState.CANCELLED, OrderState.NO_SHOW} & {*LIVE}


def test_what_an_order_costs() -> None:
    assert amount_due([Wanted(1, 2, 850), Wanted(2, 1, 300)], 200) == 2200
    assert amount_due([], None) == 0


@given(cents, cents, cents)
def test_a_sale_balances_and_leaves_what_is_unpaid(dishes: int, delivery: int, prepaid: int) -> None:
    entry = sale_entry(ACT, dishes, delivery, prepaid)
    if entry:
        check_entry(entry)
    total = dishes + delivery
    assert on(entry, CUSTOMERS) == max(0, total - prepaid)
    # Before, the advance; then the sale; together what is owed on the order.
    assert (
        still_owed(OrderState.PICKED_UP, total, -prepaid + on(entry, CUSTOMERS, ADVANCES)) == total - prepaid
    )


@given(st.integers(1, 100_000), st.none() | cents, st.booleans())
def test_cash_balances_and_nobody_is_cheated(owed: int, received: int | None, keep: bool) -> None:
    cash = take_cash(owed, received, keep)
    entry = payment_entry(ACT, cash)
    if entry:
        check_entry(entry)
    given_out = round_cash(owed) if received is None else received
    assert cash.kept + cash.change == given_out
    assert on(entry, CASH) == cash.kept
    assert on(entry, CUSTOMERS) == -cash.settled
    if given_out >= min(owed, round_cash(owed)):
        assert cash.settled == owed
        assert abs(cash.rounding) <= 2
        assert cash.gift == 0 or keep
    else:
        assert (cash.settled, cash.rounding, cash.gift, cash.change) == (given_out, 0, 0, 0)


def test_25_50_paid_with_a_fifty() -> None:
    assert take_cash(2550, 5000).change == 2450
    assert take_cash(2550, 5000, keep_change=True).gift == 2450
    assert take_cash(1002, None).kept == 1000
    assert take_cash(1003, None).kept == 1005


def test_a_cent_between_the_debt_and_its_rounding_is_no_debt_of_ours() -> None:
    assert (round_cash(853), take_cash(853, 854).settled, take_cash(853, 854).kept) == (855, 853, 854)


def test_what_people_hand_out() -> None:
    assert likely_given(2550) == [(3000, 450), (4000, 1450), (5000, 2450)]
    assert likely_given(5000) == [(6000, 1000)]
    assert likely_given(998) == [(2000, 1000), (5000, 4000)]


@given(cents, cents, st.booleans())
def test_a_no_show_balances(due: int, prepaid: int, stays_due: bool) -> None:
    entry = no_show_entry(ACT, due, prepaid, stays_due)
    if entry:
        check_entry(entry)
    owed = still_owed(OrderState.NO_SHOW, due, -prepaid + on(entry, CUSTOMERS, ADVANCES))
    assert owed == (due - prepaid if stays_due else 0)


def test_before_the_hand_over_the_food_is_owed() -> None:
    assert [still_owed(state, 850, 0) for state in OPEN] == [850, 850]
    assert still_owed(OrderState.CANCELLED, 850, -850) == -850
