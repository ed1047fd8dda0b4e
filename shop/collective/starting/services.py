"""Starting a shop, and changing later what was said at its start."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from shop.collective.starting.queries import House, obstacles
from shop.extensions import db
from shop.members.models import Activity, Member
from shop.members.services import add_member, find_link, write_front
from shop.menu.rhythms import set_rhythm
from shop.pages import Role
from shop.settings.naming import call_it
from shop.settings.regimes import set_regime
from shop.settings.switches import Switch, use, used
from shop.treasury.opening import open_seller
from shop.weeks import local_day

ADMIN = Role.ADMIN.value


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
    beer_held: Mapping[str, int] = field(default_factory=dict)


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
    for seller, held in (("meals", said.held), ("beer", said.beer_held)):
        if held:
            open_seller(seller, held, today, ADMIN)
    return [_invite(one, now) for one in said.people]


def change_house(house: House, now: datetime) -> None:
    """Change what people read of each seller, its regime, and how the weeks to come run."""
    today = local_day(now)
    write_front("meals", house.name, house.contact, demo=_is_demo("meals"))
    set_rhythm(house.rhythm, today)
    set_regime("meals", house.regime, today)
    call_it(house.aid_name, today)
    if house.beer:
        write_front("beer", house.beer.name, house.contact, demo=_is_demo("beer"))
        set_regime("beer", house.beer.regime, today)


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


def _is_demo(seller: str) -> bool:
    return db.session.get_one(Activity, seller).demo
