"""Encrypted columns, and links that only a hash of is kept.

What is sealed names its key: `house` for what lives as long as the shop, `week-12` for what is forgotten with
week 12. The keys lie wrapped with FIELD_KEY in one file beside the database (keyfile.py). Deleting a key
there erases what it sealed, in old backups too.
"""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from flask import current_app
from sqlalchemy import Dialect, LargeBinary, TypeDecorator

from shop.errors import CannotStart, KeyGone
from shop.keyfile import Content, KeyFile

VERSION = 1
NONCE = 12
PAD = 256
"""Sealed texts are padded to a multiple of this many bytes, so that their length says little."""

HOUSE = "house"


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
        self.file = KeyFile(path)
        self._field_key: AESGCM | None = None
        self._seen: dict[str, AESGCM] = {}
        self._stamp = self.file.stamp()

    @property
    def path(self) -> Path:
        """Name the file of keys."""
        return self.file.path

    @path.setter
    def path(self, path: Path) -> None:
        self.__init__(path)  # type: ignore[misc]

    def make(self, field_key: bytes) -> None:
        """Make the file with its first key where there is none yet, and open it. Raises CannotStart."""
        self._field_key = AESGCM(field_key)
        if HOUSE not in self.file.read()["keys"]:
            self.file.change(lambda content: self._wrap_new(content, HOUSE))
        self.unlock(field_key)

    def key_from_passphrase(self, passphrase: str) -> bytes:
        """Derive FIELD_KEY from a passphrase, with the file's salt; Argon2id, 64 MiB."""
        return derive(passphrase, self.file.change(lambda content: str(content["salt"])))

    def unlock(self, field_key: bytes) -> None:
        """Open the vault. Raises CannotStart where the key does not fit the file."""
        self._seen.clear()
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
        """Decrypt what was sealed for the column `context`; the value is None where the key is gone.

        Raises InvalidTag where the envelope was changed, or moved here from another column.
        """
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
        self.file.forget(name)
        self._seen.pop(name, None)

    def note_erased(self, form_id: str) -> None:
        """Remember that the contact of this order was erased, for restored backups."""
        self.file.note_erased(form_id)

    def erased(self) -> list[str]:
        """List the form ids of the orders whose contacts were erased one by one."""
        return list(self.file.read()["erased"])

    def key_names(self) -> set[str]:
        """Name the keys that the file holds."""
        return set(self.file.read()["keys"])

    def _key(self, name: str, make: bool = False) -> AESGCM:
        field_key = self._field_key
        if field_key is None:
            raise KeyGone(name)
        # Another process may have deleted a key: what the file no longer holds, memory forgets too. The stamp
        # is taken before the file is read, so a change in between is seen at the next call.
        stamp = self.file.stamp()
        if stamp != self._stamp:
            self._seen, self._stamp = {}, stamp
        seen = self._seen
        key = seen.get(name)
        if key is None:
            wrapped = self.file.read()["keys"].get(name)
            if wrapped is None:
                if not make:
                    raise KeyGone(name)
                wrapped = self.file.change(lambda content: self._wrap_new(content, name))
            raw = base64.b64decode(wrapped)
            key = seen[name] = AESGCM(field_key.decrypt(raw[:NONCE], raw[NONCE:], name.encode()))
        return key

    def _wrap_new(self, content: Content, name: str) -> str:
        assert self._field_key is not None
        if name not in content["keys"]:
            nonce = secrets.token_bytes(NONCE)
            wrapped = nonce + self._field_key.encrypt(nonce, AESGCM.generate_key(256), name.encode())
            content["keys"][name] = base64.b64encode(wrapped).decode()
        return str(content["keys"][name])


def derive(passphrase: str, salt: str) -> bytes:
    """Derive 32 bytes from a passphrase and a salt in hexadecimal; Argon2id, 64 MiB."""
    kdf = Argon2id(salt=bytes.fromhex(salt), length=32, iterations=3, lanes=1, memory_cost=64 * 1024)
    return kdf.derive(passphrase.encode())


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


def token_for(purpose: str, seed: str) -> str:
    """Make the link's secret that belongs to a seed: 128 bits, always the same, and SECRET_KEY's own."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    digest = hmac.new(secret, f"{purpose}:{seed}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def token_hash(token: str) -> str:
    """Give what is stored of a link's secret: its SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()
