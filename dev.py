#!/usr/bin/env python3
"""Tablée's commands, with nothing but Python 3.11 or newer: `python3 dev.py help` lists them."""

import os
import subprocess
import sys

if sys.version_info < (3, 11):  # noqa: UP036 — said in a sentence before anything else is imported
    sys.exit("Tablée needs Python 3.11 or newer.")

from tools import environment, settings, system

HELP = """\
python3 dev.py                      open the demo shop on http://127.0.0.1:8000 (PORT changes it)
python3 dev.py test [arguments]     run the whole suite; arguments go to pytest
                                    --without-system-tools: leave out, and name, what needs a missing program
python3 dev.py check                formatting, lint, types, import direction, missing translations
python3 dev.py bench                run the benchmarks, as ratios
python3 dev.py campaign [NAME …]    run the long proofs, all or those named
python3 dev.py shop …               run the shop's own commands (`shop --help` lists them)
python3 dev.py translate            bring new sentences into the catalogues and compile them
python3 dev.py lock [--upgrade]     remake requirements/ from pyproject.toml, with uv"""


def run(_arguments: list[str]) -> int:
    """Serve the demo shop until Ctrl-C."""
    env = settings.environment()
    port = settings.free_port(env)
    environment.ensure("run")
    os.chdir(environment.ROOT)
    environment.become("-m", "tools.demo", str(port), env=env)


def test(arguments: list[str]) -> int:
    """Run pytest on everything."""
    environment.ensure("test")
    system.install_missing()
    os.chdir(environment.ROOT)
    environment.become("-m", "pytest", *_side_by_side(arguments), *arguments)


def _side_by_side(arguments: list[str]) -> list[str]:
    """Run the suite on every core, unless somebody chose how, or looks at a few tests.

    One worker more than there are cores: they wait a quarter of their time, for servers and a browser.
    """
    chosen = any(one.startswith(("-n", "-p", "--pdb", "--dist", "-x", "tests")) for one in arguments)
    workers = (os.cpu_count() or 1) + 1
    return [] if chosen else ["-n", str(workers), "--dist", "worksteal"]


def check(arguments: list[str]) -> int:
    """Run every static check, all of them even where one fails."""
    environment.ensure("test")
    os.chdir(environment.ROOT)
    steps = [
        ["ruff", "format", "--check", "."],
        ["ruff", "check", "."],
        ["mypy"],
        ["djlint", "--lint", "--quiet", "templates"],
        ["pytest", "-q", "tests/test_architecture.py"],
        ["tools.translations"],
    ]
    failed = []
    for step in steps:
        environment.say(f"— {' '.join(step)}")
        if subprocess.run([environment.PYTHON, "-m", *step, *arguments], check=False).returncode:
            failed.append(step[0])
    environment.say(f"Failed: {', '.join(failed)}." if failed else "All good.")
    return 1 if failed else 0


def bench(arguments: list[str]) -> int:
    """Run the benchmarks."""
    environment.ensure("test")
    os.chdir(environment.ROOT)
    environment.become("-m", "pytest", "-s", "-q", "tests/bench", *arguments)


def campaign(arguments: list[str]) -> int:
    """Run the long proofs."""
    environment.ensure("test")
    os.chdir(environment.ROOT)
    environment.become("-m", "campaign", *arguments)


def shop(arguments: list[str]) -> int:
    """Run one of the shop's own commands."""
    environment.ensure("run")
    wsgi = os.fspath(environment.ROOT / "wsgi.py")
    environment.become("-m", "flask", "--app", wsgi, "shop", *arguments, env=settings.environment())


def translate(_arguments: list[str]) -> int:
    """Bring the catalogues up to date."""
    environment.ensure("test")
    environment.become("-m", "tools.translations", "update")


def lock(arguments: list[str]) -> int:
    """Remake the locks; with --upgrade, from the newest releases."""
    os.chdir(environment.ROOT)
    return environment.lock(arguments)


def list_commands(arguments: list[str]) -> int:
    """List the commands."""
    print(HELP)
    return 0 if arguments[:1] in (["help"], ["-h"], ["--help"]) else 2


COMMANDS = {
    "test": test,
    "check": check,
    "bench": bench,
    "campaign": campaign,
    "shop": shop,
    "translate": translate,
    "lock": lock,
}


def main(arguments: list[str]) -> int:
    """Do what the command line asks; the exit code."""
    # Where it is set, every process compiles every library anew: seconds at each start.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if not arguments:
        return run(arguments)
    command = COMMANDS.get(arguments[0])
    return command(arguments[1:]) if command else list_commands(arguments)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
