"""The first page of a new shop: what it is, what it holds and owes, and who begins."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop import clock
from shop.collective.starting import queries, services
from shop.collective.starting.forms import PersonForm, StartForm
from shop.collective.starting.queries import House, Seller
from shop.collective.starting.services import Newcomer, Start
from shop.errors import MemberRefused, OwedMoreThanHeld
from shop.members.forms import REFUSALS, as_pairs, emblem_of
from shop.members.queries import emblems_taken
from shop.pages import Role, for_roles
from shop.settings.regimes import Regime
from shop.settings.switches import Switch
from shop.transaction import transaction
from shop.treasury.rules import FUNDS

blueprint = Blueprint("starting", __name__, url_prefix="/settings/start")


@blueprint.get("")
@for_roles(Role.ADMIN)
def show() -> ResponseReturnValue:
    """Ask what there is to know, once."""
    if queries.has_begun():
        return redirect(url_for("house.show"), 303)
    return _page(StartForm.fresh())


@blueprint.post("")
@for_roles(Role.ADMIN)
def start() -> ResponseReturnValue:
    """Begin; or, without JavaScript, show the float that remains of what was typed."""
    form, now = StartForm(), clock.now()
    if "look" in request.form:
        return _page(form)
    if not form.validate():
        return _page(form), 422
    try:
        with transaction():
            if queries.has_begun():
                return redirect(url_for("house.show"), 303)
            invited = services.start(said(form), now)
    except (MemberRefused, OwedMoreThanHeld) as refusal:
        return _page(form, refusal), 422
    if invited:
        return render_template("starting/started.html", invited=invited)
    flash(_("C’est prêt."), "done")
    return redirect(url_for("collective.home"), 303)


def said(form: StartForm) -> Start:
    """Give what was typed, checked."""
    beer = (
        Seller(form.beer_name.data or _("Bière"), Regime(form.beer_regime.data)) if form.sells_beer else None
    )
    house = House(form.name.data or "", form.contact.data or "", form.rhythm, form.meals_regime, beer)
    filled = [entry.form for entry in form.people if entry.form.pseudonym.data]
    people = [_newcomer(one, form.switches, emblems_taken()) for one in filled]
    beer_held = form.beer.form.held() if beer else {}
    return Start(house, form.switches, form.meals.form.held(), people, beer_held)


def _newcomer(person: PersonForm, switches: list[Switch], taken: set[str]) -> Newcomer:
    alias = person.pseudonym.data or ""
    return Newcomer(alias, as_pairs(person.roles.data or (), switches), emblem_of(alias, taken))


def _page(form: StartForm, refusal: MemberRefused | OwedMoreThanHeld | None = None) -> str:
    names = queries.account_names(FUNDS)
    for money in (form.meals.form, form.beer.form):
        money.name_accounts(names)
    return render_template("starting/start.html", form=form, refusal=refusal, members=REFUSALS)
