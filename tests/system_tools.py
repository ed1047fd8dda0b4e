"""What the tests need from the system: a test whose program is missing is left out, named, and fails the run.

`--without-system-tools` accepts that. Nothing is skipped in silence: a skipped test looks like a good one.
"""

import shutil
from typing import Any

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
COMMANDS = {"journey": BROWSERS, "hledger": ("hledger",), "ledger": ("ledger",)}
NOT_RUN = pytest.StashKey[list[str]]()


def path_of(marker: str) -> str | None:
    """Return the program a marker asks for, or None where this machine has none."""
    return next((path for command in COMMANDS[marker] if (path := shutil.which(command))), None)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that accepts a run without these programs."""
    text = "leave out, and name, the tests whose program is missing, without failing for it"
    parser.addoption("--without-system-tools", action="store_true", help=text)


def pytest_configure(config: pytest.Config) -> None:
    """Begin the list of what is not run."""
    config.stash[NOT_RUN] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests whose program is missing."""
    missing = {marker for marker in COMMANDS if path_of(marker) is None}
    left_out = [item for item in items if any(mark.name in missing for mark in item.iter_markers())]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
        config.stash[NOT_RUN] = [item.nodeid for item in left_out]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the list up to the run that started this one, or fail where something was left out."""
    not_run = session.config.stash[NOT_RUN]
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["not_run"] = not_run
    elif not_run and not session.config.getoption("--without-system-tools"):
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take the list from a process of pytest-xdist; all collect the same."""
    node.config.stash[NOT_RUN] = getattr(node, "workeroutput", {}).get("not_run", [])


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Name each test that was not run."""
    if config.stash[NOT_RUN]:
        terminalreporter.section("not run: a program is missing (chromium, hledger or ledger)")
        for name in config.stash[NOT_RUN]:
            terminalreporter.write_line(name)
