"""Encrypted columns, the file of wrapped keys, and links that only a hash of is kept.

What is sealed names its key: `house` for what lives as long as the shop, `week-12` for what is forgotten with
week 12. The keys lie wrapped with FIELD_KEY in one file beside the database. Deleting a key there erases what
it sealed, in old backups too. The file also remembers which orders' contacts were erased one by one, so that a
restored backup does not bring them back.
"""

import base64
import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from flask import current_app
from sqlalchemy import Dialect, LargeBinary, TypeDecorator

from shop.errors import CannotStart, KeyGone

VERSION = 1
NONCE = 12
PAD = 256
"""Sealed texts are padded to a multiple of this many bytes, so that their length says little."""

HOUSE = "house"
T = TypeVar("T")


@dataclass(frozen=True)
class Sealed:
    """A value to keep encrypted, and the name of the key it lives and dies with.

    `value` is what json can hold; it is None where the key is gone or the vault is locked.
    """

    key: str
    value: Any


class Vault:
    """The wrapped keys in their file, and the unwrapped ones in memory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._field_key: AESGCM | None = None
        self._seen: dict[str, AESGCM] = {}
        self._stamp = (0, 0)

    def make(self, field_key: bytes) -> None:
        """Make the file with its first key where there is none yet, and open it. Raises CannotStart."""
        self._field_key = AESGCM(field_key)
        if not self._read()["keys"]:
            self._change(lambda content: self._wrap_new(content, HOUSE))
        self.unlock(field_key)

    def key_from_passphrase(self, passphrase: str) -> bytes:
        """Derive FIELD_KEY from a passphrase, with the file's salt; Argon2id, 64 MiB."""
        salt = bytes.fromhex(self._change(lambda content: str(content["salt"])))
        kdf = Argon2id(salt=salt, length=32, iterations=3, lanes=1, memory_cost=64 * 1024)
        return kdf.derive(passphrase.encode())

    def unlock(self, field_key: bytes) -> None:
        """Open the vault. Raises CannotStart where the key does not fit the file."""
        self._field_key = AESGCM(field_key)
        try:
            self._key(HOUSE)
        except (KeyGone, InvalidTag) as error:
            self.lock()
            raise CannotStart("FIELD_KEY does not open the file of keys beside the database.") from error

    def lock(self) -> None:
        """Forget every key that memory holds."""
        self._field_key = None
        self._seen.clear()

    @property
    def is_open(self) -> bool:
        """Say whether FIELD_KEY was given and fits."""
        return self._field_key is not None

    def seal(self, sealed: Sealed, context: str) -> bytes:
        """Encrypt for the column `context`, making the key where it is new."""
        text = json.dumps(sealed.value, ensure_ascii=False, separators=(",", ":")).encode()
        text += b" " * (-len(text) % PAD)
        nonce = secrets.token_bytes(NONCE)
        name = sealed.key.encode()
        body = self._key(sealed.key, make=True).encrypt(nonce, text, context.encode())
        return bytes([VERSION, len(name)]) + name + nonce + body

    def open(self, envelope: bytes, context: str) -> Sealed:
        """Decrypt what was sealed for the column `context`; the value is None where the key is gone."""
        length = envelope[1]
        name = envelope[2 : 2 + length].decode()
        rest = envelope[2 + length :]
        try:
            text = self._key(name).decrypt(rest[:NONCE], rest[NONCE:], context.encode())
        except KeyGone:
            return Sealed(name, None)
        return Sealed(name, json.loads(text))

    def forget(self, name: str) -> None:
        """Delete a key; what it sealed can never be read again."""
        self._change(lambda content: content["keys"].pop(name, None))
        self._seen.pop(name, None)

    def note_erased(self, number: int) -> None:
        """Remember that the contact of this order was erased, for restored backups."""

        def add(content: dict[str, Any]) -> None:
            content["erased"] = sorted({*content["erased"], number})

        self._change(add)

    def erased(self) -> list[int]:
        """List the orders whose contacts were erased one by one."""
        return list(self._read()["erased"])

    def key_names(self) -> set[str]:
        """Name the keys that the file holds."""
        return set(self._read()["keys"])

    def _key(self, name: str, make: bool = False) -> AESGCM:
        if self._field_key is None:
            raise KeyGone(name)
        # Another process may have deleted a key: what the file no longer holds, memory forgets too.
        if self._stamp != (stamp := self._stat()):
            self._seen.clear()
            self._stamp = stamp
        if name not in self._seen:
            wrapped = self._read()["keys"].get(name)
            if wrapped is None:
                if not make:
                    raise KeyGone(name)
                wrapped = self._change(lambda content: self._wrap_new(content, name))
            raw = base64.b64decode(wrapped)
            self._seen[name] = AESGCM(self._field_key.decrypt(raw[:NONCE], raw[NONCE:], name.encode()))
        return self._seen[name]

    def _wrap_new(self, content: dict[str, Any], name: str) -> str:
        assert self._field_key is not None
        if name not in content["keys"]:
            nonce = secrets.token_bytes(NONCE)
            wrapped = nonce + self._field_key.encrypt(nonce, AESGCM.generate_key(256), name.encode())
            content["keys"][name] = base64.b64encode(wrapped).decode()
        return str(content["keys"][name])

    def _stat(self) -> tuple[int, int]:
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return (0, 0)
        return (status.st_mtime_ns, status.st_ino)

    def _read(self) -> dict[str, Any]:
        if not self.path.exists():
            return {"format": 1, "keys": {}, "erased": [], "salt": secrets.token_hex(16)}
        content: dict[str, Any] = json.loads(self.path.read_text())
        return content

    def _change(self, change: Callable[[dict[str, Any]], T]) -> T:
        """Rewrite the file whole, one process at a time, so that a crash leaves the old or the new one."""
        with _locked(self.path):
            content = self._read()
            result = change(content)
            fresh = self.path.with_name(self.path.name + ".new")
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                json.dump(content, file)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.path)
        return result


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


class Envelope(TypeDecorator[Sealed]):
    """A column that holds a Sealed value as `version | key name | nonce | ciphertext`."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def process_bind_param(self, value: Sealed | None, dialect: Dialect) -> bytes | None:
        """Seal on the way in."""
        return None if value is None else vault().seal(value, self.context)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Sealed | None:
        """Open on the way out."""
        return None if value is None else vault().open(bytes(value), self.context)


def vault() -> Vault:
    """Give the running shop's vault."""
    found: Vault = current_app.extensions["vault"]
    return found


def new_token() -> str:
    """Make a link's secret: 128 bits, 22 characters that a link may hold."""
    return secrets.token_urlsafe(16)


def token_hash(token: str) -> str:
    """Give what is stored of a link's secret: its SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()
