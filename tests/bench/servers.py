"""Servers side by side, the same gunicorn for each, and what they use, read from the kernel."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from config import ROOT
from tests.load.customer import Customer

TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def gunicorn(module: str, port: int, **settings: str) -> Iterator[int]:
    """Serve a module by the shop's own configuration with one worker; gives the worker's process."""
    command = [sys.executable, "-m", "gunicorn", "--workers", "1", module]
    environ = {**os.environ, **settings, "PORT": str(port), "PYTHONPATH": str(ROOT)}
    master = subprocess.Popen(command, cwd=ROOT, env=environ)
    try:
        wait_for(port)
        yield children(master.pid)[0]
    finally:
        master.terminate()
        master.wait(timeout=30)


def wait_for(port: int, patience: float = 90) -> None:
    """Wait until a server answers. Raises AssertionError."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        with suppress(OSError):
            Customer(port).get("/")
            return
        time.sleep(0.05)
    raise AssertionError(f"nobody answers on {port}")


def children(process: int) -> list[int]:
    """Name a process's children."""
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def family(process: int) -> list[int]:
    """Name a process and all that descend from it."""
    return [process] + [one for child in children(process) for one in family(child)]


def cpu(process: int) -> float:
    """Give the seconds of CPU that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(processes: list[int]) -> float:
    """Sum what processes hold in MB; what several share is counted once (PSS)."""
    pages = [Path(f"/proc/{one}/smaps_rollup").read_text() for one in processes]
    return sum(int(text.split("Pss:")[1].split()[0]) for text in pages) / 1024
