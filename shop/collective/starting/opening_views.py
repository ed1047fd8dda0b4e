"""Opening a seller's books later, where nothing was said of its money at the start."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop import clock
from shop.collective.starting import queries
from shop.collective.starting.forms import BeerOpeningForm, MealsOpeningForm
from shop.errors import MoneyRefused
from shop.ledger.books.sellers import kept
from shop.pages import Role, for_roles
from shop.settings.switches import used
from shop.transaction import transaction
from shop.treasury.opening import open_seller
from shop.treasury.queries import has_opened
from shop.treasury.rules import FUNDS
from shop.weeks import local_day

blueprint = Blueprint("opening", __name__, url_prefix="/settings/start")

OpeningForm = MealsOpeningForm | BeerOpeningForm
FORMS: dict[str, type[OpeningForm]] = {"meals": MealsOpeningForm, "beer": BeerOpeningForm}


@blueprint.get("/<any('meals', 'beer'):seller>")
@for_roles(Role.TREASURER, activity=None)
def show(seller: str) -> str:
    """Ask what a seller holds and owes, where its books were not opened at the start."""
    _check(seller)
    return _page(seller, FORMS[seller]())


@blueprint.post("/<any('meals', 'beer'):seller>")
@for_roles(Role.TREASURER, activity=None)
def open_books(seller: str) -> ResponseReturnValue:
    """Open a seller's books."""
    _check(seller)
    form = FORMS[seller]()
    form.money.form.ask_only(used())
    if not form.validate():
        return _page(seller, form), 422
    try:
        with transaction():
            _check(seller)
            open_seller(seller, form.money.form.held(), local_day(clock.now()), Role.TREASURER.value)
    except MoneyRefused as refusal:
        return _page(seller, form, refusal), 422
    flash(_("Les comptes sont ouverts."), "done")
    return redirect(url_for("books.balances", seller=seller), 303)


def _check(seller: str) -> None:
    """Answer 404 for books that somebody else keeps, or that stand already."""
    if seller not in kept() or has_opened(seller):
        abort(404)


def _page(seller: str, form: MealsOpeningForm | BeerOpeningForm, refusal: MoneyRefused | None = None) -> str:
    form.money.form.ask_only(used())
    form.money.form.name_accounts(queries.account_names(FUNDS))
    running = queries.is_running(seller)
    return render_template(
        "starting/opening.html", form=form, seller=seller, running=running, refusal=refusal
    )
