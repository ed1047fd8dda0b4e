"""Two hundred at once over HTTP for the plates left, on both databases; and without the lock it shows."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shop.verify import State, run
from tests.conftest import BOTH, fresh_database
from tests.load import crowd
from tests.load.server import Shop, open_week, shop_on
from tests.orders.test_guard_of_the_cap import take_the_guard_away

LEFT = 70
CROWDS = [(scene, LEFT, crowd.CROWD) if scene == "a mix" else (scene, 14, 40) for scene in crowd.SCENES]
"""The mix is of all three kinds, at full size; `dev.py campaign races` brings two hundred to each."""
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=BOTH)
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Give one shop for all the scenes; each sets how many plates are left."""
    folder = tmp_path_factory.mktemp("load")
    with fresh_database(request, request.param, folder) as url, shop_on(url) as found:
        with found.app.app_context():
            open_week(LEFT)
        yield found


@pytest.mark.parametrize(("scene", "left", "many"), CROWDS)
def test_exactly_the_plates_left_are_sold(shop: Shop, scene: str, left: int, many: int) -> None:
    main = crowd.leave(shop, left)
    people = crowd.SCENES[scene](shop, main, many)
    begun = time.monotonic()
    answers = crowd.at_once(people)
    print(f"{scene}: {time.monotonic() - begun:.1f} s")
    crowd.check(shop, answers, left)
    with shop.app.app_context():
        assert [one for one in run() if one.state == State.BROKEN] == []


@pytest.mark.parametrize("kind", BOTH)
def test_without_the_lock_it_shows(request: pytest.FixtureRequest, tmp_path: Path, kind: str) -> None:
    with (
        fresh_database(request, kind, tmp_path) as url,
        shop_on(url, "tests.load.unguarded:app") as shop,
    ):
        with shop.app.app_context():
            open_week(3)
            take_the_guard_away()
        main = crowd.leave(shop, 3)
        answers = crowd.at_once(crowd.buyers(shop, main, 24))
        with pytest.raises(AssertionError):
            crowd.check(shop, answers, 3)
