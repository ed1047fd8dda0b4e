"""Versions of values: the one decided last among those that hold."""

from contextlib import suppress
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shop.decisions.queries import history, in_force, waiting
from shop.decisions.services import confirm, contest, decide, propose
from shop.errors import DecisionContested, DecisionUnknown, SecondMemberNeeded, ValueUnfit
from shop.extensions import db
from shop.transaction import transaction
from tests.conftest import NOON

W48, W49, W50 = date(2026, 11, 23), date(2026, 11, 30), date(2026, 12, 7)


@pytest.mark.usefixtures("context")
def test_a_version_holds_from_its_week_until_a_newer_one() -> None:
    with transaction():
        first = decide("weights", {"1": "1.00"}, W48, NOON).id
        second = decide("weights", {"1": "1.30"}, W50, NOON + timedelta(hours=1)).id
        decide("advance-bound", 7, W48, NOON)

    assert in_force("weights", W48 - timedelta(days=1)) is None
    assert [in_force("weights", day).id for day in (W48, W49, W50)] == [first, first, second]
    assert [one.id for one in history("weights")] == [second, first]
    assert in_force("weights", W50).value.value == {"1": "1.30"}


@pytest.mark.usefixtures("context")
def test_what_was_decided_last_wins_over_what_holds_from_later() -> None:
    with transaction():
        decide("weights", {"1": "1.30"}, W49, NOON)
        last = decide("weights", {"1": "2.00"}, W48, NOON).id

    assert in_force("weights", W50).id == last


SAFRAN, MENTHE = 1, 2


def written(bound: int = 2000) -> int:
    """Let Safran write down an advance bound; gives the decision's id."""
    with transaction():
        return propose("advance-bound", bound, W49, NOON, written_by=SAFRAN, present=[SAFRAN, MENTHE]).id


def bound() -> int | None:
    found = in_force("advance-bound", W49)
    return found.value.value if found else None


@pytest.mark.usefixtures("context")
def test_it_holds_once_a_second_member_confirms() -> None:
    number = written()
    assert [one.id for one in waiting()] == [number]
    assert bound() is None

    with pytest.raises(SecondMemberNeeded), transaction():
        confirm(number, SAFRAN, NOON)
    assert bound() is None
    for _twice in range(2):
        with transaction():
            confirm(number, MENTHE, NOON)
    assert bound() == 2000
    assert waiting() == []


@pytest.mark.usefixtures("context")
def test_the_former_numbers_hold_again_where_one_disagrees() -> None:
    for cents in (2000, 3000):
        number = written(cents)
        with transaction():
            confirm(number, MENTHE, NOON)
    assert bound() == 3000

    for _twice in range(2):
        with transaction():
            contest(number, NOON)
    assert bound() == 2000
    with pytest.raises(DecisionContested), transaction():
        confirm(number, MENTHE, NOON)


@pytest.mark.usefixtures("context")
def test_nobody_is_named_who_disagreed() -> None:
    number = written()
    with transaction():
        decision = contest(number, NOON)
    assert decision.told.value == {"written_by": SAFRAN, "present": [SAFRAN, MENTHE]}
    assert waiting() == []


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("advance-bound", -1),
        ("advance-bound", True),
        ("advance-bound", 50_001),
        ("weights-shown", "y"),
        ("secu", {"rate": "100.00"}),
        ("secu", {"rate": "10"}),
        ("cap-bounds", [70, 60]),
        ("cap-bounds", [0, 60]),
        ("weights", ["1.00"]),
        ("price", 900),
    ],
)
def test_nothing_else_can_be_decided(key: str, value: object) -> None:
    with pytest.raises(ValueUnfit), transaction():
        decide(key, value, W48, NOON)


@pytest.mark.usefixtures("context")
def test_what_is_not_there_cannot_be_confirmed() -> None:
    with pytest.raises(DecisionUnknown), transaction():
        confirm(7, MENTHE, NOON)


DAMAGES = [
    "UPDATE decision SET holds_from = '2026-01-05'",
    "UPDATE decision SET key = 'secu'",
    "UPDATE decision SET value = told",
    "UPDATE decision SET confirmed_at = NULL",
    "UPDATE decision SET contested_at = NULL",
    "DELETE FROM decision",
]


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("damage", DAMAGES)
def test_the_database_keeps_what_was_decided(damage: str) -> None:
    number = written()
    with transaction():
        confirm(number, MENTHE, NOON)
        contest(number, NOON)
    with pytest.raises(DBAPIError, match="decisions:"):
        db.session.execute(text(damage))
    db.session.rollback()


@pytest.mark.tampers
@pytest.mark.reshapes
@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("damage", DAMAGES)
def test_the_control_without_the_guard_it_does_not(damage: str) -> None:
    number = written()
    with transaction():
        confirm(number, MENTHE, NOON)
        contest(number, NOON)
    if db.engine.dialect.name == "sqlite":
        for trigger in ("decision_is_written_once", "decision_stays"):
            db.session.execute(text(f"DROP TRIGGER {trigger}"))
    else:
        db.session.execute(text("DROP FUNCTION decision_guard CASCADE"))
    db.session.execute(text(damage))
    db.session.rollback()


def test_confirming_and_contesting_at_once_end_in_one_state(app: Flask) -> None:
    for _round in range(4):
        with app.app_context():
            number = written()
            db.session.remove()
        start = Barrier(2)

        def act(verb: str, number: int = number, start: Barrier = start) -> None:
            with app.app_context():
                start.wait()
                with suppress(DecisionContested), transaction():
                    if verb == "confirm":
                        confirm(number, MENTHE, NOON)
                    else:
                        contest(number, NOON)
                db.session.remove()

        threads = [Thread(target=act, args=[verb]) for verb in ("confirm", "contest")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with app.app_context():
            assert bound() is None
            assert waiting() == []
            db.session.remove()
