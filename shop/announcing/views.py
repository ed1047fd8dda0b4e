"""What is told about a week, ready to paste and to print."""

from flask import Blueprint, abort, render_template

from shop.announcing.queries import announcement
from shop.menu.queries import week_by_label
from shop.menu.rules import WeekState
from shop.pages import Role, for_roles, language

blueprint = Blueprint("announcing", __name__, url_prefix="/collective/weeks")


@blueprint.get("/<label>/announce")
@for_roles(Role.ORGANISER)
def announce(label: str) -> str:
    """Show the text to paste and two half pages to print."""
    week = week_by_label(label)
    if week is None or week.state is WeekState.CANCELLED:
        abort(404)
    return render_template("announcing/announce.html", told=announcement(week, language()))
