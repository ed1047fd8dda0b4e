"""Settings, read once from a mapping and validated; a wrong one stops the start with one sentence."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parent
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class WrongSetting(Exception):
    """A setting is missing or wrong; the text says which and what to do, without its value."""


@dataclass(frozen=True)
class Settings:
    """What the environment says; every field is one variable of the same name in capitals."""

    database_url: str
    secret_key: str
    field_key: str
    base_url: str
    mail_server: str
    mail_port: int
    mail_username: str
    mail_password: str
    mail_use_tls: bool
    mail_default_sender: str
    port: int

    @property
    def on_loopback(self) -> bool:
        """Say whether the shop is reached on this machine only: a demo or a developer's copy."""
        return urlsplit(self.base_url).hostname in LOOPBACK

    @property
    def key_file(self) -> Path:
        """Name the file of wrapped keys: beside the SQLite database, else `instance/<database>.keys`."""
        if self.database_url.startswith("sqlite:///"):
            database = Path(self.database_url.removeprefix("sqlite:///"))
            return database.with_name(database.name + ".keys")
        name = urlsplit(self.database_url).path.strip("/") or "tablee"
        return ROOT / "instance" / f"{name}.keys"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read and validate the settings. Raises WrongSetting."""
    port = _number(environ, "PORT", 8000)
    base_url = environ.get("BASE_URL", f"http://127.0.0.1:{port}").rstrip("/")
    settings = Settings(
        database_url=_database_url(environ.get("DATABASE_URL", "")),
        secret_key=environ.get("SECRET_KEY", ""),
        field_key=environ.get("FIELD_KEY", ""),
        base_url=base_url,
        mail_server=environ.get("MAIL_SERVER", ""),
        mail_port=_number(environ, "MAIL_PORT", 25),
        mail_username=environ.get("MAIL_USERNAME", ""),
        mail_password=environ.get("MAIL_PASSWORD", ""),
        mail_use_tls=environ.get("MAIL_USE_TLS", "").lower() in {"1", "true", "yes", "on"},
        mail_default_sender=environ.get("MAIL_DEFAULT_SENDER", ""),
        port=port,
    )
    _check(settings)
    return settings


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, "") or str(default)
    if not re.fullmatch(r"[0-9]{1,5}", text, re.ASCII) or not 0 < int(text) < 65536:
        raise WrongSetting(f"{name} must be a port number from 1 to 65535.")
    return int(text)


def _database_url(url: str) -> str:
    if not url:
        return f"sqlite:///{ROOT / 'instance' / 'tablee.db'}"
    if url.startswith(("postgres://", "postgresql://")):
        return "postgresql+psycopg://" + url.split("://", 1)[1]
    return url


def _check(settings: Settings) -> None:
    if len(settings.secret_key) < 32:
        raise WrongSetting("SECRET_KEY must be a secret of 32 characters or more.")
    if len(set(settings.secret_key)) < 8 or "change" in settings.secret_key.lower():
        raise WrongSetting("SECRET_KEY is a placeholder: make one of your own.")
    if not settings.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise WrongSetting("DATABASE_URL must begin with sqlite:/// or postgresql://.")
    parts = urlsplit(settings.base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise WrongSetting("BASE_URL must be the shop's address, like https://plats.example.org.")
    if parts.scheme == "http" and not settings.on_loopback:
        raise WrongSetting("BASE_URL must begin with https:// outside this machine.")
    if settings.field_key != "prompt":
        field_key_bytes(settings.field_key)
    if settings.mail_server and not settings.mail_default_sender:
        raise WrongSetting("MAIL_DEFAULT_SENDER must say who writes the letters.")


def field_key_bytes(text: str) -> bytes:
    """Decode FIELD_KEY: 32 bytes in base64 or hexadecimal. Raises WrongSetting."""
    try:
        key = bytes.fromhex(text) if len(text) == 64 else base64.urlsafe_b64decode(text)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != 32:
        raise WrongSetting("FIELD_KEY must be 32 bytes in base64, 64 hexadecimal digits, or `prompt`.")
    return key
