"""A real Chromium before a real shop: the demo in a process of its own, on a Monday or a Thursday evening."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import environment
from tests.journeys.eyes import Visit
from tests.system_tools import path_of

MONDAY = "2026-11-23T12:00:00+00:00"
"""Orders are open, until Tuesday 18 h."""
THURSDAY = "2026-11-26T18:30:00+00:00"
"""Half past seven in the evening: the last slot is over."""
SUNDAY = "2026-11-29T14:00:00+00:00"
"""The meeting: the week before last waits to be shared."""
JANUARY = "2027-01-04T10:00:00+00:00"
"""The year is over, and the week of that Thursday was never closed."""

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
PHONE, DESKTOP = {"width": 360, "height": 640}, {"width": 1280, "height": 900}
START_WITHIN = 60  # seconds

Open = Callable[..., Visit]


@pytest.fixture(scope="session")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepare the demo once, for all the processes that pytest runs in; every shop starts from a copy."""
    shared = tmp_path_factory.getbasetemp()
    folder = (shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared) / "lived-in"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            command = [sys.executable, "-m", "tests.journeys.serve", "prepare", MONDAY]
            subprocess.run(command, env=_env(folder, 8000), check=True)
            (folder / "done").touch()
    return folder


@pytest.fixture(scope="session")
def monday(lived_in: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a shop that takes orders; the journeys there do not disturb each other."""
    with _shop(lived_in, tmp_path_factory.mktemp("monday"), MONDAY) as address:
        yield address


@pytest.fixture
def thursday(lived_in: Path, tmp_path: Path) -> Iterator[str]:
    """Give the address of a shop on the evening of the pick-up, with twenty-one open orders, of one's own."""
    with _shop(lived_in, tmp_path, THURSDAY) as address:
        yield address


@pytest.fixture
def sunday(lived_in: Path, tmp_path: Path) -> Iterator[str]:
    """Give the address of a shop of one's own, on the afternoon of the meeting."""
    with _shop(lived_in, tmp_path, SUNDAY) as address:
        yield address


@pytest.fixture
def january(lived_in: Path, tmp_path: Path) -> Iterator[str]:
    """Give the address of a shop of one's own, weeks later, with a year to end."""
    with _shop(lived_in, tmp_path, JANUARY) as address:
        yield address


@pytest.fixture
def founded(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Give the address of an empty shop, and the path that the command line printed for its first member."""
    command = [sys.executable, "-m", "tests.journeys.serve", "begin", MONDAY]
    said = subprocess.run(command, env=_env(tmp_path, 8000), check=True, stdout=subprocess.PIPE, text=True)
    with _served(tmp_path, MONDAY) as address:
        yield address, said.stdout.strip().removeprefix("http://127.0.0.1:8000")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path_of("journey"), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Give somebody with a browser of their own: `visit(address)`, on a phone unless told."""
    with ExitStack() as stack:

        def open_one(
            base: str, *, scripts: bool = True, size: dict[str, int] = PHONE, judged: bool = True
        ) -> Visit:
            context = browser.new_context(
                viewport=size, locale="fr-BE", java_script_enabled=scripts, reduced_motion="reduce"
            )
            context.set_default_timeout(20_000)
            stack.callback(context.close)
            tag = f"{request.node.name}".replace("[", "-").replace("]", "").removeprefix("test_")
            return Visit(context.new_page(), base, tag, judged and scripts)

        yield open_one


@contextmanager
def _shop(lived_in: Path, folder: Path, instant: str) -> Iterator[str]:
    for name in ("shop.db", "shop.db.keys"):
        shutil.copy(lived_in / name, folder / name)
    with _served(folder, instant) as address:
        yield address


@contextmanager
def _served(folder: Path, instant: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tests.journeys.serve", str(port), instant]
    server = subprocess.Popen(command, env=_env(folder, port))
    try:
        _await(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _await(port: int, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + START_WITHIN
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the shop did not start")


def _env(folder: Path, port: int) -> dict[str, str]:
    settings = environment(f"sqlite:///{folder / 'shop.db'}") | {"BASE_URL": f"http://127.0.0.1:{port}"}
    return {**os.environ, **settings}
