"""A week's menu and settings, changed in place by who organises."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop.collective.queries import slots_ordered
from shop.errors import LineUnknown, MenuRefused
from shop.fields import whole
from shop.menu import services
from shop.menu.forms import CutoffForm, PlanForm
from shop.menu.line_fields import LinesForm
from shop.menu.queries import cards, menu_lines, week_by_label
from shop.menu.rules import WeekFacts
from shop.orders.queries import ever_ordered, taken
from shop.pages import Role, for_roles
from shop.transaction import transaction

blueprint = Blueprint("menus", __name__, url_prefix="/collective/weeks")

Answer = Response | tuple[str, int]


@blueprint.get("/<label>/menu")
@for_roles(Role.ORGANISER)
def show(label: str) -> str:
    """Show a week's menu and settings, to change them in place."""
    return menu_page(named_week(label))


@blueprint.post("/<label>/plan")
@for_roles(Role.ORGANISER)
def save_plan(label: str) -> Answer:
    """Write times, slots, cap, delivery and place."""
    week, form = named_week(label), PlanForm()
    if not form.validate():
        return menu_page(week, plan=form), 422
    try:
        with transaction():
            services.change_week(week.id, form.plan(), taken(week.id), slots_ordered(week.id))
    except MenuRefused as refusal:
        form.refuse(refusal)
        return menu_page(named_week(label), plan=form, refusal=refusal), 422
    flash(_("C’est enregistré."), "done")
    return redirect(url_for("menus.show", label=label), 303)


@blueprint.post("/<label>/lines")
@for_roles(Role.ORGANISER)
def save_lines(label: str) -> Answer:
    """Write every dish's price and quota."""
    week = named_week(label)
    form = LinesForm(menu_lines(week.id), request.form)
    if not form.valid:
        return menu_page(week, lines=form), 422
    try:
        with transaction():
            _change_lines(week.id, form)
    except (MenuRefused, LineUnknown) as refusal:
        form.refuse(refusal)
        return menu_page(named_week(label), lines=form, refusal=refusal), 422
    flash(_("C’est enregistré."), "done")
    return redirect(url_for("menus.show", label=label), 303)


@blueprint.post("/<label>/lines/add")
@for_roles(Role.ORGANISER)
def add_line(label: str) -> Answer:
    """Put a dish on the menu."""
    dish_id = whole(request.form.get("dish", "")) or 0
    return change(label, lambda week: services.add_line(week.id, dish_id))


@blueprint.post("/<label>/lines/<int(max=999999999):line_id>/remove")
@for_roles(Role.ORGANISER)
def remove_line(label: str, line_id: int) -> Answer:
    """Take a dish off the menu."""
    if line_id not in {line.id for line in menu_lines(named_week(label).id)}:
        abort(404)
    return change(label, lambda week: services.remove_line(line_id, line_id in ever_ordered(week.id)))


def change(label: str, act: Callable[[WeekFacts], object], words: str = "") -> Answer:
    """Do something to a week and go back to its menu, or show the menu with what stands against it."""
    week = named_week(label)
    try:
        with transaction():
            act(week)
    except (MenuRefused, LineUnknown) as refusal:
        return menu_page(named_week(label), refusal=refusal), 422
    if words:
        flash(words, "done")
    return redirect(url_for("menus.show", label=label), 303)


def menu_page(
    week: WeekFacts,
    *,
    plan: PlanForm | None = None,
    lines: LinesForm | None = None,
    cutoff: CutoffForm | None = None,
    refusal: MenuRefused | LineUnknown | None = None,
) -> str:
    """Give the page of a week's menu; forms that were sent keep what was typed."""
    found = menu_lines(week.id)
    on_menu = {line.dish_id for line in found}
    return render_template(
        "collective/menu.html",
        week=week,
        lines=found,
        # Somebody else may have put a dish on the menu meanwhile: what was typed knows nothing of it.
        entries=LinesForm(found).entries | (lines.entries if lines else {}),
        ordered=ever_ordered(week.id),
        taken=taken(week.id),
        plan=plan or PlanForm.of(week.plan),
        cutoff=cutoff or CutoffForm.of(week.closes_at),
        cards=[card for card in cards() if card.id not in on_menu],
        refusal=refusal,
    )


def named_week(label: str) -> WeekFacts:
    """Give the week of this label, or answer 404."""
    week = week_by_label(label)
    if week is None:
        abort(404)
    return week


def _change_lines(week_id: int, form: LinesForm) -> None:
    sold, ever = taken(week_id), ever_ordered(week_id)
    for line_id, entry in form.entries.items():
        services.change_line(
            line_id, entry.price or 0, entry.quota, taken=sold.get(line_id, 0), ordered=line_id in ever
        )
