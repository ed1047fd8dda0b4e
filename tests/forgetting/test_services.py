"""What is forgotten, and when: to the day, and nothing sooner."""

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from shop.extensions import db
from shop.forgetting.queries import due
from shop.members.models import SignIn, SignInLink
from shop.menu import services as menu
from shop.menu.models import Week
from shop.orders import services as orders
from shop.orders.models import Contact, Order
from shop.orders.rules import Delivery
from shop.outbox import Letter, write_letter
from shop.schema import database_file, truncate_log
from shop.tick import forget
from shop.transaction import transaction
from shop.vault import Sealed, token_hash, vault
from tests.conftest import NOON
from tests.factories import make_member, make_order, make_week

pytestmark = pytest.mark.usefixtures("context")

CONTACT = {
    "name": "Nour",
    "email": "nour@example.org",
    "phone": "0470 00 00 00",
    "street": "Rue des Lilas 12",
    "bell": "B3",
    "postcode": "4000",
    "note": "sans porc",
}
CLOSED_AT = datetime(2026, 11, 26, 20, tzinfo=UTC)
"""Thursday 26 November, 21 h in Liège: after the last slot of the tests' week."""


def order(week: Week, **quantities: int) -> int:
    """Order a delivery for Nour; the order's number."""
    return make_order(week, handover=Delivery(), contact=CONTACT, **(quantities or {"B": 1})).number


def contact(number: int) -> Mapping[str, str] | None:
    """Read what is kept of who ordered."""
    db.session.rollback()
    kept = db.session.scalar(select(Contact).where(Contact.number == number))
    return kept.sealed.value if kept else None


def close(week: Week, *paid: int, unpaid: tuple[int, ...] = ()) -> None:
    """Hand everything over on Thursday, and close."""
    with transaction():
        for number in paid:
            orders.hand_over(number, CLOSED_AT, "organiser")
        for number in unpaid:
            orders.hand_over(number, CLOSED_AT, "organiser", pay_later=True)
        orders.close_week(week.id, CLOSED_AT)


def test_a_contact_is_kept_thirty_days_after_its_week_closed() -> None:
    week = make_week()
    number = order(week)
    close(week, number)
    forget(CLOSED_AT + timedelta(days=29))
    assert contact(number) is not None
    forget(CLOSED_AT + timedelta(days=30))
    assert contact(number) is None
    assert db.session.get(Order, number) is not None


def test_who_owes_is_kept_until_it_is_paid() -> None:
    week = make_week()
    number = order(week)
    close(week, unpaid=(number,))
    later = CLOSED_AT + timedelta(days=40)
    forget(later)
    assert contact(number) == {"name": "Nour", "email": "nour@example.org", "phone": "0470 00 00 00"}
    with transaction():
        orders.receive_payment(number, later, "treasurer")
    forget(later)
    assert contact(number) is None


def test_nobody_is_kept_longer_than_ninety_days_even_if_no_one_closes() -> None:
    week = make_week()
    number = order(week)
    forget(week.closes_at + timedelta(days=90, seconds=-1))
    assert contact(number) is not None
    forget(week.closes_at + timedelta(days=90))
    assert contact(number) is None


def test_addresses_and_notes_go_the_day_after_the_round() -> None:
    week = make_week()
    number = order(week)
    forget(datetime(2026, 11, 26, 22, 59, 59, tzinfo=UTC))
    assert contact(number) == CONTACT
    forget(datetime(2026, 11, 26, 23, 0, tzinfo=UTC))  # midnight in Liège
    assert contact(number) == {"name": "Nour", "email": "nour@example.org", "phone": "0470 00 00 00"}


def test_who_cancelled_is_forgotten_after_seven_days() -> None:
    number = order(make_week())
    with transaction():
        orders.cancel_order(number, NOON)
    forget(NOON + timedelta(days=7, seconds=-1))
    assert contact(number) is not None
    forget(NOON + timedelta(days=7))
    assert contact(number) is None


def test_who_paid_and_cancelled_is_kept_because_we_owe() -> None:
    number = order(make_week())
    with transaction():
        orders.receive_payment(number, NOON, "treasurer", 500)
        orders.cancel_order(number, NOON)
    forget(NOON + timedelta(days=8))
    assert contact(number) is not None


