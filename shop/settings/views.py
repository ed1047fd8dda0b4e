"""The settings of the house: what the group uses."""

from flask import Blueprint

from shop.settings.switches import uses

blueprint = Blueprint("settings", __name__, url_prefix="/settings")
blueprint.add_app_template_global(uses, "uses")
