"""Three hundred lives on SQLite and thirty on PostgreSQL; `dev.py campaign machine` lives five thousand."""

import ast
from pathlib import Path

import pytest
import time_machine

from tests.conftest import fresh_database
from tests.ledger.machine.ground import BEGINS, ground
from tests.ledger.machine.machine import run_machine
from tests.ledger.machine.model import hamilton

HERE = Path(__file__).parent
LIVES = [("sqlite", seed, 25) for seed in range(12)] + [
    pytest.param("postgresql", seed, 15, marks=pytest.mark.postgres) for seed in range(2)
]


@pytest.mark.parametrize(("kind", "seed", "examples"), LIVES)
def test_the_shop_and_the_model_agree(
    kind: str, seed: int, examples: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with (
        time_machine.travel(BEGINS, tick=False),
        fresh_database(request, kind, tmp_path) as url,
        ground(url, tmp_path) as place,
    ):
        run_machine(place, seed, examples)


def test_the_model_knows_nothing_of_the_shop() -> None:
    files = [HERE / "model.py", HERE / "expected.py", *HERE.glob("expected_*.py")]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.split(".")[0] == "shop"], file.name


def test_the_model_divides_as_the_ledger_says() -> None:
    weights = {"a": 100, "b": 130, "c": 180, "d": 210}
    vectors = {
        31000: [5000, 6500, 9000, 10500],
        30560: [4929, 6408, 8872, 10351],
        27504: [4436, 5767, 7985, 9316],
        7: [1, 2, 2, 2],
        1: [0, 0, 0, 1],
    }
    for total, parts in vectors.items():
        assert list(hamilton(total, weights, {}).values()) == parts
