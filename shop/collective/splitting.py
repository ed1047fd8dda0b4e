"""The split explained, and what other weights would give."""

from flask import Blueprint, abort, render_template, request

from shop.collective.sources import sources
from shop.collective.what_if import WhatIf, own_only, what_if
from shop.decisions.queries import history
from shop.extensions import db
from shop.ledger.sharing.crumbs import crumbs_of_a_cent, in_crumbs
from shop.ledger.sharing.explaining import explain, seen_by
from shop.ledger.sharing.models import Settlement
from shop.ledger.sharing.queries import is_standing, standing, unsettled_cycles
from shop.ledger.sharing.rules import WEIGHTS
from shop.ledger.sharing.telling import Explained
from shop.pages import Role, for_roles, viewer
from shop.treasury.forms import KINDS

blueprint = Blueprint("splitting", __name__, url_prefix="/collective/split")
blueprint.add_app_template_filter(in_crumbs)
blueprint.add_app_template_filter(crumbs_of_a_cent)

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
    settlement = _settlement(settlement_id)
    told = _told(settlement)
    return render_template(
        "sharing/split.html",
        told=told,
        sources=sources(told),
        kinds=KINDS,
        stands=is_standing(settlement),
    )


@blueprint.get("/<int(max=2000000000):settlement_id>/sheet")
@for_roles(*SHARERS)
def sheet(settlement_id: int) -> str:
    """Tell a settlement in plain words, to be printed and read aloud."""
    settlement = _settlement(settlement_id)
    return render_template("sharing/sheet.html", told=_told(settlement), stands=is_standing(settlement))


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


def _try_page(tried: WhatIf) -> str:
    return render_template("sharing/try.html", tried=tried, decisions=history(WEIGHTS)[:1])
