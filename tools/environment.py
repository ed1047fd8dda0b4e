"""The virtual environment: made once, repaired when it is broken, instant when it is right."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUN_LOCK, TEST_LOCK = "requirements/run.txt", "requirements/test.txt"
PIP_WHEEL = ROOT / "vendor" / "pip-26.3-py3-none-any.whl"
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"


def say(step: str) -> None:
    """Print one step, at once."""
    print(step, flush=True)


def ensure(lock_name: str) -> None:
    """Make `.venv` hold what requirements/<lock_name>.txt pins, and do nothing where it already does."""
    with _alone():
        if not _python_answers():
            _make_venv()
        # What the tests need holds all that the shop needs, in the same versions.
        if any(_is_installed(name) for name in (lock_name, "test")):
            return
        for name in ("run", "test"):
            _stamp(name).unlink(missing_ok=True)
        lock = ROOT / "requirements" / f"{lock_name}.txt"
        say(f"Installing requirements/{lock.name} (once) …")
        if subprocess.run(_installer(lock), cwd=ROOT, check=False).returncode:
            sys.exit("The installation failed (see above); once that is put right, the same command goes on.")
        _stamp(lock_name).write_text(_digest(lock_name))  # last: an interrupted install is begun again


def _is_installed(lock_name: str) -> bool:
    return _stamp(lock_name).is_file() and _stamp(lock_name).read_text() == _digest(lock_name)


def _stamp(lock_name: str) -> Path:
    return VENV / f"{lock_name}.stamp"


def _digest(lock_name: str) -> str:
    lock = ROOT / "requirements" / f"{lock_name}.txt"
    return hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()


@contextmanager
def _alone() -> Iterator[None]:
    """Let one process at a time work on the environment; the others wait for it."""
    with (ROOT / "dev.py").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _python_answers() -> bool:
    if not PYTHON.exists():
        return False
    answer = subprocess.run(
        [PYTHON, "-c", "import sys; print(sys.version, end='')"], capture_output=True, text=True, check=False
    )
    return answer.returncode == 0 and answer.stdout == sys.version


def _make_venv() -> None:
    say("Making .venv …")
    # Debian keeps ensurepip in another package, so the environment is made without pip everywhere.
    base = getattr(sys, "_base_executable", sys.executable)
    subprocess.run([base, "-m", "venv", "--clear", "--without-pip", VENV], check=True)


def _installer(lock: Path) -> list[str | Path]:
    wanted: list[str | Path] = ["--only-binary=:all:", "--require-hashes", "-r", lock]
    uv = shutil.which("uv")
    if uv:
        return [uv, "pip", "install", "--quiet", "--python", PYTHON, *wanted]
    if hashlib.sha256(PIP_WHEEL.read_bytes()).hexdigest() != PIP_SHA256:
        sys.exit(f"{PIP_WHEEL.name} is not the file this project was tried with: nothing was installed.")
    quietly = ["-qq", "--disable-pip-version-check", "--no-compile", "--root-user-action=ignore"]
    return [PYTHON, PIP_WHEEL / "pip", "install", *quietly, *wanted]


def lock(options: list[str]) -> int:
    """Remake requirements/*.txt: for every Python from 3.11 on, hashed, naming no host and no path."""
    plain = ["--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate", "--quiet"]
    common = ["--universal", "--python-version", "3.11", "--generate-hashes", *plain, *options]
    for extra in (["-o", RUN_LOCK], ["--group", "test", "-c", RUN_LOCK, "-o", TEST_LOCK]):
        command = ["uv", "--no-config", "pip", "compile", "pyproject.toml", *common, *extra]
        if subprocess.run(command, check=False).returncode:
            return 1
    return 0


def become(*arguments: str, env: Mapping[str, str] | None = None) -> NoReturn:
    """Replace this process by `.venv`'s Python with these arguments; never returns."""
    sys.stdout.flush()
    os.execve(PYTHON, [os.fspath(PYTHON), *arguments], dict(os.environ if env is None else env))
