"""Starting a shop, and changing later what was said at its start."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from shop.collective.starting.queries import House, obstacles
from shop.extensions import db
from shop.members.models import Activity, Member
from shop.members.services import add_member, find_link, write_front
from shop.menu.rhythms import set_rhythm
from shop.pages import Role
from shop.settings.regimes import Regime, set_regime
from shop.settings.switches import Switch, use, used
from shop.treasury.opening import open_seller
from shop.weeks import local_day

ADMIN = Role.ADMIN.value


@dataclass(frozen=True)
class Beer:
    """The second seller, as a group starts it: its name, its regime, cents by account."""

    name: str
    regime: Regime
    held: Mapping[str, int]


@dataclass(frozen=True)
class Newcomer:
    """One of the first members: pairs of activity and role, and the emblem that fits the pseudonym."""

    pseudonym: str
    roles: Sequence[tuple[str, Role]]
    emblem: str | None = None


@dataclass(frozen=True)
class Start:
    """All that a group says to begin; `held` is cents by account."""

    house: House
    switches: Sequence[Switch]
    held: Mapping[str, int]
    people: Sequence[Newcomer]
    beer: Beer | None = None


@dataclass(frozen=True)
class Invited:
    """A new member and the token of their one-time link, shown once."""

    pseudonym: str
    emblem: str
    token: str


def start(said: Start, now: datetime) -> list[Invited]:
    """Write down all that was said, open the books with it, and invite the first members.

    Raises OwedMoreThanHeld, PseudonymTaken, EmblemTaken.
    """
    today = local_day(now)
    use(said.switches, today)
    change_house(said.house, now)
    if said.held:
        open_seller("meals", said.held, today, ADMIN)
    if said.beer:
        _start_beer(said.beer, said.house.contact, now)
    return [_invite(one, now) for one in said.people]


def change_house(house: House, now: datetime) -> None:
    """Change what the public reads of the meals, how the weeks to come run, and the seller's regime."""
    today = local_day(now)
    write_front("meals", house.name, house.contact, demo=_is_demo("meals"))
    set_rhythm(house.rhythm, today)
    set_regime("meals", house.regime, today)


def use_only(switches: Collection[Switch], today: date) -> None:
    """Use these from today on and nothing else. Raises StillDelivering, StillHeld."""
    dropped = {Switch(one) for one in used()} - set(switches)
    for refusal in obstacles(dropped):
        raise refusal
    use(switches, today)


def _invite(one: Newcomer, now: datetime) -> Invited:
    token = add_member(one.pseudonym, one.roles, now, one.emblem)
    member = db.session.get_one(Member, find_link(token, now).member_id)
    return Invited(member.pseudonym, member.emblem, token)


def _start_beer(beer: Beer, contact: str, now: datetime) -> None:
    today = local_day(now)
    write_front("beer", beer.name, contact, demo=_is_demo("beer"))
    set_regime("beer", beer.regime, today)
    if beer.held:
        open_seller("beer", beer.held, today, ADMIN)


def _is_demo(seller: str) -> bool:
    return db.session.get_one(Activity, seller).demo
