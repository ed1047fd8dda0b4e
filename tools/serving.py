"""The main job: database, demo, worker and web server, started and stopped together."""

import os
import signal
import socket
import subprocess
import sys
import time

from tools.environment import PYTHON, ROOT, say

SHOP = [os.fspath(PYTHON), "-m", "flask", "--app", os.fspath(ROOT / "wsgi.py"), "shop"]
Children = dict[str, subprocess.Popen[bytes]]


def refuse_taken_port(port: int) -> None:
    """End with one sentence where another program already listens on this port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            sys.exit(f"Port {port} cannot be had: stop what uses it, or choose another with PORT=8001.")


def serve(port: int, env: dict[str, str]) -> int:
    """Prepare the database, then run server and worker until one ends or is stopped; the exit code."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    children: Children = {}
    try:
        for step in (["upgrade"], ["demo", "--if-empty"]):
            if subprocess.run([*SHOP, *step], env=env, check=False).returncode:
                return 1
        listen = f"--listen=127.0.0.1:{port}"
        children["server"] = _start([os.fspath(PYTHON), "-m", "waitress", listen, "wsgi:app"], env)
        children["worker"] = _start([*SHOP, "worker"], env)
        if _answers(port, children["server"]):
            subprocess.run([*SHOP, "welcome"], env=env, check=False)
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
        ended = next(name for name, child in children.items() if child.poll() is not None)
        say(f"The {ended} ended by itself; the rest is stopped.")
        return 1
    except KeyboardInterrupt:
        say("")
        return 0
    finally:
        _stop(children)


def _start(command: list[str], env: dict[str, str]) -> subprocess.Popen[bytes]:
    # In a group of its own: Ctrl-C reaches this process alone, which then stops both.
    return subprocess.Popen(command, env=env, cwd=ROOT, process_group=0)


def _answers(port: int, server: subprocess.Popen[bytes]) -> bool:
    while server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.1)
    return False


def _stop(children: Children) -> None:
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave one of them behind
    for child in children.values():
        child.terminate()
    for child in children.values():
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
