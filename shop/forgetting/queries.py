"""What is due to be forgotten at an instant."""

from dataclasses import astuple, dataclass
from datetime import datetime, time
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from shop.extensions import db
from shop.forgetting import rules
from shop.ledger.books.models import Cycle
from shop.ledger.books.queries import on_documents
from shop.members.models import SignIn, SignInLink
from shop.members.rules import LINK_LASTS
from shop.menu.models import PickupSlot, Week
from shop.menu.rules import WeekState
from shop.orders.models import Contact, Order
from shop.orders.rules import OWING, OrderState, document
from shop.outbox import Letter
from shop.treasury.receipts import without_cost
from shop.vault import vault
from shop.weeks import instant, local_day

MEALS = "meals"
T = TypeVar("T")


@dataclass(frozen=True)
class Due:
    """What to forget: orders by number, weeks and letters by id, keys by name, pages of receipts by token."""

    contacts: tuple[int, ...] = ()
    addresses: tuple[int, ...] = ()
    walls: tuple[int, ...] = ()
    letters: tuple[int, ...] = ()
    sign_ins: tuple[str, ...] = ()
    links: tuple[int, ...] = ()
    receipts: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Say whether anything is due."""
        return any(astuple(self))


def due(now: datetime) -> Due:
    """List what is due; nothing is left to list once it was forgotten, so asking again is cheap."""
    return Due(
        contacts=_contacts(now),
        addresses=_addresses(now),
        walls=_all(select(Week.id).where(Week.wall_token_hash.is_not(None), _over(now))),
        letters=_all(select(Letter.id).where(Letter.due_at <= now - rules.LETTER)),
        sign_ins=_all(select(SignIn.token_hash).where(SignIn.started_at <= now - rules.SIGN_IN)),
        links=_all(
            select(SignInLink.id).where(
                or_(SignInLink.used_at.is_not(None), SignInLink.made_at <= now - LINK_LASTS)
            )
        ),
        receipts=without_cost(local_day(now)),
        keys=keys_over(now),
    )


def letters_of(key: str) -> list[Letter]:
    """List the letters that wait sealed with this key."""
    waiting = db.session.scalars(select(Letter).where(Letter.sealed.is_not(None)))
    return [letter for letter in waiting if letter.sealed is not None and letter.sealed.key == key]


def _contacts(now: datetime) -> tuple[int, ...]:
    """List the orders whose contact has had its time."""
    closed = exists().where(
        Cycle.activity == MEALS,
        Cycle.label == Week.label,
        Cycle.closed_on <= local_day(now - rules.CONTACT),
    )
    cancelled = and_(Order.state == OrderState.CANCELLED, Order.changed_at <= now - rules.CANCELLED_CONTACT)
    at_most = Week.closes_at <= now - rules.CONTACT_AT_MOST
    kept = select(Contact.number, at_most.label("overdue")).join(Order, Order.number == Contact.number)
    rows = db.session.execute(
        kept.join(Week, Week.id == Order.week_id).where(or_(closed, cancelled, at_most))
    )
    overdue = {row.number: row.overdue for row in rows}
    owing = on_documents([document(number) for number in overdue], OWING)
    return tuple(sorted(number for number, old in overdue.items() if old or not owing[document(number)]))


def _addresses(now: datetime) -> tuple[int, ...]:
    kept = select(Contact.number).join(Order, Order.number == Contact.number)
    return _all(kept.join(Week, Week.id == Order.week_id).where(Contact.trimmed.is_(False), _over(now)))


def keys_over(now: datetime) -> tuple[str, ...]:
    """Name the keys of weeks that are over and have no contact any more, or that are no weeks of ours."""
    weeks = {week: key for key in vault().key_names() if (week := rules.week_of(key)) is not None}
    with_contact = exists().where(Order.week_id == Week.id, Contact.number == Order.number)
    alive = select(Week.id).where(Week.id.in_(weeks), or_(~_over(now), with_contact))
    kept = set(db.session.scalars(alive))
    return tuple(sorted(key for week, key in weeks.items() if week not in kept))


def _over(now: datetime) -> ColumnElement[bool]:
    """Say in SQL that a week was cancelled, or ended on a day before today."""
    last_slot = select(func.max(PickupSlot.ends_at)).where(PickupSlot.week_id == Week.id).scalar_subquery()
    today = instant(local_day(now), time(0))
    return or_(Week.state == WeekState.CANCELLED, func.coalesce(last_slot, Week.closes_at) < today)


def _all(query: Select[T]) -> tuple[T, ...]:
    return tuple(db.session.scalars(query))
