"""The environment the shop runs in: this process's, then `.env`, then keys made once for this folder."""

import os
import secrets
import socket
import sys

from tools.environment import ROOT

KEYS = ROOT / "instance" / "keys.env"


def environment() -> dict[str, str]:
    """Return the variables for the shop; makes `instance/keys.env` (0600) the first time it is needed."""
    settings = _read(".env") | dict(os.environ)
    if not (settings.get("SECRET_KEY") and settings.get("FIELD_KEY")):
        _make_keys_once()
        settings = _read("instance/keys.env") | {name: value for name, value in settings.items() if value}
    return settings


def free_port(settings: dict[str, str]) -> int:
    """Return PORT, or end with one sentence where it is no port or another program listens on it."""
    port = settings.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        sys.exit("PORT must be a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as error:
            sys.exit(
                f"Port {port} cannot be used ({error.strerror}); PORT=8001 python3 dev.py tries another."
            )
    return int(port)


def _read(name: str) -> dict[str, str]:
    path = ROOT / name
    if not path.is_file():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("'\"") for name, value in pairs}


def _make_keys_once() -> None:
    if KEYS.exists():
        return
    KEYS.parent.mkdir(mode=0o700, exist_ok=True)
    text = f"SECRET_KEY={secrets.token_urlsafe(48)}\nFIELD_KEY={secrets.token_hex(32)}\n"
    draft = KEYS.with_name(f"{KEYS.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, KEYS)  # unlike a rename it never replaces keys that another process just made
    except FileExistsError:
        pass
    finally:
        draft.unlink()
