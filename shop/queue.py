"""A fair queue in front of SQLite's write lock.

SQLite's own busy handler sleeps and tries again, so with writers back to back one of them may wait for ever.
Here each writer draws a ticket and waits for the ticket before. A ticket is a lock on one byte of a file that
belongs to the open file, so the kernel frees it when its process dies, however it dies. The queue only gives
order: what it guards is still guarded by SQLite, so a lost queue costs fairness and nothing else. The locking
packages on PyPI (filelock, fasteners, portalocker) queue nobody, hence these lines.
"""

import fcntl
import os
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shop.errors import Busy

COUNTER = struct.Struct("<Q")
FLOCK = struct.Struct("hhqqi4x")
FIRST = 64
"""Byte 0 guards the counter; tickets begin behind it."""

PAUSE = 0.0005
LONGEST_PAUSE = 0.02
"""Seconds between two looks: who is next looks often, who is far behind seldom, so a crowd costs little."""


@contextmanager
def turn(path: Path, patience: float = 8.0) -> Iterator[None]:
    """Hold the next turn; wait at most `patience` seconds for it. Raises Busy."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        ticket = _draw(handle)
        deadline = time.monotonic() + patience
        while not _try(handle, FIRST + ticket - 1, fcntl.F_RDLCK):
            if time.monotonic() > deadline:
                raise Busy
            time.sleep(min(PAUSE * _ahead(handle, ticket), LONGEST_PAUSE))
        yield
    finally:
        os.close(handle)


def _draw(handle: int) -> int:
    """Take the next ticket and lock its byte, under the lock on byte 0."""
    fcntl.fcntl(handle, fcntl.F_OFD_SETLKW, _range(0, fcntl.F_WRLCK))
    drawn = os.pread(handle, COUNTER.size, 0)
    ticket: int = COUNTER.unpack(drawn)[0] + 1 if len(drawn) == COUNTER.size else 1
    _try(handle, FIRST + ticket, fcntl.F_WRLCK)
    os.pwrite(handle, COUNTER.pack(ticket), 0)
    fcntl.fcntl(handle, fcntl.F_OFD_SETLK, _range(0, fcntl.F_UNLCK))
    return ticket


def _ahead(handle: int, ticket: int) -> int:
    """Guess how many wait before: the kernel names one of the tickets held, most often the oldest."""
    held = fcntl.fcntl(handle, fcntl.F_OFD_GETLK, FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, FIRST, ticket, 0))
    kind, _whence, start, _length, _process = FLOCK.unpack(held)
    return 1 if kind == fcntl.F_UNLCK else max(1, FIRST + ticket - start)


def _try(handle: int, byte: int, kind: int) -> bool:
    try:
        fcntl.fcntl(handle, fcntl.F_OFD_SETLK, _range(byte, kind))
    except OSError:
        return False
    return True


def _range(byte: int, kind: int) -> bytes:
    return FLOCK.pack(kind, os.SEEK_SET, byte, 1, 0)
