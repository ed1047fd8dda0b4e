"""Making, publishing, moving and calling off a week, for who organises."""

from datetime import datetime

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from shop import clock
from shop.collective.menus import Answer, change, menu_page, named_week
from shop.collective.services import call_off
from shop.errors import MenuRefused
from shop.fields import whole
from shop.menu import services
from shop.menu.forms import CutoffForm, PlanForm
from shop.menu.queries import cards, weeks
from shop.menu.rhythms import next_plan
from shop.menu.rules import weeks_until_open
from shop.pages import Role, for_roles
from shop.settings.switches import Switch, uses
from shop.transaction import transaction

blueprint = Blueprint("weeks", __name__, url_prefix="/collective/weeks")


@blueprint.get("/new")
@for_roles(Role.ORGANISER)
def new() -> str:
    """Propose the next week: last week's times, and cards of dishes already cooked to tap."""
    return _new_page(_next_plan(clock.now()), set())


@blueprint.post("/new")
@for_roles(Role.ORGANISER)
def create() -> Answer:
    """Make a draft of what was typed and tapped."""
    form, chosen = PlanForm(), _chosen()
    if not form.validate():
        return _new_page(form, chosen), 422
    try:
        with transaction():
            week = services.make_week(form.plan())
            for dish_id in sorted(chosen):
                services.add_line(week.id, dish_id)
            label = week.label
    except MenuRefused as refusal:
        form.refuse(refusal)
        return _new_page(form, chosen, refusal), 422
    return redirect(url_for("menus.show", label=label), 303)


@blueprint.post("/copy")
@for_roles(Role.ORGANISER)
def copy() -> Answer:
    """Make a draft like the newest week, with its dishes and prices."""
    now = clock.now()
    last = next(iter(weeks(1)), None)
    if last is None:
        abort(404)
    try:
        with transaction():
            label = services.copy_week(
                last.id, weeks_until_open(last.closes_at, now), delivers=uses(Switch.DELIVERY)
            ).label
    except MenuRefused as refusal:
        return _new_page(_next_plan(now), set(), refusal), 422
    flash(_("La semaine est copiée. Changez ce qui change, puis publiez."), "done")
    return redirect(url_for("menus.show", label=label), 303)


@blueprint.post("/<label>/publish")
@for_roles(Role.ORGANISER)
def publish(label: str) -> Answer:
    """Show the week to customers."""
    now = clock.now()
    return change(label, lambda week: services.publish(week.id, now), _("Le menu est publié."))


@blueprint.post("/<label>/cutoff")
@for_roles(Role.ORGANISER)
def cutoff(label: str) -> Answer:
    """Close ordering earlier or later."""
    week, form = named_week(label), CutoffForm()
    if not form.validate():
        return menu_page(week, cutoff=form), 422
    try:
        with transaction():
            services.move_cutoff(week.id, form.instant)
    except MenuRefused as refusal:
        form.refuse(refusal)
        return menu_page(named_week(label), cutoff=form, refusal=refusal), 422
    flash(_("La fin des commandes est déplacée."), "done")
    return redirect(url_for("collective.home"), 303)


@blueprint.post("/<label>/cancel")
@for_roles(Role.ORGANISER)
def cancel(label: str) -> Answer:
    """Call the week off; its orders are cancelled with it."""
    week, now = named_week(label), clock.now()
    try:
        with transaction():
            untold = call_off(week, now)
    except MenuRefused as refusal:
        return menu_page(named_week(label), refusal=refusal), 422
    flash(_("La semaine est annulée."), "done")
    if untold:
        numbers = ", ".join(map(str, untold))
        flash(_("Sans e-mail, à prévenir vous-mêmes : %(numbers)s.", numbers=numbers), "warning")
    return redirect(url_for("collective.home"), 303)


@blueprint.post("/<label>/wall")
@for_roles(Role.ORGANISER)
def wall(label: str) -> Answer:
    """Make the link for the kitchen's wall, and show it once."""
    week = named_week(label)
    try:
        with transaction():
            token = services.new_wall_link(week.id)
    except MenuRefused as refusal:
        return menu_page(week, refusal=refusal), 422
    address = current_app.config["SETTINGS"].base_url + url_for("kitchen.wall", token=token)
    return render_template("collective/wall_link.html", address=address), 200


def _new_page(form: PlanForm, chosen: set[int], refusal: MenuRefused | None = None) -> str:
    last = next(iter(weeks(1)), None)
    found = cards()
    return render_template(
        "collective/new_week.html", form=form, chosen=chosen, cards=found, last=last, refusal=refusal
    )


def _next_plan(now: datetime) -> PlanForm:
    return PlanForm.of(next_plan(next(iter(weeks(1)), None), now))


def _chosen() -> set[int]:
    """Read the cards that were tapped; what is no number is dropped."""
    return {found for text in request.form.getlist("dish") if (found := whole(text))}
