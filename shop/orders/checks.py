"""What `shop verify` proves of orders, from the rows alone; the database sums, so memory stays small."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    String,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    select,
    true,
)

from shop.checks import Check
from shop.extensions import db
from shop.ledger.books.history import RECENT
from shop.ledger.books.models import JournalEntry, Posting
from shop.ledger.books.queries import REVERSAL, head, on_documents
from shop.ledger.books.rules import EntryKind
from shop.ledger.books.searching import of_kind
from shop.menu.models import Dish, MenuLine, Week
from shop.menu.rules import DishKind, WeekState
from shop.orders.models import Order, OrderLine
from shop.orders.rules import ADVANCES, CUSTOMERS, DELIVERIES, HANDED_OVER, LIVE, OPEN, SALES

NEWEST = 2
"""Weeks that a quick look takes in."""

_LATELY = select(JournalEntry.document).where(JournalEntry.seq > bindparam("after"))

DOCUMENT: ColumnElement[str] = literal("order:") + cast(Order.number, String)
"""How entries cite an order; `rules.document` as the database writes it."""


def _caps_hold(quick: bool) -> Iterator[str]:
    """Find weeks with more main portions in live orders than their cap."""
    for label, cap, sold in db.session.execute(_over_the_cap(quick)):
        yield f"week {label} has {sold} mains for a cap of {cap}"


@cache
def _over_the_cap(quick: bool) -> Select[str, int, int]:
    mains = func.sum(OrderLine.quantity)
    over = (
        select(Week.label, Week.cap, mains)
        .join(Order, Order.week_id == Week.id)
        .join(OrderLine, OrderLine.number == Order.number)
        .join(MenuLine, MenuLine.id == OrderLine.line_id)
        .join(Dish, Dish.id == MenuLine.dish_id)
        .where(Order.state.in_(LIVE), Dish.kind == DishKind.MAIN)
        .group_by(Week.id, Week.label, Week.cap)
        .having(mains > Week.cap)
    )
    # A week that is closed or cancelled takes no order more.
    return over.where(Order.week_id.in_(_open_weeks())) if quick else over


def _sales_are_what_was_handed_over(quick: bool) -> Iterator[str]:
    """Find orders whose standing sale is not their amount, and sales of food that was not handed over."""
    for number, expected, sold in db.session.execute(_sold_otherwise(quick)):
        yield f"order {number} should be a sale of {expected} and is one of {sold}"


@cache
def _sold_otherwise(quick: bool) -> Select[int, int, int]:
    due = _amount() + func.coalesce(Order.delivery_fee, 0)
    owed = case((Order.state.in_(HANDED_OVER), due), else_=0)
    wrong = select(Order.number, owed, _sold()).where(owed != _sold()).order_by(Order.number)
    return wrong.where(Order.week_id.in_(_open_weeks())) if quick else wrong


def _open_weeks() -> Select[int]:
    return select(Week.id).where(Week.state == WeekState.PUBLISHED)


def _amount() -> ScalarSelect[Any]:
    total = func.coalesce(func.sum(OrderLine.quantity * OrderLine.unit_price), 0)
    return select(total).where(OrderLine.number == Order.number).correlate(Order).scalar_subquery()


def _sold() -> ScalarSelect[Any]:
    return (
        select(func.coalesce(-func.sum(Posting.cents), 0))
        .join(JournalEntry, JournalEntry.seq == Posting.entry)
        .where(
            JournalEntry.document == DOCUMENT,
            of_kind(EntryKind.HAND_OVER),
            Posting.account.in_((SALES, DELIVERIES)),
            ~exists().where(REVERSAL.reverses == JournalEntry.seq),
        )
        .correlate(Order)
        .scalar_subquery()
    )


def _advances_belong_to_orders(quick: bool) -> Iterator[str]:
    """Find money paid before a hand-over that no order stands for, or that was used twice."""
    for document, cents in _left_on(ADVANCES, quick):
        if cents > 0 or not _is_an_order(document):
            yield f"{document} holds an advance of {-cents}"


def _debts_belong_to_orders(quick: bool) -> Iterator[str]:
    """Find debts of customers that no order stands for."""
    for document, cents in _left_on(CUSTOMERS, quick):
        if not _is_an_order(document):
            yield f"{document} owes {cents}"


def _left_on(account: str, quick: bool) -> Iterator[tuple[str, int]]:
    """Give what is left of an account on each document, in cents; where quick, on those cited lately."""
    if quick:
        lately = db.session.scalars(_LATELY, {"after": head()[0] - RECENT})
        held = on_documents(set(lately), [account])
        yield from ((document, cents) for document, cents in held.items() if cents)
        return
    left = func.sum(Posting.cents)
    rows = db.session.execute(
        select(JournalEntry.document, left)
        .join(Posting, Posting.entry == JournalEntry.seq)
        .where(Posting.account == account)
        .group_by(JournalEntry.document)
        .having(left != 0)
        .order_by(JournalEntry.document)
    )
    yield from ((document, int(cents)) for document, cents in rows.all())


def _is_an_order(document: str) -> bool:
    number = document.removeprefix("order:")
    known = exists().where(Order.number == int(number)) if number.isdecimal() else false()
    return bool(db.session.scalar(select(known)))


def _closed_weeks_are_done(quick: bool) -> Iterator[str]:
    """Find orders that still wait in a week that is closed or cancelled."""
    for number, label in db.session.execute(_still_waiting(quick)):
        yield f"order {number} still waits in week {label}"


@cache
def _still_waiting(quick: bool) -> Select[int, str]:
    newest = select(Week.id).order_by(Week.id.desc()).limit(NEWEST)
    return (
        select(Order.number, Week.label)
        .join(Week, Week.id == Order.week_id)
        .where(Order.state.in_(OPEN), Week.state.in_((WeekState.CLOSED, WeekState.CANCELLED)))
        .where(Order.week_id.in_(newest) if quick else true())
        .order_by(Order.number)
    )


CHECKS = (
    Check("main portions within each week's cap", _caps_hold),
    Check("handed-over orders are sales of their amount", _sales_are_what_was_handed_over),
    Check("advances of customers belong to orders", _advances_belong_to_orders),
    Check("debts of customers belong to orders", _debts_belong_to_orders),
    Check("closed weeks have no open order", _closed_weeks_are_done),
)
