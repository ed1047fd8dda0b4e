"""What serving takes: memory of all processes together, and the room of what runs the shop."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config import ROOT
from tests.bench.servers import family, memory, wait_for
from tests.conftest import environment, fresh_database
from tests.load.customer import Customer
from tests.load.server import open_week, prepared
from tests.mail_server import free_port
from tools.environment import PIP_WHEEL

MEGABYTES = 150
INSTALLED = 200
VISITS = 60


def test_gunicorn_and_the_worker_are_light(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    with fresh_database(request, "sqlite", tmp_path) as url, prepared(url) as app:
        with app.app_context():
            open_week(70)
        port = free_port()
        settings = {**os.environ, **environment(url), "PORT": str(port)}
        commands = (["gunicorn", "wsgi:app"], ["flask", "--app", "wsgi", "shop", "worker"])
        servers = [
            subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=settings) for command in commands
        ]
        try:
            wait_for(port)
            for _ in range(VISITS):
                Customer(port).form()
            used = round(sum(memory([one]) for server in servers for one in family(server.pid)))
        finally:
            for server in servers:
                server.terminate()
            for server in servers:
                server.wait(timeout=30)
    print(f"gunicorn and the shop's worker: {used} MB (below {MEGABYTES})")
    assert used < MEGABYTES


def test_the_demo_is_light(tmp_path: Path) -> None:
    port = free_port()
    url = f"sqlite:///{tmp_path / 'demo.db'}"
    settings = {**os.environ, **environment(url), "PORT": str(port)}
    server = subprocess.Popen([sys.executable, "-m", "tools.demo", str(port)], cwd=ROOT, env=settings)
    try:
        wait_for(port, patience=120)
        for _ in range(VISITS):
            Customer(port).get("/")
        time.sleep(2)
        used = memory(family(server.pid))
    finally:
        server.terminate()
        server.wait(timeout=30)
    print(f"the demo: {used:.0f} MB (below {MEGABYTES})")
    assert used < MEGABYTES


def test_what_runs_the_shop_takes_little_room(tmp_path: Path) -> None:
    room = tmp_path / "room"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", room], check=True)
    locked = ["--require-hashes", "-r", ROOT / "requirements" / "run.txt"]
    pip = [room / "bin" / "python", PIP_WHEEL / "pip", "install", "-qq", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-compile", *locked], check=True)
    files = [path for path in room.rglob("*") if path.is_file() and not path.is_symlink()]
    taken = sum(path.stat().st_blocks * 512 for path in files) / 1e6
    print(f"installed: {taken:.0f} MB (below {INSTALLED})")
    assert taken < INSTALLED
