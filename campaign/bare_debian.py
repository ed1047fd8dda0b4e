"""A Debian with python3 and nothing else, in a chroot: both commands work, the first time and the second.

Needs root, debootstrap and a network. `BARE_DEBIAN` limits the releases ("trixie"), `BARE_DEBIAN_TESTS` says
what is given to pytest ("tests/ledger -q"; "none" leaves the tests out).
"""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
RELEASES = "bookworm trixie"
PORT = 8765
FIRST_START, SECOND_START = 60, 10  # seconds, as issue 2 and the README promise
PATIENCE = 300  # seconds before a start is given up
TESTS_WITHIN = 3600
ENTER = (
    'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && mount -t tmpfs tmpfs "$0/dev/shm"'
    ' && cd "$0" && exec chroot "$0" /usr/bin/env -C /shop "$@"'
)
# A mount and a process namespace of its own: whatever happens, nothing stays mounted or keeps running.
ALONE = ["unshare", "--mount", "--propagation=private", "--pid", "--fork", "--kill-child", "sh", "-c", ENTER]


def main() -> str:
    """Prove each release; seconds of both starts, megabytes installed, pytest's closing line."""
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        return "not run: needs root and debootstrap"
    return "; ".join(_prove(release) for release in os.environ.get("BARE_DEBIAN", RELEASES).split())


def _prove(release: str) -> str:
    with tempfile.TemporaryDirectory(prefix=f"tablee-{release}-") as name:
        debian = Path(name)
        debian.chmod(0o755)
        _build(release, debian)
        first, second = _seconds_until_healthy(debian), _seconds_until_healthy(debian)
        size = _megabytes(debian / "shop" / ".venv")
        result = f"{release}: {first:.0f} s, then {second:.0f} s, {size} MB installed"
        assert first <= FIRST_START, result
        assert second <= SECOND_START, result
        return f"{result}, {_tests(debian)}"


def _build(release: str, debian: Path) -> None:
    _say(f"building a bare {release} …")
    command = ["debootstrap", "--variant=minbase", "--include=python3", release, str(debian)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout[-500:] + built.stderr[-500:]
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    (debian / "shop").mkdir()
    subprocess.run(["tar", "-x", "-C", debian / "shop"], input=archive, check=True)
    for path in ("/etc/resolv.conf", "/etc/hosts", os.environ.get("PIP_CERT", "")):
        if path:
            copy = debian / path.lstrip("/")
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)


def _inside(debian: Path, *arguments: str) -> list[str]:
    kept = [f"{name}={os.environ[name]}" for name in ("PIP_CERT",) if name in os.environ]
    clean = ["-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", f"PORT={PORT}", *kept]
    return [*ALONE, str(debian), *clean, "python3", "dev.py", *arguments]


def _seconds_until_healthy(debian: Path) -> float:
    _say("python3 dev.py …")
    begun = time.monotonic()
    shop = subprocess.Popen(_inside(debian))
    try:
        while not _healthy():
            assert shop.poll() is None, "the shop ended by itself"
            assert time.monotonic() - begun < PATIENCE, f"no answer after {PATIENCE} s"
            time.sleep(0.1)
        return time.monotonic() - begun
    finally:
        shop.kill()
        shop.wait()


def _healthy() -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _megabytes(folder: Path) -> int:
    used = subprocess.run(["du", "-sm", folder], capture_output=True, text=True, check=True)
    return int(used.stdout.split()[0])


def _tests(debian: Path) -> str:
    arguments = os.environ.get("BARE_DEBIAN_TESTS", "-q").split()
    if arguments == ["none"]:
        return "tests left out"
    _say("python3 dev.py test …")
    command = ["timeout", "-s", "KILL", str(TESTS_WITHIN), *_inside(debian, "test", *arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as tests:
        assert tests.stdout
        lines = [print(line, end="", flush=True) or line for line in tests.stdout]
        closing = lines[-1].strip() if lines else "no output"
    assert tests.returncode == 0, closing
    return f"tests: {closing}"


def _say(step: str) -> None:
    print(step, flush=True)
