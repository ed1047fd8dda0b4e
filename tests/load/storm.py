"""Orders placed without a pause while the server is killed, and what must be found afterwards."""

import random
import threading
import time
from dataclasses import dataclass, field

from sqlalchemy import func, select

from shop.extensions import db
from shop.menu.models import Week
from shop.orders.models import Order, OrderLine
from shop.orders.placing import kept_mark
from shop.outbox import Letter
from shop.vault import new_token
from shop.verify import State, run
from tests.load.customer import Customer
from tests.load.server import Shop

CUSTOMERS = 6
ASKING_AGAIN = 0.05  # seconds


@dataclass
class Storm:
    """Customers who order one after the other, each asking again with the same form where no answer came.

    `acknowledged` maps the form's mark of each order whose answer was seen to its number.
    """

    shop: Shop
    main: int
    acknowledged: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        """Let the customers come."""
        form = Customer(self.shop.port)
        fields = form.form() | {"email": "nour@example.org", f"q-{self.main}": "1"}
        for _ in range(CUSTOMERS):
            customer = Customer(self.shop.port, dict(form.cookies))
            self.threads.append(threading.Thread(target=self._order, args=(customer, fields)))
            self.threads[-1].start()

    def end(self) -> None:
        """Let each get an answer to what was sent last."""
        self.over.set()
        for thread in self.threads:
            thread.join()

    def _order(self, customer: Customer, fields: dict[str, str]) -> None:
        while not self.over.is_set():
            mark = new_token()
            answer = customer.try_to_post("/orders", fields | {"form_id": mark})
            while answer.status == 0:
                time.sleep(ASKING_AGAIN)
                answer = customer.try_to_post("/orders", fields | {"form_id": mark})
            if answer.status == 303:
                self.acknowledged[mark] = answer.number
            else:
                self.wrong.append(f"{answer.status} {answer.refusal}")


def survive(shop: Shop, main: int, kills: int, seed: int) -> str:
    """Kill the server so many times under load, by turns one worker and all of it; nothing is lost.

    Raises AssertionError.
    """
    chance = random.Random(seed)
    storm = Storm(shop, main)
    storm.begin()
    try:
        for turn in range(kills):
            had = len(storm.acknowledged)
            until = time.monotonic() + 30
            while len(storm.acknowledged) < had + 3 and time.monotonic() < until:
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 0.3))
            if turn % 2:
                shop.kill_worker(chance)
            else:
                shop.kill()
                shop.start()
    finally:
        storm.end()
    assert storm.wrong == []
    _prove(shop, storm)
    return f"{kills} kills, {len(storm.acknowledged)} orders acknowledged and found"


def _prove(shop: Shop, storm: Storm) -> None:
    """Find each acknowledged order once, with its line and its letter, and every invariant whole."""
    with shop.app.app_context():
        rows = db.session.execute(select(Order.form_id, Order.number))
        found = dict(rows.all())
        lost = {
            mark: number
            for mark, number in storm.acknowledged.items()
            if found.get(kept_mark(mark)) != number
        }
        assert not lost, f"acknowledged and not there: {lost}"
        # Every customer waited for an answer, so what nobody acknowledged was never placed.
        assert len(found) == len(storm.acknowledged)
        portions = db.session.scalar(select(func.sum(OrderLine.quantity)))
        assert portions == len(found) <= db.session.scalars(select(Week.cap)).one()
        letters = set(db.session.scalars(select(Letter.key)))
        assert letters == {f"order:{number}:placed" for number in found.values()}
        broken = [one for one in run() if one.state == State.BROKEN]
        assert broken == []
        db.session.remove()
