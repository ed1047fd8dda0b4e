"""The split explained, and what other weights would give."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock
from shop.collective.sources import sources
from shop.collective.what_if import WhatIf, own_only, what_if
from shop.decisions.queries import history
from shop.errors import NotReversible, Refusal
from shop.extensions import db
from shop.ledger.sharing import services
from shop.ledger.sharing.explaining import explain, seen_by
from shop.ledger.sharing.models import Settlement
from shop.ledger.sharing.queries import is_standing, standing, unsettled_cycles
from shop.ledger.sharing.rules import WEIGHTS
from shop.ledger.sharing.telling import Explained, fraction_text
from shop.money import decimal
from shop.pages import Role, for_roles, viewer
from shop.transaction import transaction
from shop.treasury.forms import KINDS
from shop.treasury.views import acting_role
from shop.weeks import local_day

blueprint = Blueprint("splitting", __name__, url_prefix="/collective/split")
blueprint.add_app_template_filter(fraction_text, "fraction")
blueprint.add_app_template_filter(lambda fraction: decimal(round(fraction * 100)), "about")

Answer = Response | tuple[str, int]
SHARERS = (Role.COOK, Role.ORGANISER, Role.TREASURER)


@blueprint.get("")
@for_roles(*SHARERS)
def split() -> str:
    """List the settlements, and what waits."""
    return render_template("sharing/list.html", settlements=standing(), waiting=unsettled_cycles())


@blueprint.get("/<int(max=2000000000):settlement_id>")
@for_roles(*SHARERS)
def show(settlement_id: int) -> str:
    """Tell a settlement from the sales to each envelope."""
    return _show(_settlement(settlement_id))


@blueprint.get("/<int(max=2000000000):settlement_id>/sheet")
@for_roles(*SHARERS)
def sheet(settlement_id: int) -> str:
    """Tell a settlement in plain words, to be printed and read aloud."""
    settlement = _settlement(settlement_id)
    return render_template("sharing/sheet.html", told=_told(settlement), stands=is_standing(settlement))


@blueprint.post("/<int(max=2000000000):settlement_id>/undo")
@for_roles(Role.TREASURER)
def undo(settlement_id: int) -> Answer:
    """Undo a settlement whose parts all stand whole."""
    settlement = _settlement(settlement_id)
    try:
        with transaction():
            services.reverse_settlement(settlement_id, local_day(clock.now()), acting_role())
    except NotReversible as refusal:
        return _show(settlement, refusal), 422
    flash(_("Le partage est annulé : la semaine attend d’être partagée."), "done")
    return redirect(url_for("splitting.split"), 303)


@blueprint.get("/try")
@for_roles(*SHARERS)
def attempt() -> str:
    """Show what other weights would give on last week's money; nothing is saved."""
    return _try_page(what_if(request.args, own_only()))


def _settlement(settlement_id: int) -> Settlement:
    found = db.session.get(Settlement, settlement_id)
    if found is None or found.activity != "meals":
        abort(404)
    return found


def _told(settlement: Settlement) -> Explained:
    who = viewer()
    return seen_by(explain(settlement), who.id if who else None)


def _show(settlement: Settlement, refusal: Refusal | None = None) -> str:
    told = _told(settlement)
    return render_template(
        "sharing/split.html",
        told=told,
        sources=sources(told),
        kinds=KINDS,
        stands=is_standing(settlement),
        refusal=refusal,
    )


def _try_page(tried: WhatIf) -> str:
    return render_template("sharing/try.html", tried=tried, decisions=history(WEIGHTS)[:1])
