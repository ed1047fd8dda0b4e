"""Two hundred at once over HTTP, each scene many times, on both databases."""

import os
import tempfile
from pathlib import Path

from shop.verify import State, run
from tests.load import crowd
from tests.load.databases import KINDS, database
from tests.load.server import open_week, shop_on

TIMES = int(os.environ.get("RACES", "10"))
LEFT = 70


def main() -> str:
    """Run every scene so many times on one shop of each kind; RACES changes how many."""
    races = 0
    for kind in KINDS:
        with (
            tempfile.TemporaryDirectory() as folder,
            database(kind, Path(folder)) as url,
            shop_on(url) as shop,
        ):
            with shop.app.app_context():
                open_week(LEFT)
            for turn in range(TIMES):
                for scene, come in crowd.SCENES.items():
                    main_line = crowd.leave(shop, LEFT)
                    answers = crowd.at_once(come(shop, main_line))
                    crowd.check(shop, answers, LEFT)
                    races += 1
                    print(f"{kind}, {turn + 1} of {TIMES}: {scene}", flush=True)
            with shop.app.app_context():
                broken = [one for one in run() if one.state == State.BROKEN]
                assert not broken, broken
    return f"{races} races of {crowd.CROWD} for {LEFT} plates, each sold {LEFT} and refused the rest"
