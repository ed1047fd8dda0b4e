"""Whether the shop stands: what a watchman asks."""

from flask import Blueprint, jsonify
from sqlalchemy import text
from werkzeug.wrappers import Response

from shop.extensions import db
from shop.pages import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """Answer 200 where the database answers; a database that does not is a 503, as on every page."""
    db.session.execute(text("SELECT 1"))
    return jsonify(status="ok")
