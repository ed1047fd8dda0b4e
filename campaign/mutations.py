"""Change money.py in every small way that mutmut knows; each change must make a test fail.

A mutant that lives is shown by its line. Those in EQUAL compute the same as the original for every input, and
a person has said so; any other fails the campaign.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIMIT = 1800  # seconds

SETTINGS = """[mutmut]
source_paths=shop/money.py
pytest_add_cli_args_test_selection=tests/test_money.py
also_copy=
    shop/
"""

CONFTEST = """
from hypothesis import HealthCheck, settings

settings.register_profile(
    "mutants",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=40,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("mutants")
"""

EQUAL = {
    r'found = re.fullmatch(r"([0-9]{1,6})(?:[.,]([0-9]{1,2}))?", text.strip(" \u00a0\u202f€"), )': (
        "[0-9] is ASCII without the flag too"
    ),
    "if cents < 5:": "5 rounds to 5",
    "if total < 0 or everything == 0:": "0 divided by any weights is 0 for everybody, with nothing left over",
    "def notes_and_coins(cents: int, largest: int = 5001) -> dict[int, int]:": "no note is worth 50.01",
}
"""The changed line, and why it is no other program."""


def main() -> str:
    """Run it on a copy that holds money.py, its errors and its tests alone."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        _prepare(place)
        _mutmut(place, "run", "--max-children", str(os.cpu_count() or 1))
        results = _mutmut(place, "results", "--all", "true")
        fates = re.findall(r"^\s*(\S+): (.+)$", results, re.MULTILINE)
        alive = [name for name, fate in fates if fate not in {"killed", "timeout"}]
        changes = {name: _changed_line(place, name) for name in alive}
    unknown = [f"{name}: {line}" for name, line in changes.items() if line not in EQUAL]
    assert fates, "mutmut made no mutant"
    assert not unknown, "these live and should not:\n" + "\n".join(unknown)
    killed = len(fates) - len(alive)
    return f"{len(fates)} mutants of money.py, {killed} killed, {len(alive)} equal to the original"


def _prepare(place: Path) -> None:
    for package in ("shop", "tests"):
        (place / package).mkdir()
        (place / package / "__init__.py").touch()
    for name in ("shop/money.py", "shop/errors.py", "tests/test_money.py"):
        shutil.copy(ROOT / name, place / name)
    (place / "tests" / "conftest.py").write_text(CONFTEST)
    (place / "setup.cfg").write_text(SETTINGS)


def _mutmut(place: Path, *words: str) -> str:
    """Call mutmut in the copy; give what it printed."""
    command = [str(Path(sys.executable).with_name("mutmut")), *words]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=LIMIT, check=False)
    assert done.returncode == 0, (
        f"mutmut {words[0]} ended with {done.returncode}: {done.stdout[-800:]}{done.stderr[-800:]}"
    )
    return done.stdout


def _changed_line(place: Path, name: str) -> str:
    """Give the line that a mutant puts in the place of ours."""
    added = [line for line in _mutmut(place, "show", name).splitlines() if re.match(r"\+(?!\+\+)", line)]
    return " ".join(line[1:].strip() for line in added)
