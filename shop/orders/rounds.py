"""The delivery list: first name, street, bell, amount due; the phone only as a button on a screen."""

from datetime import datetime

from flask import Blueprint, abort, render_template

from shop import clock
from shop.menu.rules import WeekFacts
from shop.orders.board import desk_week
from shop.orders.queries import desk
from shop.pages import Role, for_roles, viewer
from shop.settings.switches import Switch, needs
from shop.weeks import local_day

blueprint = Blueprint("rounds", __name__, url_prefix="/rounds")


@blueprint.get("/")
@blueprint.get("/<label>")
@for_roles(Role.ORGANISER, Role.COURIER)
@needs(Switch.DELIVERY)
def show(label: str | None = None) -> str:
    """Show who gets food brought; to a courier on the day itself only."""
    now = clock.now()
    week = desk_week(label, now)
    if week is None or not _may_know(week, now):
        if label is not None:
            abort(404)
        return render_template("orders/no_round.html")
    stops = [one for one in desk(week.id).tickets if one.delivered]
    return render_template("orders/round.html", week=week, stops=stops)


def _may_know(week: WeekFacts, now: datetime) -> bool:
    """Say whether the addresses are the viewer's business: an organiser's always, a courier's that day."""
    who = viewer()
    organises = who is not None and who.has(Role.ORGANISER)
    return organises or local_day(now) in {local_day(slot.starts_at) for slot in week.slots}
