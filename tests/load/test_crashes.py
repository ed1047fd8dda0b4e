"""kill -9 at random moments under load: what was acknowledged is there, once, and its letter too."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from shop import create_app
from shop.clock import now
from shop.extensions import db
from shop.outbox import anything_due
from shop.postman import deliver
from tests.conftest import BOTH, environment, fresh_database
from tests.load.crowd import leave
from tests.load.server import Shop, open_week, shop_on
from tests.load.storm import survive
from tests.mail_server import Mailbox, mail_server

KILLS = 3
SEED = 70
pytestmark = pytest.mark.slow


@pytest.fixture(params=BOTH)
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """Give a shop with an open week that does not sell out."""
    with fresh_database(request, request.param, tmp_path) as url, shop_on(url) as found:
        with found.app.app_context():
            open_week(900)
        yield found


def test_what_was_acknowledged_is_there(shop: Shop) -> None:
    print(survive(shop, leave(shop, 900), KILLS, SEED))
    with mail_server() as box:
        post_everything(shop, box)
    arrived = Counter(box.message_ids)
    assert len(arrived) >= 3 * KILLS
    assert set(arrived.values()) == {1}


def post_everything(shop: Shop, box: Mailbox) -> None:
    """Send every letter that is due, as the worker does."""
    mail = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(box.port), "MAIL_DEFAULT_SENDER": "shop@example.org"}
    app = create_app(environment(shop.url) | mail)
    with app.app_context():
        while anything_due(now()):
            deliver(now())
        db.session.remove()
        db.engine.dispose()
