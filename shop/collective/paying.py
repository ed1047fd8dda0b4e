"""Parts paid out in cash: who has what, the payer’s screen, the tap of who received it; one’s own part."""

from uuid import uuid4

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Regexp

from shop import clock
from shop.errors import NoPart, PayoutUnknown, Refusal
from shop.fields import EurosField
from shop.ledger.books.legs import weights_shown
from shop.ledger.books.rules import FEWEST
from shop.ledger.sharing import paying, purses
from shop.ledger.sharing.rules import PAYOUT_STEP, STEPS
from shop.ledger.sharing.telling import pieces_of
from shop.members.queries import by_subject
from shop.pages import Role, for_roles, viewer
from shop.settings.services import set_from
from shop.transaction import transaction
from shop.treasury.views import acting_role
from shop.weeks import local_day

blueprint = Blueprint("paying", __name__, url_prefix="/collective/payouts")

Answer = Response | tuple[str, int]
PAYERS = (Role.ORGANISER, Role.TREASURER)

QUICK = (1000, 2000, 5000)
"""Advances in cents that are a tap away."""


class PayoutForm(FlaskForm):
    """What is handed over: what is proposed, or less."""

    cents = EurosField(_l("Montant remis"), validators=[InputRequired(_l("Remplissez ce champ."))])
    form_id = HiddenField(validators=[InputRequired(), Regexp(r"[0-9a-f]{32}\Z")])


class PartForm(PayoutForm):
    """What is handed over of a part, and what of it pays back an advance."""

    back = EurosField(_l("Repris sur l’avance"))


class StepForm(FlaskForm):
    """The smallest piece that payouts use."""

    step = RadioField(_l("Arrondir à"), coerce=int, choices=[SelectChoice(one, str(one)) for one in STEPS])


@blueprint.get("")
@for_roles(*PAYERS)
def payouts() -> str:
    """List what is still there for whom, and what was handed over lately; all together where it is hidden."""
    today, shown = local_day(clock.now()), weights_shown()
    found = purses.purses(today)
    return render_template(
        "paying/list.html",
        purses=found,
        pieces=pieces_of(found),
        summed=shown or sum(purse.proposed > 0 for purse in found) >= FEWEST,
        given=purses.given(),
        step=purses.step_on(today),
        bound=purses.advance_bound(today),
        shown=shown,
    )


@blueprint.post("/step")
@for_roles(*PAYERS)
def step() -> Answer:
    """Choose the smallest piece that payouts use from today on."""
    form = StepForm()
    if form.validate():
        with transaction():
            set_from(PAYOUT_STEP, local_day(clock.now()), form.step.data)
    return redirect(url_for("paying.payouts"), 303)


@blueprint.get("/to/<int(max=2000000000):member_id>")
@for_roles(*PAYERS)
def pay(member_id: int) -> str:
    """Show the payer what to hand over, large enough to be read by two."""
    purse, form = _purse(member_id), PartForm(formdata=None)
    form.form_id.data, form.cents.data, form.back.data = uuid4().hex, purse.proposed, purse.back
    return _screen("paying/pay.html", purse, form)


@blueprint.post("/to/<int(max=2000000000):member_id>")
@for_roles(*PAYERS)
def give(member_id: int) -> Answer:
    """Hand over some of a part."""
    purse, form = _purse(member_id), PartForm()
    if not form.validate():
        return _screen("paying/pay.html", purse, form), 422
    try:
        with transaction():
            cents, back, today = form.cents.data or 0, form.back.data or 0, local_day(clock.now())
            form_id = form.form_id.data or ""
            number = paying.pay_out(form_id, member_id, cents, today, acting_role(), taken_back=back).id
    except Refusal as refusal:
        return _screen("paying/pay.html", purse, form, refusal), 422
    return redirect(url_for("paying.handed", payout_id=number), 303)


@blueprint.get("/to/<int(max=2000000000):member_id>/advance")
@for_roles(*PAYERS)
def ahead(member_id: int) -> str:
    """Show the amounts of an advance, a tap each."""
    purse, form = _purse(member_id), PayoutForm(formdata=None)
    form.form_id.data = uuid4().hex
    return _screen("paying/advance.html", purse, form)


@blueprint.post("/to/<int(max=2000000000):member_id>/advance")
@for_roles(*PAYERS)
def give_ahead(member_id: int) -> Answer:
    """Hand over an advance between two Sundays."""
    purse, form = _purse(member_id), PayoutForm()
    if not form.validate():
        return _screen("paying/advance.html", purse, form), 422
    try:
        with transaction():
            cents, today = form.cents.data or 0, local_day(clock.now())
            number = paying.advance(form.form_id.data or "", member_id, cents, today, acting_role()).id
    except Refusal as refusal:
        return _screen("paying/advance.html", purse, form, refusal), 422
    return redirect(url_for("paying.handed", payout_id=number), 303)


@blueprint.get("/<int(max=2000000000):payout_id>")
@for_roles(*PAYERS)
def handed(payout_id: int) -> str | Response:
    """Show what was handed over, with the button for who received it; what is hidden, until they tap it."""
    try:
        payout = purses.payout_of(payout_id)
    except PayoutUnknown:
        abort(404)
    shown = weights_shown()
    if payout.confirmed and not shown:
        # Numbered as the entries of the journal are, it would say whose each of them is.
        return redirect(url_for("paying.payouts"))
    told = purses.tell(payout, by_subject().get(payout.subject))
    return render_template("paying/handed.html", told=told, stands=purses.is_given(payout), shown=shown)


@blueprint.post("/<int(max=2000000000):payout_id>/received")
@for_roles(*PAYERS)
def received(payout_id: int) -> Answer:
    """Take the tap of who received it."""
    try:
        with transaction():
            paying.confirm(payout_id)
    except PayoutUnknown:
        abort(404)
    flash(_("Merci, c’est noté : reçu."), "done")
    return redirect(url_for("paying.payouts"), 303)


@blueprint.get("/mine")
@for_roles(Role.COOK)
def mine() -> str:
    """Show one's own part: what was given, what was received and what is still there."""
    who = viewer()
    try:
        purse = purses.purse_of(who.id if who else 0, local_day(clock.now()))
    except NoPart:
        return render_template("paying/mine.html", purse=None, lines=[])
    subject = purse.member.subject.value if purse.member.subject else ""
    return render_template("paying/mine.html", purse=purse, lines=purses.story_of(subject))


def _purse(member_id: int) -> purses.Purse:
    try:
        return purses.purse_of(member_id, local_day(clock.now()))
    except NoPart:
        abort(404)


def _screen(template: str, purse: purses.Purse, form: PayoutForm, refusal: Refusal | None = None) -> str:
    bound = purses.advance_bound(local_day(clock.now()))
    return render_template(
        template,
        purse=purse,
        form=form,
        refusal=refusal,
        bound=bound,
        quick=QUICK,
        shown=weights_shown(),
    )
