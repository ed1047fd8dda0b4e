"""`shop split`, which needs no database."""

import json

import pytest
from flask import Flask

FOUR = ["--weight", "a=1", "--weight", "b=1.3", "--weight", "c=1,8", "--weight", "d=2.1"]


def test_it_prints_the_shares(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["shop", "split", "--amount", "305.60", *FOUR])

    assert answer.exit_code == 0
    assert json.loads(answer.output) == {
        "shares": {"a": "49.29", "b": "64.08", "c": "88.72", "d": "103.51"},
        "total": "305.60",
    }


@pytest.mark.parametrize(
    "wrong",
    [
        ["--amount", "0.005", *FOUR],
        ["--amount", "-1", *FOUR],
        ["--amount", "1", "--weight", "a"],
        ["--amount", "1", "--weight", "=1"],
        ["--amount", "1", "--weight", "a=0"],
        ["--amount", "1", "--weight", "a=1", "--weight", "a=2"],
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(app: Flask, wrong: list[str]) -> None:
    answer = app.test_cli_runner().invoke(args=["shop", "split", *wrong])

    assert answer.exit_code == 1
    assert answer.output.startswith("Error: --")
    assert answer.output.count("\n") == 1
