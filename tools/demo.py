"""The demo shop, run by `.venv`'s Python: worker and server in one process, in half the memory of two.

A real shop runs `gunicorn wsgi:app` and `flask shop worker` side by side instead (README, « Pour de vrai »).
"""

import os
import signal
import sys
import threading

import click
from flask.cli import ScriptInfo
from waitress.server import BaseWSGIServer, create_server

from shop.cli import shop_commands
from wsgi import app

HOST = "127.0.0.1"


def prepare() -> None:
    """Bring the database up to date and, where it is empty, load the demo."""
    _shop("upgrade")
    _shop("demo", "--if-empty")


def serve(port: int) -> None:
    """Serve on loopback while the worker does what is due, until Ctrl-C or SIGTERM ends both."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's `&` would have it ignored
    server = create_server(app, host=HOST, port=port)
    threading.Thread(target=_run, args=(server,), daemon=True).start()
    _shop("welcome")
    _shop("worker")


def _run(server: BaseWSGIServer) -> None:
    try:
        server.run()
    finally:
        os.kill(os.getpid(), signal.SIGTERM)  # a worker without its server must not look like a shop


def _shop(*arguments: str) -> None:
    try:
        shop_commands.main(arguments, "shop", standalone_mode=False, obj=ScriptInfo(create_app=lambda: app))
    except click.Abort:
        sys.exit(0)
    except click.ClickException as error:
        error.show()
        sys.exit(1)


if __name__ == "__main__":
    if sys.argv[1:] == ["prepare"]:
        prepare()
    else:
        serve(int(sys.argv[1]))
