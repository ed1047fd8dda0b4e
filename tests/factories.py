"""Things that tests need, with defaults. Each function commits; call it inside the app's context."""

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient

from shop.clock import now
from shop.extensions import db
from shop.members import services as members
from shop.members.models import Member
from shop.menu import services as menu
from shop.menu.models import Dish, Week
from shop.menu.rules import DishKind, Plan, Slot
from shop.orders import services as orders
from shop.orders.rules import Handover, OrderSource, PickUp
from shop.pages import Role
from shop.transaction import transaction

OPENS = datetime(2026, 11, 20, 9, tzinfo=UTC)
CLOSES = datetime(2026, 11, 24, 17, tzinfo=UTC)
SLOT = datetime(2026, 11, 26, 16, tzinfo=UTC)
"""The week of the tests' clock, 2026-W48: Friday 10 h, Tuesday 18 h, pick-up on Thursday from 17 h."""

PASSPHRASE = "trois mots bien choisis"


def make_member(
    pseudonym: str = "Safran", roles: Iterable[tuple[str, Role] | Role] = (Role.ORGANISER,)
) -> Member:
    """Add a member whose passphrase is PASSPHRASE; a role without an activity is one of the meals."""
    pairs = [("meals", role) if isinstance(role, Role) else role for role in roles]
    with transaction():
        token = members.add_member(pseudonym, pairs, OPENS)
        return members.choose_passphrase(token, PASSPHRASE, OPENS)


def sign_in(
    client: FlaskClient,
    roles: Iterable[tuple[str, Role] | Role] = (Role.ORGANISER,),
    pseudonym: str = "Safran",
) -> Member:
    """Make a member and sign them in through the page, as a browser does; needs no context."""
    with client.application.app_context():
        member = make_member(pseudonym, roles)
        db.session.refresh(member)
        db.session.expunge_all()
    knock(client, pseudonym)
    return member


def knock(client: FlaskClient, pseudonym: str, passphrase: str = PASSPHRASE) -> None:
    """Sign in through the page."""
    answer = client.post(
        "/sign-in",
        data={"pseudonym": pseudonym, "passphrase": passphrase, "csrf_token": csrf(client)},
    )
    assert answer.status_code == 303, answer.text


def csrf(client: FlaskClient, path: str = "/sign-in") -> str:
    """Read the token that a form of this page carries."""
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get(path).text)
    assert found, f"{path} has no form"
    return found[1]


def make_dish(
    name: str = "Poulet yassa, riz",
    kind: str = "main",
    price: int = 850,
    diets: Sequence[str] = (),
    allergens: Sequence[str] = (),
) -> Dish:
    """Write a dish's card."""
    with transaction():
        return menu.save_dish(DishKind(kind), {"fr": name}, price, diets=diets, allergens=allergens)


def make_plan(weeks: int = 0, cap: int = 70, delivery_fee: int | None = 200) -> Plan:
    """Plan 2026-W48, or a week so many later: two slots of an hour on Thursday."""
    hour = timedelta(hours=1)
    slots = (Slot(SLOT, SLOT + hour), Slot(SLOT + hour, SLOT + 2 * hour))
    return Plan(OPENS, CLOSES, slots, cap, delivery_fee, "Rue de la Démo 1").later(7 * weeks)


def make_week(
    dishes: Sequence[Dish] | None = None,
    plan: Plan | None = None,
    quotas: Sequence[int | None] = (),
    published: bool = True,
) -> Week:
    """Make a week; without `dishes`, with a starter A at 3.00, a main B at 8.50 and a dessert C at 2.50."""
    dishes = _three_courses() if dishes is None else dishes
    with transaction():
        week = menu.make_week(plan or make_plan())
        for place, dish in enumerate(dishes):
            menu.add_line(week.id, dish.id, quota=quotas[place] if place < len(quotas) else None)
        if published:
            menu.publish(week.id, week.opens_at - timedelta(days=1))
    return week


def _three_courses() -> list[Dish]:
    return [
        make_dish("Soupe de lentilles corail", "starter", 300, ["vegan"], ["celery"]),
        make_dish("Poulet yassa, riz", "main", 850, [], ["mustard"]),
        make_dish("Salade d’oranges", "dessert", 250, ["vegan"]),
    ]


def make_order(
    week: Week,
    *,
    handover: Handover | None = None,
    contact: Mapping[str, str] | None = None,
    form_id: str | None = None,
    source: OrderSource = OrderSource.WEB,
    at: datetime | None = None,
    **quantities: int,
) -> orders.Placed:
    """Order portions by letter: `make_order(week, A=2, B=1)`; fetched in the first slot, by Nour."""
    with transaction():
        lines = {line.letter: line.id for line in week.lines}
        return orders.place_order(
            week.id,
            {lines[letter]: portions for letter, portions in quantities.items()},
            handover or PickUp(week.slots[0].id),
            {"name": "Nour", "phone": "0470 00 00 00"} if contact is None else contact,
            form_id=form_id or str(uuid.uuid4()),
            source=source,
            language="fr",
            now=at or now(),
        )