def test_the_weeks_key_goes_with_its_last_contact_and_letter() -> None:
    week = make_week()
    first, second = order(week), order(week)
    with transaction():
        write_letter(f"order:{first}:placed:1", Sealed(f"week-{week.id}", {"to": "nour@example.org"}), NOON)
    close(week, first, unpaid=(second,))
    key = f"week-{week.id}"
    forget(CLOSED_AT + timedelta(days=31))
    assert key in vault().key_names()
    assert db.session.scalars(select(Letter)).all() != []
    forget(week.closes_at + timedelta(days=90))
    assert key not in vault().key_names()
    assert db.session.scalars(select(Letter)).all() == []
    assert "house" in vault().key_names()


def test_the_key_of_a_week_that_has_begun_stays_though_nobody_ordered_yet() -> None:
    week = make_week()
    orders_number = order(week)
    with transaction():
        orders.erase_contact(orders_number)
    forget(NOON)
    assert f"week-{week.id}" in vault().key_names()


def test_letters_are_gone_after_ninety_days() -> None:
    with transaction():
        write_letter("a", Sealed("house", {}), NOON)
        write_letter("b", Sealed("house", {}), NOON + timedelta(days=1))
    forget(NOON + timedelta(days=90))
    assert [letter.key for letter in db.session.scalars(select(Letter))] == ["b"]


def test_old_sign_ins_and_spent_links_are_gone() -> None:
    member = make_member()
    with transaction():
        db.session.add(SignIn(token_hash="old", member_id=member.id, started_at=NOON - timedelta(days=30)))
        db.session.add(SignIn(token_hash="new", member_id=member.id, started_at=NOON - timedelta(days=29)))
        db.session.add(SignInLink(member_id=member.id, made_at=NOON, token_hash="fresh"))
    forget(NOON)
    assert list(db.session.scalars(select(SignIn.token_hash))) == ["new"]
    assert list(db.session.scalars(select(SignInLink.token_hash))) == ["fresh"]


def test_the_walls_link_ends_with_its_week() -> None:
    week = make_week()
    with transaction():
        token = menu.new_wall_link(week.id)
    forget(datetime(2026, 11, 26, 22, 59, 59, tzinfo=UTC))
    assert db.session.scalar(select(Week.wall_token_hash)) == token_hash(token)
    forget(datetime(2026, 11, 26, 23, 0, tzinfo=UTC))
    assert db.session.scalar(select(Week.wall_token_hash)) is None


def test_what_was_forgotten_is_not_due_again() -> None:
    week = make_week()
    close(week, order(week))
    late = CLOSED_AT + timedelta(days=100)
    assert due(late)
    forget(late)
    assert not due(late)


def test_erasing_an_order_takes_its_letters_and_is_remembered() -> None:
    week = make_week()
    number, other = order(week), order(week)
    with transaction():
        for one in (number, other):
            write_letter(f"order:{one}:placed:1", Sealed("house", {}), NOON)
        orders.erase_contact(number)
    assert contact(number) is None
    assert contact(other) is not None
    assert [letter.key for letter in db.session.scalars(select(Letter))] == [f"order:{other}:placed:1"]
    form_id = db.session.scalar(select(Order.form_id).where(Order.number == number))
    assert vault().erased() == [form_id]


@pytest.mark.sqlite_only
def test_a_purge_leaves_nothing_in_sqlites_log(app: Flask) -> None:
    file = database_file()
    assert file
    week = make_week()
    number = order(week)
    sealed = _envelope(file, number)
    close(week, number)
    assert _lies_in(file, sealed)
    forget(week.closes_at + timedelta(days=90))
    assert not _lies_in(file, sealed)


@pytest.mark.sqlite_only
def test_without_the_truncation_what_was_deleted_stays(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above."""
    file = database_file()
    assert file
    monkeypatch.setattr("shop.tick.truncate_log", lambda: True)
    week = make_week()
    number = order(week)
    sealed = _envelope(file, number)
    forget(week.closes_at + timedelta(days=90))
    assert contact(number) is None
    assert _lies_in(file, sealed)


@pytest.mark.sqlite_only
def test_a_reader_in_the_way_is_said(app: Flask) -> None:
    file = database_file()
    assert file
    reader = sqlite3.connect(file)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM week").fetchone()
    make_week()
    assert not truncate_log(patience=0.2)
    reader.close()
    assert truncate_log(patience=0.2)


def _envelope(file: Path, number: int) -> bytes:
    connection = sqlite3.connect(file)
    (sealed,) = connection.execute("SELECT sealed FROM contact WHERE number = ?", (number,)).fetchone()
    connection.close()
    return bytes(sealed)


def _lies_in(file: Path, sealed: bytes) -> bool:
    files = (file, file.with_name(file.name + "-wal"))
    return any(sealed[40:120] in one.read_bytes() for one in files if one.exists())
