"""How far a shop has begun, and what stands in the way of using less."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, func, select

from shop.errors import SettingRefused, StillDelivering, StillHeld
from shop.extensions import db
from shop.ledger.books.models import Account, Balance
from shop.ledger.books.queries import head
from shop.ledger.books.rules import AccountType
from shop.members.queries import front
from shop.menu.models import Week
from shop.menu.rhythm import Rhythm
from shop.menu.rhythms import rhythm_on
from shop.menu.rules import WeekState
from shop.settings.naming import AidName, aid_name
from shop.settings.queries import rows_of
from shop.settings.regimes import Regime, regime_on
from shop.settings.switches import Switch
from shop.treasury.rules import BANKS, FUNDS, SUPPLIERS, UNPAID

WATCHED = {
    Switch.CREDIT: (UNPAID,),
    Switch.BANK: tuple(BANKS.values()),
    Switch.BILLS: (SUPPLIERS,),
    Switch.FUNDS: tuple(FUNDS),
}
"""The accounts that a switch is about: what they hold must go first."""

THINGS = (AccountType.ASSET, AccountType.LIABILITY)


@dataclass(frozen=True)
class Seller:
    """A second seller's name, and how the law on VAT sees it."""

    name: str
    regime: Regime


@dataclass(frozen=True)
class House:
    """What the public and the members read of a group, how its weeks run, and how the law on VAT sees it.

    `aid_name` is what it calls that which the cooks receive.
    """

    name: str
    contact: str
    rhythm: Rhythm
    regime: Regime
    beer: Seller | None = None
    aid_name: AidName = AidName.AID


def has_begun() -> bool:
    """Say whether the shop was started: somebody said what it is, or something was booked."""
    return bool(rows_of("regime:meals")) or head()[0] > 0


def is_running(seller: str) -> bool:
    """Say whether something stands in a seller's books already."""
    standing = exists().where(Balance.activity == seller, Balance.cents != 0)
    return bool(db.session.scalar(select(standing)))


def house(day: date) -> House:
    """Give what the settings say today."""
    found = front("meals")
    beer = Seller(front("beer").name, _regime("beer", day))
    rhythm = rhythm_on(day) or Rhythm()
    return House(found.name, found.contact, rhythm, _regime("meals", day), beer, aid_name())


def _regime(seller: str, day: date) -> Regime:
    return regime_on(seller, day) or Regime.NOT_LIABLE


def account_names(codes: Iterable[str]) -> dict[str, str]:
    """Give the names of accounts by code; those of the funds are rows, so that each group has its own."""
    rows = db.session.execute(select(Account.code, Account.label).where(Account.code.in_(list(codes))))
    return {row.code: row.label for row in rows}


def obstacles(dropped: Collection[Switch]) -> Iterator[SettingRefused]:
    """Find what stands in the way of no longer using something: food to bring, money held or owed."""
    if Switch.DELIVERY in dropped:
        brought = Week.delivery_fee.is_not(None) & Week.state.in_((WeekState.DRAFT, WeekState.PUBLISHED))
        for label in db.session.scalars(select(Week.label).where(brought).order_by(Week.label)):
            yield StillDelivering(label)
    for switch, accounts in WATCHED.items():
        if switch in dropped:
            yield from _held(switch, Balance.account.in_(accounts))
    if Switch.BEER in dropped:
        yield from _held(Switch.BEER, (Balance.activity == "beer") & Account.type.in_(THINGS))


def _held(switch: Switch, wanted: ColumnElement[bool]) -> Iterator[SettingRefused]:
    cents = func.sum(Balance.cents)
    rows = (
        select(Balance.account, cents)
        .join(Account, Account.code == Balance.account)
        .where(wanted)
        .group_by(Balance.account)
        .having(cents != 0)
        .order_by(Balance.account)
    )
    for account, held in db.session.execute(rows):
        yield StillHeld(switch.value, account, abs(int(held)))
