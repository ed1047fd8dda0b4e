"""Receipts: the pages of a cost, one page as a picture, and adding what was forgotten."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop import clock
from shop.extensions import db
from shop.ledger.books.sellers import kept
from shop.pages import Role, for_roles, takes
from shop.settings.switches import Switch, needs
from shop.treasury import receipts
from shop.treasury.models import Cost
from shop.treasury.receipt_forms import MOST_BYTES, ReceiptForm
from shop.weeks import local_day

blueprint = Blueprint("receipts", __name__, url_prefix="/treasury")
blueprint.add_app_template_global(receipts.shown, "receipts_of")

KEEPERS = (Role.ORGANISER, Role.TREASURER)


@blueprint.get("/costs/<int(max=2000000000):cost_id>/receipt")
@for_roles(*KEEPERS, activity=None)
@needs(Switch.RECEIPTS)
def pages(cost_id: int) -> str:
    """Show the pages of a cost, and take more."""
    return _page(_cost(cost_id), ReceiptForm())


@blueprint.post("/costs/<int(max=2000000000):cost_id>/receipt")
@for_roles(*KEEPERS, activity=None)
@needs(Switch.RECEIPTS)
@takes(MOST_BYTES)
def change(cost_id: int) -> ResponseReturnValue:
    """Add pages to a cost, or take some away."""
    cost, form = _cost(cost_id), ReceiptForm()
    if not form.keep_pictures(cost.form_id, cost.activity, local_day(clock.now())):
        return _page(cost, form), 422
    flash(_("C’est rangé avec l’achat."), "done")
    return redirect(url_for("receipts.pages", cost_id=cost_id), 303)


@blueprint.get("/receipts/<token>")
@for_roles(*KEEPERS, activity=None)
def picture(token: str) -> Response:
    """Give a page of a receipt, to read."""
    return _picture(token, small=False)


@blueprint.get("/receipts/<token>/small")
@for_roles(*KEEPERS, activity=None)
def small_picture(token: str) -> Response:
    """Give a page of a receipt, small, for lists."""
    return _picture(token, small=True)


def _picture(token: str, small: bool) -> Response:
    found = receipts.picture(token, kept(Role.ORGANISER), small)
    if found is None:
        abort(404)
    return Response(found, content_type="image/jpeg", headers={"Content-Disposition": "inline"})


def _cost(cost_id: int) -> Cost:
    found = db.session.get(Cost, cost_id)
    if found is None or found.activity not in kept(Role.ORGANISER):
        abort(404)
    return found


def _page(cost: Cost, form: ReceiptForm) -> str:
    return render_template("treasury/receipt.html", cost=cost, form=form)
