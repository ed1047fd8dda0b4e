"""flask shop export: one sentence for what is wrong, and progress on a terminal."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from shop.ledger.exports import commands
from shop.ledger.exports.formats import FORMATS
from tests.ledger.books.entries import open_box

pytestmark = pytest.mark.sqlite_only


def test_every_format_is_written_to_a_file_and_to_the_screen_the_same(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        open_box()
    run = app.test_cli_runner().invoke
    for name in FORMATS:
        file = tmp_path / name
        done = run(args=["shop", "export", name, "--activity", "meals", "--output", str(file)])
        assert (done.exit_code, done.output) == (0, ""), name
        shown = run(args=["shop", "export", name, "--activity", "meals"])
        assert name.endswith("xlsx") or shown.stdout_bytes == file.read_bytes()


def test_what_is_wrong_is_said_in_one_sentence(app: Flask) -> None:
    for wrong in (["--activity", "wine"], ["--from", "2026-12-01", "--to", "2026-11-01"], ["--from", "now"]):
        refused = app.test_cli_runner().invoke(args=["shop", "export", "etat.csv", *wrong])
        assert refused.exit_code != 0
        assert refused.stderr.splitlines()[-1].startswith("Error: ")


def test_a_terminal_is_told_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def slow() -> Iterator[bytes]:
        yield b"x" * 2_000_000
        time.sleep(0.05)

    monkeypatch.setattr(commands, "LONG", 0.01)
    assert len(b"".join(commands._told(slow()))) == 2_000_000
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    list(commands._told(slow()))
    assert "2.0 MB …" in capsys.readouterr().err
