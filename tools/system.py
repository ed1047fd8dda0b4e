"""The programs the tests use and pip cannot bring: installed where that is allowed, else named."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tools.environment import say

# Debian's package for each command; a browser without any font draws empty boxes.
PACKAGES = {"chromium": ["chromium", "fonts-dejavu-core"], "hledger": ["hledger"], "ledger": ["ledger"]}


def install_missing(wanted: Mapping[str, list[str]] = PACKAGES) -> None:
    """Install what is missing with apt-get, as root on Debian or Ubuntu; elsewhere say what to install."""
    missing = [command for command in wanted if not shutil.which(command)]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get") or not _is_debian():
        say(f"Missing: {', '.join(missing)}. The tests that need them will not run; install them to run all.")
        return
    say(f"Installing {', '.join(missing)} with apt-get (once) …")
    packages = [package for command in missing for package in wanted[command]]
    if not (_apt("update") and _apt("install", "-y", "--no-install-recommends", *packages)):
        say("apt-get could not install them; the tests that need them will not run.")


def _is_debian() -> bool:
    path = Path("/etc/os-release")
    words = path.read_text(encoding="utf-8").replace('"', "") if path.is_file() else ""
    return any(line.startswith(("ID=", "ID_LIKE=")) and "debian" in line for line in words.splitlines())


def _apt(*arguments: str) -> bool:
    command = ["apt-get", "-qq", "-o=Dpkg::Use-Pty=0", *arguments]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command, env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        say("\n".join(done.stdout.splitlines()[-3:]))
    return done.returncode == 0
