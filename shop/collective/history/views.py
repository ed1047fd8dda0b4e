"""The weeks beside each other."""

from flask import Blueprint, render_template, request

from shop.collective.history.queries import past_weeks
from shop.pages import Role, for_roles

blueprint = Blueprint("history", __name__, url_prefix="/collective/history")

SPANS: dict[str, int | None] = {"12": 12, "52": 52, "all": None}


@blueprint.get("")
@for_roles(Role.COOK, Role.ORGANISER, Role.TREASURER)
def weeks() -> str:
    """Show the last twelve weeks, a year of them, or all."""
    span = request.args.get("span", "12")
    span = span if span in SPANS else "12"
    return render_template("history/weeks.html", weeks=past_weeks(SPANS[span]), span=span, spans=list(SPANS))
