"""kill -9 of gunicorn at random moments under load, fifty times a database."""

import os
import tempfile
import time
from pathlib import Path

from tests.load.crowd import leave
from tests.load.databases import KINDS, database
from tests.load.server import open_week, shop_on
from tests.load.storm import survive

KILLS = int(os.environ.get("CRASHES", "50"))
MOST = 900
"""Plates in a week, so that a round of ten kills does not sell out."""

ROUND = 10


def main() -> str:
    """Kill, in rounds on a fresh shop each; CRASHES changes how many times, SEED which moments."""
    seed = int(os.environ.get("SEED", str(int(time.time()))))
    print(f"SEED={seed}", flush=True)
    for kind in KINDS:
        for turn in range(0, KILLS, ROUND):
            told = _round(kind, min(ROUND, KILLS - turn), seed + turn)
            print(f"{kind}, from kill {turn + 1}: {told}", flush=True)
    return f"{KILLS} kills on each of {len(KINDS)} databases, nothing acknowledged was lost (SEED={seed})"


def _round(kind: str, kills: int, seed: int) -> str:
    with (
        tempfile.TemporaryDirectory() as folder,
        database(kind, Path(folder)) as url,
        shop_on(url) as shop,
    ):
        with shop.app.app_context():
            open_week(MOST)
        return survive(shop, leave(shop, MOST), kills, seed)
