"""The fair queue before SQLite's write lock: nobody starves, nobody is stuck, and nothing rests on it."""

import multiprocessing
import os
import signal
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from shop import queue
from shop.errors import Busy
from shop.extensions import PRAGMAS

FORK = multiprocessing.get_context("fork")
WRITERS = 8
LASTS = 3.0


def test_turns_are_had_in_the_order_drawn(tmp_path: Path) -> None:
    order: list[int] = []
    threads = []
    with queue.turn(tmp_path / "queue"):
        for number in range(6):
            thread = threading.Thread(target=_take, args=(tmp_path / "queue", order, number))
            thread.start()
            threads.append(thread)
            time.sleep(0.05)
        assert order == []
    for thread in threads:
        thread.join()
    assert order == list(range(6))


def _take(path: Path, order: list[int], number: int) -> None:
    with queue.turn(path):
        order.append(number)


def test_only_one_has_the_turn(tmp_path: Path) -> None:
    inside: list[int] = []
    most: list[int] = []

    def work() -> None:
        for _ in range(10):
            with queue.turn(tmp_path / "queue"):
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.001)
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 80
    assert max(most) == 1


def test_who_waits_too_long_is_told_and_leaves_no_trace(tmp_path: Path) -> None:
    with queue.turn(tmp_path / "queue"), pytest.raises(Busy), queue.turn(tmp_path / "queue", patience=0.1):
        pass
    with queue.turn(tmp_path / "queue", patience=0.1):
        pass


@pytest.mark.parametrize("kill_the_waiting", [False, True])
def test_a_killed_process_frees_its_place(tmp_path: Path, kill_the_waiting: bool) -> None:
    path = tmp_path / "queue"
    holder = _hold(path)
    waiter = _hold(path, expect=False)
    time.sleep(0.2)
    for process in (waiter, holder) if kill_the_waiting else (holder, waiter):
        os.kill(process.pid, signal.SIGKILL)
        process.join()
    with queue.turn(path, patience=1):
        pass


def _hold(path: Path, expect: bool = True) -> Any:
    """Start a process that takes the turn and keeps it."""
    there = FORK.Event()
    process = FORK.Process(target=_hold_for_ever, args=(path, there), daemon=True)
    process.start()
    if expect:
        assert there.wait(5)
    return process


def _hold_for_ever(path: Path, there: Any) -> None:
    with queue.turn(path, patience=60):
        there.set()
        time.sleep(60)


def test_a_damaged_counter_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "queue").write_bytes(b"\x07")
    with queue.turn(tmp_path / "queue", patience=1):
        pass


@pytest.mark.slow
def test_eight_writers_back_to_back_and_none_waits_a_second(tmp_path: Path) -> None:
    """The other half needs no clock: all of them get about as often to write."""
    waits, counts = _write_back_to_back(tmp_path, fair=True)
    assert max(waits) < 1
    assert min(counts) > 0.5 * max(counts)


@pytest.mark.slow
def test_without_the_queue_some_writer_starves(tmp_path: Path) -> None:
    """The control: SQLite's own handler leaves somebody far behind, or waiting most of the time."""
    waits, counts = _write_back_to_back(tmp_path, fair=False)
    assert max(waits) > 0.3 * LASTS or min(counts) < 0.5 * max(counts)


def _write_back_to_back(folder: Path, fair: bool) -> tuple[list[float], list[int]]:
    """Let processes write for a while; the longest wait and the number of writes of each."""
    database = folder / "shop.db"
    setup = sqlite3.connect(database, isolation_level=None)
    setup.execute("PRAGMA journal_mode=WAL")
    setup.execute("CREATE TABLE written (value INTEGER)")
    setup.close()
    results: Any = FORK.Queue()
    start = FORK.Barrier(WRITERS)
    arguments = (database, fair, start, results)
    writers = [FORK.Process(target=_write_on, args=arguments) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    found = [results.get(timeout=60) for _ in writers]
    for writer in writers:
        writer.join()
    return [wait for wait, _ in found], [count for _, count in found]


def _write_on(database: Path, fair: bool, start: Any, results: Any) -> None:
    connection = sqlite3.connect(database, isolation_level=None, timeout=60)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA busy_timeout=60000")
    start.wait()
    longest, count, until = 0.0, 0, time.monotonic() + LASTS
    while time.monotonic() < until:
        before = time.monotonic()
        if fair:
            with queue.turn(database.with_name("queue"), patience=60):
                longest = max(longest, _write(connection, before))
        else:
            longest = max(longest, _write(connection, before))
        count += 1
    results.put((longest, count))


def _write(connection: sqlite3.Connection, before: float) -> float:
    """Write a little, as long as an order takes; how long the lock was waited for."""
    connection.execute("BEGIN IMMEDIATE")
    waited = time.monotonic() - before
    connection.execute("INSERT INTO written VALUES (1)")
    time.sleep(0.002)
    connection.execute("COMMIT")
    return waited
