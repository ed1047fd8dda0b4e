"""The environment the shop runs in: this process's, then `.env`, then keys made once for this folder."""

import os
import secrets

from tools.environment import ROOT

KEYS = ROOT / "instance" / "keys.env"


def environment() -> dict[str, str]:
    """Return the variables for the shop; makes `instance/keys.env` (0600) the first time it is needed."""
    settings = _read(".env") | dict(os.environ)
    if not (settings.get("SECRET_KEY") and settings.get("FIELD_KEY")):
        _make_keys_once()
        settings = _read("instance/keys.env") | {name: value for name, value in settings.items() if value}
    return settings


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
