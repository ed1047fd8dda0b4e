"""The kitchen's pages: the sheet for members, and the same on the wall without sign-in."""

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from shop import clock
from shop.kitchen.queries import sheet
from shop.kitchen.services import note_print
from shop.menu.queries import week_at_work, week_by_label, week_of_wall, weeks
from shop.menu.rules import WeekFacts, WeekState
from shop.pages import Role, for_roles, language, public
from shop.transaction import transaction

blueprint = Blueprint("kitchen", __name__, url_prefix="/kitchen")


@blueprint.get("/")
@for_roles(Role.ORGANISER, Role.COOK)
def this_week() -> Response | str:
    """Go to the sheet of the week at work, else of the last one."""
    week = week_at_work(clock.now()) or next(iter(weeks(1)), None)
    if week is None:
        return render_template("kitchen/none.html")
    return redirect(url_for("kitchen.show", label=week.label))


@blueprint.get("/<label>")
@for_roles(Role.ORGANISER, Role.COOK)
def show(label: str) -> str:
    """Show what to cook."""
    return render_template("kitchen/sheet.html", sheet=sheet(_week(label), language()), wall=False)


@blueprint.post("/<label>/print")
@for_roles(Role.ORGANISER, Role.COOK)
def print_sheet(label: str) -> Response:
    """Note what the sheet says, then show it ready for paper."""
    now = clock.now()
    with transaction():
        note_print(_week(label), now)
    return redirect(url_for("kitchen.show", label=label, _anchor="print"), 303)


@blueprint.get("/wall/<token>")
@public
def wall(token: str) -> str:
    """Show what to cook to whoever has the wall's link, until the week is over."""
    week = week_of_wall(token, clock.now())
    if week is None:
        abort(404)
    return render_template("kitchen/sheet.html", sheet=sheet(week, language()), wall=True)


def _week(label: str) -> WeekFacts:
    week = week_by_label(label)
    if week is None or week.state is WeekState.DRAFT:
        abort(404)
    return week
