"""The door for gunicorn, waitress and the flask command."""

import os
import sys

from shop import create_app
from shop.errors import CannotStart
from shop.schema import require_ready

try:
    app = create_app()
    # The command line says itself what it needs: `upgrade` runs before there are tables.
    if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
        require_ready(app)
except CannotStart as error:
    sys.exit(f"Tablée: {error}")
