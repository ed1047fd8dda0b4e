"""Each sentence of the to-do list comes with its facts, and goes with them."""

from datetime import date, timedelta

import pytest

from shop.collective.gauge.rules import Gauge
from shop.collective.todo.rules import (
    Books,
    Debt,
    Facts,
    Place,
    Task,
    Weeks,
    month_to_lock,
    todos,
)

TODAY = date(2026, 11, 23)
THURSDAY = ("2026-W47", date(2026, 11, 19))
NOTHING = Facts(TODAY, (Books("meals"), Books("beer")))


def box(days: int | None, moved: bool = True, account: str = "570100") -> Place:
    counted = None if days is None else TODAY - timedelta(days=days)
    return Place(account, "meals", 60560, counted, moved)


def sold(euros: int) -> Gauge:
    return Gauge("meals", 100 * euros, 2_500_000, date(2026, 1, 1), date(2026, 12, 31))


def with_books(**known: object) -> Facts:
    return Facts(TODAY, (Books("meals", **known),))


def with_weeks(**known: object) -> Facts:
    return Facts(TODAY, weeks=Weeks(**known))


def tasks(facts: Facts) -> list[Task]:
    return [one.task for one in todos(facts)]


SENTENCES = [
    (Task.BROKEN, Facts(TODAY, broken=1), Facts(TODAY, broken=0)),
    (Task.RECEIVE, with_weeks(debts=(Debt(1038, 1850, TODAY),)), with_weeks()),
    (Task.RECEIVE_OLD, with_weeks(older_debts=1), with_weeks(older_debts=0)),
    (Task.CLOSE_WEEK, with_weeks(over=(THURSDAY,)), with_weeks()),
    (Task.SHARE, with_weeks(unshared=(THURSDAY,), to_share=1), with_weeks(unshared=(THURSDAY,), to_share=0)),
    (Task.SHARE, with_weeks(unshared=(THURSDAY,), to_share=1), with_weeks(to_share=500)),
    (Task.CONFIRM, with_weeks(to_confirm=((3, "secu"),)), with_weeks()),
    (Task.TALK, with_weeks(contested=((3, "secu"),)), with_weeks()),
    (Task.HAND_OUT, with_weeks(envelopes=(4900, 6400)), with_weeks()),
    (Task.COUNT, with_books(places=(box(7),)), with_books(places=(box(6),))),
    (Task.COUNT, with_books(places=(box(None),)), with_books(places=(box(None, moved=False),))),
    (Task.COUNT, with_books(places=(box(90),)), with_books(places=(box(90, moved=False),))),
    (
        Task.CHECK_BANK,
        with_books(places=(box(31, True, "550100"),)),
        with_books(places=(box(30, True, "550100"),)),
    ),
    (Task.REPAY, with_books(pockets=1), with_books(pockets=0)),
    (Task.PAY, with_books(bills=1), with_books(bills=0)),
    (Task.HAND_ON, with_books(owes=1), with_books(owes=0)),
    (Task.WATCH_VAT, with_books(gauge=sold(20_000)), with_books(gauge=sold(19_999))),
    (Task.WATCH_VAT, with_books(gauge=sold(26_000)), with_books(gauge=None)),
    (Task.CLOSE_YEAR, with_books(year_left=2025), with_books(year_left=None)),
    (Task.LOCK, Facts(TODAY, lock=date(2026, 10, 31)), Facts(TODAY, lock=None)),
]


@pytest.mark.parametrize(("task", "facts", "without"), SENTENCES)
def test_a_sentence_comes_and_goes(task: Task, facts: Facts, without: Facts) -> None:
    assert tasks(facts) == [task]
    assert task not in tasks(without)


def test_every_task_has_its_sentence_here() -> None:
    assert {task for task, *_ in SENTENCES} == set(Task)


def test_nothing_to_do_is_nothing_to_read() -> None:
    assert todos(NOTHING) == []


def test_the_most_urgent_comes_first_whoever_sells() -> None:
    weeks = Weeks((Debt(1038, 1850, TODAY),), over=(THURSDAY,), unshared=(THURSDAY,), to_share=1)
    meals = Books("meals", (box(8),), 1, owes=1, year_left=2025)
    beer = Books("beer", (box(8, account="570200"),), bills=1)
    found = tasks(Facts(TODAY, (meals, beer), weeks, broken=2, lock=TODAY))

    assert found == sorted(found, key=list(Task).index)
    assert found.count(Task.COUNT) == 2
    assert found[0] is Task.BROKEN


def test_hidden_parts_are_summed_where_there_are_three() -> None:
    two, three = (4900, 6400), (4900, 6400, 8800)
    told = {
        (shown, many): todos(with_weeks(envelopes=many, parts_shown=shown))[0].cents
        for shown in (True, False)
        for many in (two, three)
    }
    assert told == {(True, two): 11300, (True, three): 20100, (False, two): 0, (False, three): 20100}


def test_many_debts_are_summed_up_after_the_oldest() -> None:
    debts = tuple(Debt(1000 + n, 100 + n, TODAY) for n in range(9))
    found = todos(with_weeks(debts=debts, older_debts=7))

    assert [one.number for one in found if one.task is Task.RECEIVE] == [1000, 1001, 1002, 1003, 1004, 1005]
    assert found[-1].cents == 106 + 107 + 108 + 7


def test_after_25_days_a_debt_is_what_keeps_a_contact() -> None:
    def kept(days: int) -> bool:
        return todos(with_weeks(debts=(Debt(1038, 1850, TODAY - timedelta(days=days)),)))[0].kept_long

    assert (kept(24), kept(25)) == (False, True)


@pytest.mark.parametrize(
    ("today", "locked", "first", "end"),
    [
        (date(2026, 11, 15), None, date(2026, 10, 5), date(2026, 10, 31)),
        (date(2026, 11, 14), None, date(2026, 9, 30), date(2026, 9, 30)),
        (date(2026, 11, 14), None, date(2026, 10, 5), None),
        (date(2026, 11, 30), date(2026, 10, 31), date(2026, 1, 1), None),
        (date(2026, 11, 30), date(2026, 10, 30), date(2026, 1, 1), date(2026, 10, 31)),
        (date(2027, 1, 20), None, date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 11, 30), None, None, None),
    ],
)
def test_a_month_can_be_locked_once_all_of_it_came(
    today: date, locked: date | None, first: date | None, end: date | None
) -> None:
    assert month_to_lock(today, locked, first) == end
