"""Purchases and counts of the cash box, for who organises and who keeps the money."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock
from shop.errors import CostUnknown, PiecesOutOfRange, Refusal
from shop.members.queries import members
from shop.pages import Role, for_roles, viewer
from shop.transaction import transaction
from shop.treasury import queries, services
from shop.treasury.forms import KINDS, CostForm, FloatForm
from shop.treasury.rules import COUNTED, parse_pieces
from shop.weeks import local_day, week_label

blueprint = Blueprint("treasury", __name__, url_prefix="/treasury")

Answer = Response | tuple[str, int]
KEEPERS = (Role.ORGANISER, Role.TREASURER)


def acting_role() -> str:
    """Say as what the viewer books: treasurer where they are one, else organiser."""
    who = viewer()
    return Role.TREASURER if who and who.has(Role.TREASURER) else Role.ORGANISER


def cost_form(today: date) -> CostForm:
    """Make the form of a cost, filled in as it mostly is."""
    who = viewer()
    people = sorted(members(), key=lambda one: (who is None or one.id != who.id, one.pseudonym))
    return CostForm().prepare(people, today, who.id if who else 0)


def typed_pieces() -> dict[int, str]:
    """Give what was typed in the fields of a count, by value in cents."""
    return {value: request.form.get(f"n-{value}", "").strip() for value in COUNTED}


@blueprint.get("/costs")
@for_roles(*KEEPERS)
def costs() -> str:
    """Show the form of a cost, the pockets to repay, and what was bought lately."""
    return _costs_page(cost_form(local_day(clock.now())))


@blueprint.post("/costs")
@for_roles(*KEEPERS)
def record() -> Answer:
    """Record a cost."""
    today = local_day(clock.now())
    form = cost_form(today)
    if not form.validate():
        return _costs_page(form), 422
    try:
        with transaction():
            spent = form.spent(week_label(form.spent_on.data))
            services.record_cost(form.form_id.data, spent, today, acting_role())
    except Refusal as refusal:
        return _costs_page(form, refusal), 422
    flash(_("C’est noté."), "done")
    return redirect(url_for("treasury.costs"), 303)


@blueprint.post("/costs/<int(max=2000000000):cost_id>/undo")
@for_roles(*KEEPERS)
def undo(cost_id: int) -> Answer:
    """Undo a cost."""
    return _act(cost_id, services.undo_cost, _("C’est annulé : une écriture contraire le dit au journal."))


@blueprint.post("/costs/<int(max=2000000000):cost_id>/repay")
@for_roles(*KEEPERS)
def repay(cost_id: int) -> Answer:
    """Give a member back what a cost took from their pocket."""
    return _act(cost_id, services.repay, _("C’est remboursé, de la caisse."))


@blueprint.get("/counts")
@for_roles(*KEEPERS)
def counts() -> str:
    """Show the form of a count and the counts made."""
    return _counts_page({})


@blueprint.post("/counts")
@for_roles(*KEEPERS)
def count() -> Answer:
    """Write down what lies in the box."""
    typed = typed_pieces()
    try:
        with transaction():
            services.count_cash(parse_pieces(typed), local_day(clock.now()), acting_role())
    except PiecesOutOfRange as refusal:
        return _counts_page(typed, refusal), 422
    flash(_("La caisse est comptée."), "done")
    return redirect(url_for("treasury.counts"), 303)


@blueprint.post("/opening")
@for_roles(Role.TREASURER)
def open_box() -> Answer:
    """Book the working float that a new shop's box starts with."""
    form = FloatForm()
    if not form.validate():
        return _counts_page({}, opening=form), 422
    try:
        with transaction():
            services.open_books(form.cents.data or 0, local_day(clock.now()), Role.TREASURER)
    except Refusal as refusal:
        return _counts_page({}, refusal, form), 422
    flash(_("Le fonds de roulement est noté."), "done")
    return redirect(url_for("treasury.counts"), 303)


def _act(cost_id: int, verb: Callable[[int, date, str], int], done: str) -> Answer:
    try:
        with transaction():
            verb(cost_id, local_day(clock.now()), acting_role())
    except Refusal as refusal:
        status = 404 if isinstance(refusal, CostUnknown) else 422
        return _costs_page(cost_form(local_day(clock.now())), refusal), status
    flash(done, "done")
    return redirect(url_for("treasury.costs"), 303)


def _costs_page(form: CostForm, refusal: Refusal | None = None) -> str:
    pockets, recent = queries.pockets(), queries.recent_costs()
    return render_template(
        "treasury/costs.html",
        form=form,
        refusal=refusal,
        pockets=pockets,
        payers=queries.payers([*pockets, *recent]),
        costs=recent,
        kinds=KINDS,
    )


def _counts_page(
    typed: dict[int, str], refusal: Refusal | None = None, opening: FloatForm | None = None
) -> str:
    return render_template(
        "treasury/counts.html",
        opening=opening or (None if queries.has_opened() else FloatForm(formdata=None)),
        typed=typed,
        refusal=refusal,
        values=COUNTED,
        box=queries.box(),
        counts=queries.counts(),
    )
