"""How pages ask what the group uses: `uses('bank')`."""

from flask import Blueprint
from sqlalchemy.exc import SQLAlchemyError

from shop.settings.switches import Switch, uses

blueprint = Blueprint("settings", __name__)


@blueprint.app_template_global("uses")
def shown(switch: Switch) -> bool:
    """Say whether a page shows this; not where the database does not answer."""
    # Error pages ask too, and must stand whatever has fallen.
    try:
        return uses(switch)
    except SQLAlchemyError:
        return False
