"""The file of wrapped keys beside the database, which the database's own copies never hold.

It also remembers what was forgotten: the marks of deleted keys, and the orders whose contacts were erased one
by one, so that a restored backup brings neither back.
"""

import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

Content = dict[str, Any]
T = TypeVar("T")


class KeyFile:
    """The file, read whole and rewritten whole; `path` may not exist yet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def stamp(self) -> tuple[int, int, int]:
        """Give what changes whenever the file is rewritten."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return (0, 0, 0)
        return (status.st_mtime_ns, status.st_ino, status.st_size)

    def read(self) -> Content:
        """Give `keys` (name → wrapped key), `forgotten` (marks), `erased` (form ids) and `salt`."""
        empty = {"format": 1, "keys": {}, "forgotten": [], "erased": []}
        try:
            return {**empty, **json.loads(self.path.read_text())}
        except FileNotFoundError:
            return {**empty, "salt": secrets.token_hex(16)}

    def change(self, change: Callable[[Content], T]) -> T:
        """Rewrite the file, one process at a time; `change` alters the content in place."""
        with _locked(self.path):
            content = self.read()
            result = change(content)
            write_private(self.path, json.dumps(content).encode())
        return result

    def forget(self, name: str) -> None:
        """Delete a key and remember its mark."""

        def drop(content: Content) -> None:
            wrapped = content["keys"].pop(name, None)
            if wrapped is not None:
                content["forgotten"].append(mark(wrapped))

        self.change(drop)

    def note_erased(self, form_id: str) -> None:
        """Remember that the contact of the order with this form id was erased."""

        def add(content: Content) -> None:
            content["erased"] = sorted({*content["erased"], form_id})

        self.change(add)

    def adopt(self, copied: Content) -> None:
        """Take the keys and salt of a backup, but none that was deleted here or there; both memories stay."""

        def take(content: Content) -> None:
            forgotten = {*content["forgotten"], *copied["forgotten"]}
            content["forgotten"] = sorted(forgotten)
            content["erased"] = sorted({*content["erased"], *copied["erased"]})
            content["salt"] = copied["salt"]
            content["keys"] = {
                name: wrapped for name, wrapped in copied["keys"].items() if mark(wrapped) not in forgotten
            }

        self.change(take)


def mark(wrapped: str) -> str:
    """Give what tells one wrapped key from every other, of the same name too, and says nothing of it."""
    return hashlib.sha256(wrapped.encode()).hexdigest()[:32]


def write_private(path: Path, content: bytes) -> None:
    """Write a file that its owner alone may read; a crash leaves the old one or the new one, whole."""
    fresh = path.with_name(path.name + ".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    move_into_place(fresh, path)


def move_into_place(fresh: Path, path: Path) -> None:
    """Rename a written file, and wait until the folder itself has it on disk."""
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
