"""The settings of the house: its front and how its weeks run, what it uses, the VAT's bound."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop import clock
from shop.collective.starting import queries, services
from shop.collective.starting.forms import HouseForm, SwitchesForm, ThresholdForm
from shop.collective.starting.rhythm_fields import said
from shop.errors import SettingRefused, StillHeld
from shop.pages import Role, for_roles
from shop.settings.regimes import FRANCHISE, thresholds
from shop.settings.services import set_from
from shop.settings.switches import used
from shop.transaction import transaction
from shop.weeks import local_day

blueprint = Blueprint("house", __name__, url_prefix="/settings")


@blueprint.get("/house")
@for_roles(Role.ADMIN)
def show() -> str:
    """Show what the group says of itself, to change it."""
    found = queries.house(local_day(clock.now()))
    front = {"name": found.name, "contact": found.contact, "regime": found.regime.value}
    front["aid_name"] = found.aid_name.value
    beer = {"beer_name": found.beer.name, "beer_regime": found.beer.regime.value} if found.beer else {}
    return _house(HouseForm(**front, **beer, **said(found.rhythm)))


@blueprint.post("/house")
@for_roles(Role.ADMIN)
def change() -> ResponseReturnValue:
    """Change name, contact, rhythm and regime, from today on."""
    form = HouseForm()
    if not form.validate():
        return _house(form), 422
    with transaction():
        services.change_house(form.house, clock.now())
    flash(_("C’est enregistré."), "done")
    return redirect(url_for("house.show"), 303)


@blueprint.get("/uses")
@for_roles(Role.ADMIN)
def switches() -> str:
    """Show what the group uses."""
    return _switches(SwitchesForm(uses=list(used())))


@blueprint.post("/uses")
@for_roles(Role.ADMIN)
def switch() -> ResponseReturnValue:
    """Use more, or less where nothing stands in the way."""
    form, today = SwitchesForm(), local_day(clock.now())
    if not form.validate():
        return _switches(form), 422
    try:
        with transaction():
            services.use_only(form.switches, today)
    except SettingRefused as refusal:
        return _switches(form, refusal), 422
    flash(_("C’est enregistré."), "done")
    return redirect(url_for("house.switches"), 303)


@blueprint.get("/vat")
@for_roles(Role.ADMIN)
def vat() -> str:
    """Show the franchise's bounds, each with its day."""
    return render_template("starting/vat.html", form=ThresholdForm(), rows=thresholds())


@blueprint.post("/vat")
@for_roles(Role.ADMIN)
def set_threshold() -> ResponseReturnValue:
    """Write down a bound that holds from a day on."""
    form = ThresholdForm()
    if not form.validate():
        return render_template("starting/vat.html", form=form, rows=thresholds()), 422
    with transaction():
        set_from(FRANCHISE, form.holds_from.data, form.cents.data)
    flash(_("C’est enregistré."), "done")
    return redirect(url_for("house.vat"), 303)


def _house(form: HouseForm) -> str:
    return render_template("starting/house.html", form=form)


def _switches(form: SwitchesForm, refusal: SettingRefused | None = None) -> str:
    held = [refusal.account] if isinstance(refusal, StillHeld) else []
    names = queries.account_names(held)
    return render_template("starting/uses.html", form=form, refusal=refusal, names=names)
