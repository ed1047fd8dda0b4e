"""The demo shop, run by `.venv`'s Python: worker and server in one process, in half the memory of two.

A real shop runs `gunicorn wsgi:app` and `flask shop worker` side by side instead (README, « Pour de vrai »).
"""

import os
import signal
import subprocess
import sys
import threading

import click
from flask import Flask
from flask.cli import ScriptInfo
from waitress.server import BaseWSGIServer, create_server

from shop import create_app
from shop.cli import shop_commands
from shop.demo.services import anything_here
from shop.errors import CannotStart
from shop.schema import require_ready, require_tables
from shop.treasury.receipt_forms import MOST_BYTES

HOST = "127.0.0.1"


def is_lived_in(app: Flask) -> bool:
    """Say whether the database is up to date and holds something, so that nothing has to be prepared."""
    with app.app_context():
        try:
            require_tables()
        except CannotStart:
            return False
        return anything_here()


def serve(app: Flask, port: int) -> None:
    """Serve on loopback while the worker does what is due, until Ctrl-C or SIGTERM ends both."""
    require_ready(app)
    try:
        # Pictures of receipts wait in memory too: as they come, they may show a place.
        server = create_server(app, host=HOST, port=port, inbuf_overflow=MOST_BYTES)
    except OSError as error:
        raise CannotStart(f"port {port} was taken meanwhile ({error.strerror}).") from error
    threading.Thread(target=_run, args=(server,), daemon=True).start()
    _shop(app, "welcome")
    click.echo("\nCtrl-C ends it.")
    _shop(app, "worker")


def _run(server: BaseWSGIServer) -> None:
    try:
        server.run()
    finally:
        os.kill(os.getpid(), signal.SIGTERM)  # a worker without its server must not look like a shop


def _shop(app: Flask, *arguments: str) -> None:
    info = ScriptInfo(create_app=lambda: app)
    try:
        shop_commands.main(arguments, "shop", standalone_mode=False, obj=info)
    except click.ClickException as error:
        error.show()
        sys.exit(1)


def main(job: str) -> None:
    """Do the job: `prepare` the database, or prepare it where that is needed and serve on the port named."""
    try:
        app = create_app()
        if job == "prepare":
            _shop(app, "demo", "--if-empty")
            return
        if not is_lived_in(app):
            # In a process of its own: what six weeks took must not stay in the server's memory.
            if subprocess.run([sys.executable, "-m", "tools.demo", "prepare"], check=False).returncode:
                sys.exit(1)
            app = create_app()
        serve(app, int(job))
    except CannotStart as error:
        sys.exit(f"Tablée: {error}")
    except (KeyboardInterrupt, click.Abort):
        sys.exit(130)


if __name__ == "__main__":
    main(sys.argv[1])
