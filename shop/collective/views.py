"""This week, for every member; and Thursday's papers."""

from datetime import datetime

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from shop import clock
from shop.announcing.queries import announcement
from shop.collective.queries import movement
from shop.collective.starting.queries import has_begun
from shop.collective.visits import COOKIE, visit
from shop.kitchen.queries import sheet
from shop.kitchen.services import note_print
from shop.menu.forms import CutoffForm
from shop.menu.queries import cards, unfinished, week_at_work, week_by_label, weeks
from shop.menu.rules import WeekFacts, WeekState
from shop.orders.queries import desk
from shop.pages import Role, for_roles, language, may_see
from shop.transaction import transaction

blueprint = Blueprint("collective", __name__, url_prefix="/collective")

MONTH = 30 * 24 * 3600


@blueprint.get("/")
@for_roles()
def home() -> Response:
    """Show the week at work, and what to do next."""
    now = clock.now()
    seen = visit(request.cookies.get(COOKIE, ""), now)
    page = make_response(render_template("collective/home.html", **_home(now, seen.before)))
    page.set_cookie(
        COOKIE,
        seen.cookie,
        max_age=MONTH,
        path=url_for("collective.home"),
        httponly=True,
        samesite="Lax",
        secure=not current_app.config["ON_LOOPBACK"],
    )
    return page


@blueprint.get("/weeks/<label>/dossier")
@for_roles(Role.ORGANISER)
def dossier(label: str) -> str:
    """Show kitchen, desk, round and cash sheet, so that Thursday works without a network."""
    now = clock.now()
    week = _published(label)
    found = sheet(week, language())
    orders = desk(week.id)
    return render_template("collective/dossier.html", week=week, sheet=found, desk=orders, now=now)


@blueprint.post("/weeks/<label>/dossier")
@for_roles(Role.ORGANISER)
def print_dossier(label: str) -> AnyResponse:
    """Note what the kitchen's sheet says, then show the papers."""
    now = clock.now()
    with transaction():
        note_print(_published(label), now)
    return redirect(url_for("collective.dossier", label=label), 303)


def _home(now: datetime, since: datetime | None) -> dict[str, object]:
    """Read what the page shows; without a week at work, what there is to begin with."""
    waiting = unfinished(now)
    week = week_at_work(now)
    found: dict[str, object] = {"now": now, "week": week, "waiting": waiting, "weeks": weeks()}
    found["to_start"] = week is None and may_see("starting.show") and not has_begun()
    if week is None:
        return found | {"cards": cards()}
    return found | {
        "sheet": sheet(week, language()),
        "movement": movement(week.id, since),
        "known": since is not None,
        "announcement": announcement(week, language()),
        "cutoff": CutoffForm.of(week.closes_at),
    }


def _published(label: str) -> WeekFacts:
    week = week_by_label(label)
    if week is None or week.state is WeekState.DRAFT:
        abort(404)
    return week
