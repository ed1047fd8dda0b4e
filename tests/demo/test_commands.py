"""shop demo, simulate and welcome, as they are typed."""

import time
from collections import Counter
from datetime import date

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from shop.clock import now
from shop.decisions.models import Decision
from shop.demo.people import PASSPHRASE, TEAM
from shop.extensions import db
from shop.ledger.books.models import Cycle, JournalEntry
from shop.ledger.books.queries import balance, last_count
from shop.ledger.books.rules import EntryKind
from shop.ledger.sharing.models import Payout
from shop.ledger.sharing.queries import standing, unsettled_cycles
from shop.ledger.sharing.rules import ADVANCE_BOUND, ADVANCED, WEIGHTS, PayoutKind
from shop.members.models import Member
from shop.menu.models import Week
from shop.menu.queries import current_week
from shop.orders.models import Order
from shop.orders.rules import OrderSource, OrderState
from shop.outbox import Letter
from shop.pages import Role
from shop.treasury.boxes import boxes
from shop.treasury.models import Receipt
from tests.factories import knock, make_member
from tests.inventory import filled, unsealed
from tests.test_privacy_of_columns import SEALED
from tests.test_routes import fill, rules

SECONDS = 10


def run(app: Flask, *arguments: str) -> Result:
    """Type a command of the shop."""
    return app.test_cli_runner().invoke(args=["shop", *arguments])


@pytest.mark.sqlite_only  # on PostgreSQL it lives where its pages are opened
def test_the_demo_lives_six_weeks_in_ten_seconds(app: Flask) -> None:
    # Of the processor and not of the wall, because other tests may run beside this one.
    began = time.process_time()
    result = run(app, "demo")
    assert result.exit_code == 0, result.output
    assert time.process_time() - began < SECONDS

    with app.app_context():
        assert [one.shared for one in standing()][-1] == 30560
        assert len(standing()) == 5
        last = unsettled_cycles()
        assert len(last) == 1
        assert db.session.scalar(select(func.count()).select_from(Cycle)) == 6
        week = current_week(now())
        assert week is not None
        assert week.label > last[0].label
        assert db.session.scalar(select(func.count()).select_from(Week)) == 7
        assert db.session.scalar(select(func.count()).select_from(Letter)) == 0
        assert {OrderState.CANCELLED, OrderState.NO_SHOW} <= set(db.session.scalars(select(Order.state)))
        assert {OrderSource.SPOKEN, OrderSource.TEAM} <= set(db.session.scalars(select(Order.source)))

        there_is_something_for_a_treasurer()
        assert unsealed() == []
        assert set(filled()) == SEALED - {"letter.sealed"}
    the_loaded_demo_is_not_loaded_again(app)
    every_page_of_it_opens(app)


def there_is_something_for_a_treasurer() -> None:
    """Find the beer's old money, a bank account that was checked, a fund, and what waits to be paid."""
    assert (balance("550200"), balance("140200")) == (150000, -150000)
    opening = db.session.scalars(select(JournalEntry).where(JournalEntry.date < date(2022, 1, 1)))
    assert [one.kind for one in opening] == [EntryKind.OPENING]
    assert (balance("550100"), balance("139500")) == (20000 + 4000 - 350 - 6480, -4000)
    checked = last_count("550100")
    assert checked
    assert checked.counted == checked.expected == balance("550100")
    assert balance("440000") == -5240
    assert balance("489200") <= -1260
    assert "Thym" in {box.holder.pseudonym for box in boxes(["meals", "beer"]) if box.holder}
    assert db.session.scalar(select(func.count()).select_from(Receipt)) == 1


def the_meeting_has_decided_and_paid_out() -> None:
    """Find decisions confirmed by another than their writer, payouts with one tap missing, an advance."""
    mates = {one.id: one.pseudonym for one in db.session.scalars(select(Member))}
    decided = list(db.session.scalars(select(Decision).order_by(Decision.id)))
    assert [one.key for one in decided] == [WEIGHTS, ADVANCE_BOUND]
    assert {mates[one.told.value["written_by"]] for one in decided if one.told} == {"Thym"}
    assert all(one.confirmed_at and one.told and len(one.told.value["present"]) == 7 for one in decided)
    payouts = list(db.session.scalars(select(Payout)))
    assert Counter(one.confirmed for one in payouts) == {True: 6, False: 1}
    assert [one.cents for one in payouts if one.kind is PayoutKind.ADVANCE] == [2000]
    assert [one.taken_back for one in payouts if one.taken_back] == [2000]
    assert balance(ADVANCED) == balance("139400") == 0


def the_loaded_demo_is_not_loaded_again(demo: Flask) -> None:
    again = run(demo, "demo")
    assert again.exit_code == 1
    assert again.stderr.count("\n") == 1
    assert run(demo, "demo", "--if-empty").output == ""
    assert run(demo, "simulate", "--weeks", "1", "--start", "2026-01-05").exit_code == 1

    said = run(demo, "welcome").output
    assert "http://127.0.0.1:8000/sign-in" in said
    assert PASSPHRASE in said
    assert all(mate.pseudonym in said for mate in TEAM)


def every_page_of_it_opens(demo: Flask) -> None:
    """Read every page that there is, as somebody who may do all."""
    with demo.app_context():
        make_member("Origan", [(activity, role) for activity in ("meals", "beer") for role in Role])
        week = current_week(now())
        assert week
        first = db.session.scalar(select(func.min(Order.number)).where(Order.week_id == week.id))
        db.session.remove()
    client = demo.test_client()
    knock(client, "Origan")
    answers: Counter[int] = Counter()
    for rule, _, method in rules(demo):
        if method == "GET":
            status = client.get(fill(rule, str(first), week.label)).status_code
            answers[status] += 1
            assert status < 500, rule.rule
    assert answers[200] > 30, answers


def test_a_shop_with_a_member_takes_no_demo_and_welcomes_without_a_passphrase(app: Flask) -> None:
    with app.app_context():
        make_member()
    refused = run(app, "demo")
    assert refused.exit_code == 1
    assert "empty" in refused.stderr
    quiet = run(app, "demo", "--if-empty")
    assert (quiet.exit_code, quiet.output) == (0, "")
    assert run(app, "simulate", "--weeks", "1", "--start", "2026-01-05").exit_code == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Week)) == 0
    said = run(app, "welcome").output
    assert "http://127.0.0.1:8000" in said
    assert PASSPHRASE not in said


def test_simulate_prints_the_head_of_the_chain(app: Flask) -> None:
    result = run(app, "simulate", "--weeks", "1", "--seed", "3", "--start", "2026-01-05")
    assert result.exit_code == 0, result.output
    entries, chain = result.stdout.split()
    assert int(entries) > 40
    assert len(chain) == 64
