"""The menu beside a bare page of equal bytes, and the order flow beside a twin with raw sqlite3."""

import re
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bench.servers import cpu, gunicorn
from tests.conftest import environment, fresh_database
from tests.customer.ordering import FIELD
from tests.load.customer import Customer
from tests.load.server import open_week, prepared
from tests.mail_server import free_port

ROUNDS = 9
MENUS = 200
FLOWS = 7
"""Orders of one main in each round: nine rounds and one to warm up, and seventy plates are not sold out."""

DISHES = (1, 2, 4, 5)
MENU_RATE = 0.40
FLOW_CPU = 6.0

Work = Callable[[], object]


@pytest.fixture(scope="module")
def sides(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Sides"]:
    """Serve the shop and the twin, each by one worker; the bare page has the menu's bytes."""
    folder: Path = tmp_path_factory.mktemp("bench")
    with fresh_database(request, "sqlite", folder) as url, prepared(url) as app:
        with app.app_context():
            open_week(70)
        shop_port, twin_port = free_port(), free_port()
        with gunicorn("wsgi:app", shop_port, **environment(url)) as shop:
            size = str(len(Customer(shop_port).get("/").text.encode()))
            own = {"TWIN_DATABASE": str(folder / "twin.db"), "BARE_BYTES": size}
            with gunicorn("tests.bench.twin:app", twin_port, **own) as twin:
                yield Sides(shop, shop_port, twin, twin_port)


class Sides:
    """The two worker processes, and their ports."""

    def __init__(self, shop: int, shop_port: int, twin: int, twin_port: int) -> None:
        self.shop, self.shop_port, self.twin, self.twin_port = shop, shop_port, twin, twin_port

    def compare(self, shop: Work, twin: Work) -> float:
        """Give how many times the twin's CPU the shop uses: the median of interleaved rounds."""
        shop(), twin()
        ratios = []
        for _ in range(ROUNDS):
            before = cpu(self.shop), cpu(self.twin)
            shop(), twin()
            ratios.append((cpu(self.shop) - before[0]) / (cpu(self.twin) - before[1]))
        return statistics.median(ratios)


def test_the_menu_beside_a_bare_page(sides: Sides) -> None:
    def fetch(port: int, path: str) -> Work:
        return lambda: [Customer(port).get(path) for _ in range(MENUS)]

    rate = 1 / sides.compare(fetch(sides.shop_port, "/"), fetch(sides.twin_port, "/bare"))
    print(f"menu: {rate:.2f} of the rate of a bare page of equal bytes (at least {MENU_RATE:.2f})")
    assert rate >= MENU_RATE


def test_the_order_flow_beside_raw_sqlite(sides: Sides) -> None:
    def order(port: int) -> Work:
        return lambda: [flow(Customer(port)) for _ in range(FLOWS)]

    times = sides.compare(order(sides.shop_port), order(sides.twin_port))
    print(f"order flow: {times:.1f} times the CPU of a twin with raw sqlite3 (at most {FLOW_CPU:.1f})")
    assert times <= FLOW_CPU


def flow(customer: Customer) -> None:
    """Open the form, order four dishes with an e-mail, look at the order."""
    form = customer.get("/").text.partition('action="/orders"')[2]
    fields = dict(FIELD.findall(form)) | {f"q-{dish}": "1" for dish in DISHES}
    fields |= {"name": "Nour", "phone": "0470 00 00 00", "email": "nour@example.org"}
    slot = re.search(r'name="handover" value="([^"]+)"', form)
    answer = customer.post("/orders", fields | ({"handover": slot[1]} if slot else {}))
    assert answer.status == 303, answer.refusal
    assert customer.get(answer.location).status == 200
