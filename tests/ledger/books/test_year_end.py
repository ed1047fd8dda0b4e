"""The year end and the locks on past days, on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shop.errors import (
    DayNotOver,
    NothingToClose,
    PeriodLocked,
    YearNotOver,
    YearOutOfOrder,
)
from shop.extensions import WRITE, db
from shop.ledger.books import queries, services
from shop.ledger.books.rules import EntryKind, Leg
from shop.transaction import transaction
from tests.ledger.books.entries import BOX, DAY, FOOD, SALES, book, open_box

pytestmark = pytest.mark.usefixtures("context")

TODAY = date(2027, 2, 10)
RESULT = "140100"
NEW_YEARS_EVE = date(2026, 12, 31)


def close(year: int = 2026, activity: str = "meals", today: date = TODAY) -> int:
    with transaction():
        return services.close_year(activity, year, today, "treasurer")


def lock(day: date, today: date = TODAY) -> None:
    with transaction():
        services.lock_until(day, today)


def held(day: date | None = None) -> dict[str, int]:
    lines = queries.balances_on(day, "meals") if day else queries.trial_balance("meals")
    return {line.code: line.cents for line in lines}


def a_year(profit: int = 550) -> None:
    """Sell and buy in 2026, and sell once more in 2027."""
    open_box()
    book((BOX, 850), (SALES, -850))
    book((FOOD, 850 - profit), (BOX, profit - 850), key="food")
    book((BOX, 100), (SALES, -100), key="later", day=date(2027, 1, 5), today=TODAY)


def the_beer_too(profit: int, rest: int) -> None:
    """Open the beer's books with what was never shared, sell and spend in 2026."""
    opening = Leg("550200", rest, "beer"), Leg("140200", -rest, "beer")
    book(*opening, key="opening:beer", kind=EntryKind.OPENING)
    book(Leg("550200", 850, "beer"), Leg("700200", -850, "beer"), key="beer sold")
    book(Leg("600200", 850 - profit, "beer"), Leg("550200", profit - 850, "beer"), key="beer bought")


@pytest.mark.parametrize("profit", [550, -550, 0])
def test_a_year_end_empties_the_year_and_leaves_as_much_to_share(profit: int) -> None:
    """The beer's year is the contrary of the meals', and what it never shared waits since it opened."""
    a_year(profit)
    the_beer_too(-profit, 150000)
    before = {seller: queries.distributable(seller) for seller in ("meals", "beer")}
    assert before == {"meals": profit + 100, "beer": 150000 - profit}
    seq = close()
    assert queries.as_entry(seq).date == NEW_YEARS_EVE
    assert held(NEW_YEARS_EVE).keys() & {SALES, FOOD} == set()
    assert held(NEW_YEARS_EVE).get(RESULT, 0) == -profit
    assert held()[SALES] == -100
    close(activity="beer")
    assert queries.balance("140200") == profit - 150000
    assert {seller: queries.distributable(seller) for seller in before} == before


def test_what_was_not_shared_yet_waits_on_the_result_account() -> None:
    a_year()
    book(("643100", 300), Leg("489300", -300, subject="a"), key="shared", day=date(2026, 12, 1), today=TODAY)
    close()
    assert held()[RESULT] == -250
    assert queries.distributable("meals") == 350


def test_each_seller_closes_its_own_year() -> None:
    a_year()
    book(Leg("550200", 5000, "beer"), Leg("700200", -5000, "beer"), key="beer")
    seq = close(activity="beer")
    assert queries.as_entry(seq).legs == (Leg("700200", 5000, "beer"), Leg("140200", -5000, "beer"))
    assert held()[SALES] == -950


def test_asked_twice_it_happens_once() -> None:
    a_year()
    assert close() == close()


def test_a_year_that_runs_or_that_is_empty_is_refused() -> None:
    a_year()
    for today in (DAY, NEW_YEARS_EVE):
        with pytest.raises(YearNotOver):
            close(today=today)
    with pytest.raises(NothingToClose):
        close(2025)
    with pytest.raises(NothingToClose):
        close(activity="beer")


