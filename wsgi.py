"""The door for gunicorn, waitress and the flask command."""

import os
import sys

from flask import Flask

from shop import create_app
from shop.errors import CannotStart
from shop.extensions import db
from shop.schema import require_ready


def warm(shop: Flask) -> None:
    """Open the menu once: gunicorn makes its workers after this, and they share what it loads."""
    shop.test_client().get("/", base_url=shop.config["SETTINGS"].base_url)
    with shop.app_context():
        db.engine.dispose()  # no connection crosses the fork


try:
    app = create_app()
    # The command line says itself what it needs: `upgrade` runs before there are tables.
    if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
        require_ready(app)
        warm(app)
except CannotStart as error:
    sys.exit(f"Tablée: {error}")
