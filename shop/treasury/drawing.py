"""Has a file drawn anew by the program of redrawing.py, which alone reads a stranger's bytes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from shop.errors import ReceiptTooLarge, ReceiptTooLong, ReceiptUnreadable

PROGRAM = Path(__file__).with_name("redrawing.py")
PATIENCE = 20.0
"""Seconds; the program itself stops after ten of work, and a busy machine gives it less."""

MOST_PAGES = 5
TOO_LARGE, TOO_MANY = 10, 11
"""What the program's exit code says."""

_one_at_a_time = Lock()


@dataclass(frozen=True)
class Drawn:
    """A page as two JPEG: to read, and small."""

    content: bytes
    thumbnail: bytes


def draw(file: bytes) -> list[Drawn]:
    """Draw a JPEG, PNG, WebP or PDF anew, page by page; nothing of the file is kept but how it looks.

    Raises ReceiptUnreadable, ReceiptTooLarge, ReceiptTooLong.
    """
    command = [sys.executable, "-I", os.fspath(PROGRAM)]
    # Its memory is bounded, the shop's is not: one picture after the other. What it draws touches no disk.
    with _one_at_a_time, os.fdopen(os.memfd_create("receipt"), "r+b") as drawn:
        try:
            done = subprocess.run(
                command,
                input=file,
                stdout=drawn,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise ReceiptTooLarge from error
        _refuse(done.returncode)
        drawn.seek(0)
        return list(_pages(drawn.read()))


def _refuse(code: int) -> None:
    """Say why there is no picture; a program that was killed or gave up had too much to do."""
    if code == TOO_MANY:
        raise ReceiptTooLong(MOST_PAGES)
    if code == TOO_LARGE or code < 0:
        raise ReceiptTooLarge
    if code:
        raise ReceiptUnreadable


def _pages(drawn: bytes) -> Iterator[Drawn]:
    """Part what was drawn: each picture stands after its length in four bytes."""
    pictures = []
    while drawn:
        length = int.from_bytes(drawn[:4], "big")
        pictures.append(drawn[4 : 4 + length])
        drawn = drawn[4 + length :]
    for content, thumbnail in zip(pictures[::2], pictures[1::2], strict=True):
        yield Drawn(content, thumbnail)