def test_years_close_in_order() -> None:
    a_year()
    book(key="old", day=date(2025, 6, 1))
    with pytest.raises(YearOutOfOrder) as refused:
        close()
    assert refused.value.year == 2025
    close(2025)
    assert held(date(2025, 12, 31))[RESULT] == -850
    close()
    assert held()[RESULT] == -850 - 550


def test_a_year_whose_days_are_locked_closes_on_the_first_open_day() -> None:
    a_year()
    lock(date(2027, 1, 31))
    seq = close()
    assert queries.as_entry(seq).date == date(2027, 2, 1)
    assert held()[RESULT] == -550
    assert held()[SALES] == -100


def test_what_comes_late_into_a_closed_year_is_closed_by_an_entry_more() -> None:
    a_year()
    first = close()
    book((FOOD, 50), (BOX, -50), key="late", day=date(2026, 12, 20), today=TODAY)
    second = close()
    assert second != first
    assert queries.as_entry(second).key == "closing:2026:meals#2"
    assert held(NEW_YEARS_EVE)[RESULT] == -500


def test_a_closing_undone_is_closed_anew_from_that_day_on() -> None:
    a_year()
    first = close()
    undone_on = TODAY + timedelta(days=1)
    with transaction():
        services.reverse(first, undone_on, undone_on, "treasurer", "amount")
    assert held()[SALES] == -950
    second = close(today=undone_on)
    assert queries.as_entry(second).key == "closing:2026:meals#2"
    assert queries.as_entry(second).date == undone_on
    assert held()[RESULT] == held(NEW_YEARS_EVE)[RESULT] == -550
    assert queries.distributable("meals") == 650


def test_days_up_to_one_are_locked_and_the_next_are_open() -> None:
    lock(date(2026, 11, 30))
    lock(date(2026, 11, 30))
    lock(date(2026, 12, 31))
    for day in (date(1999, 1, 1), date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 31)):
        with pytest.raises(PeriodLocked):
            book(day=day, today=TODAY)
        assert services.open_day(day) == date(2027, 1, 1)
    assert services.open_day(TODAY) == TODAY
    assert book(day=date(2027, 1, 1), today=TODAY) == 1


def test_today_is_never_locked_nor_a_lock_drawn_back() -> None:
    for day in (TODAY, TODAY + timedelta(days=1)):
        with pytest.raises(DayNotOver):
            lock(day)
    lock(date(2026, 11, 30))
    with pytest.raises(PeriodLocked) as refused:
        lock(date(2026, 11, 29))
    assert refused.value.until == date(2026, 11, 30)


DAMAGES = {
    "taken off": "DELETE FROM period",
    "drawn back": "UPDATE period SET ends_on = '2026-11-01'",
    "turned round": "INSERT INTO period (id, starts_on, ends_on) VALUES (9, '2026-12-02', '2026-12-01')",
}
GUARDS = {
    "sqlite": {"taken off": "period_stays", "drawn back": "period_is_fixed", "turned round": "period_begins"},
    "postgresql": dict.fromkeys(DAMAGES, "period_stands"),
}


@pytest.mark.parametrize("name", DAMAGES)
@pytest.mark.parametrize("guarded", [True, False])
def test_the_database_keeps_a_lock_as_it_is(name: str, guarded: bool) -> None:
    lock(date(2026, 11, 30))
    connection = db.session.connection(execution_options={WRITE: True})
    dialect = connection.dialect.name
    if guarded:
        with pytest.raises(DBAPIError, match="books: a lock"):
            connection.execute(text(DAMAGES[name]))
    else:
        on = "" if dialect == "sqlite" else " ON period"
        connection.execute(text(f"DROP TRIGGER {GUARDS[dialect][name]}{on}"))
        connection.execute(text(DAMAGES[name]))
    db.session.rollback()


def test_balances_on_a_day_leave_out_what_came_after() -> None:
    a_year()
    assert held(date(2026, 11, 22)) == {}
    assert held(DAY) == {BOX: 30550, FOOD: 300, "100000": -30000, SALES: -850}
    assert held(date(2030, 1, 1)) == held()
