"""A crowd at once, over HTTP: buyers, customers who change their order, members who write one down."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from shop.extensions import db
from shop.menu.models import Week
from shop.orders import services
from shop.orders.queries import mains_taken
from shop.orders.rules import OrderSource, PickUp
from shop.transaction import transaction
from shop.vault import new_token
from tests.factories import PASSPHRASE
from tests.load.customer import Answer, Customer
from tests.load.server import Shop

CROWD = 200
WHO = {"name": "Nour", "phone": "0470 00 00 00"}

Act = Callable[[], Answer]
"""Sends the one form that takes a plate."""
Coming = Callable[[], Act]
"""Opens the page first, apart from the others; gives what is then done all at once."""


def at_once(crowd: Sequence[Coming]) -> list[Answer]:
    """Let everybody open their page, then send at the same moment."""
    gate = threading.Barrier(len(crowd))

    def go(coming: Coming) -> Answer:
        act = coming()
        gate.wait()
        return act()

    with ThreadPoolExecutor(len(crowd)) as pool:
        return list(pool.map(go, crowd))


def buyers(shop: Shop, main: int, many: int = CROWD) -> list[Coming]:
    """Let customers open the menu and order one main each."""

    def come() -> Act:
        customer = Customer(shop.port)
        fields = customer.form() | {f"q-{main}": "1"}
        return lambda: customer.post("/orders", fields)

    return [come] * many


def changers(shop: Shop, main: int, many: int = CROWD) -> list[Coming]:
    """Place orders of one starter each, then let each customer add a main."""
    first = Customer(shop.port)
    form, starter = first.form(), main - 1

    def change(number: int, token: str) -> Coming:
        def come() -> Act:
            customer = Customer(shop.port, first.cookies | {f"order-{number}": token})
            fields = form | {f"q-{starter}": "1", f"q-{main}": "1"}
            return lambda: customer.post(f"/o/{number}/amend", fields)

        return come

    return [change(placed.number, placed.token) for placed in _placed(shop, starter, many)]


def members(shop: Shop, main: int, many: int = CROWD) -> list[Coming]:
    """Let a member's browser send spoken orders of one main each."""
    member = Customer(shop.port)
    form = member.form()
    member.sign_in("Safran", PASSPHRASE)
    token = member.form()["csrf_token"]

    def come() -> Act:
        customer = Customer(shop.port, dict(member.cookies))
        fields = form | {"csrf_token": token, "form_id": new_token(), f"q-{main}": "1"}
        return lambda: customer.post("/collective/orders/new", fields)

    return [come] * many


def mix(shop: Shop, main: int, many: int = CROWD) -> list[Coming]:
    """Let all of them come, by turns."""
    third = many // 3
    kinds = buyers(shop, main, many - 2 * third), changers(shop, main, third), members(shop, main, third)
    return [coming for kind in kinds for coming in kind]


SCENES: dict[str, Callable[..., list[Coming]]] = {
    "buyers": buyers,
    "amends": changers,
    "members' entries": members,
    "a mix": mix,
}


def leave(shop: Shop, left: int) -> int:
    """Set the cap so that this many mains are left; gives the line of the main."""
    with shop.app.app_context():
        with transaction():
            week = db.session.scalars(db.select(Week)).one()
            week.cap = mains_taken(week.id) + left
        main = week.lines[1].id
        db.session.remove()
    return main


def check(shop: Shop, answers: Sequence[Answer], left: int) -> None:
    """Prove that exactly the plates left were sold, and that everybody else was told so.

    Raises AssertionError.
    """
    statuses = Counter(answer.status for answer in answers)
    assert statuses == {303: left, 422: len(answers) - left}, statuses
    told = Counter(answer.refusal for answer in answers if answer.status == 422)
    assert told == {"MenuFull": len(answers) - left}, told
    with shop.app.app_context():
        week = db.session.scalars(db.select(Week)).one()
        assert mains_taken(week.id) == week.cap
        db.session.remove()


def _placed(shop: Shop, starter: int, many: int) -> list[services.Placed]:
    with shop.app.app_context():
        with transaction():
            week = db.session.scalars(db.select(Week)).one()
            slot = PickUp(week.slots[0].id)
            now = datetime.now(UTC)
            common = {"source": OrderSource.WEB, "language": "fr", "now": now}
            placed = [
                services.place_order(week.id, {starter: 1}, slot, WHO, form_id=new_token(), **common)
                for _ in range(many)
            ]
        db.session.remove()
    return placed
