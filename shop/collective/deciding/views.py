"""Decisions: what the meeting said, written down in a minute, confirmed by a second, contested by any."""

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock
from shop.collective.deciding import queries
from shop.collective.deciding.previews import pour
from shop.collective.deciding.services import write_down
from shop.collective.deciding.typed import Typed, value_of
from shop.collective.what_if import own_only, what_if
from shop.decisions import services
from shop.decisions.models import Decision
from shop.decisions.queries import in_force, waiting
from shop.errors import Refusal, SignInFailed, WeekSettled
from shop.extensions import db
from shop.fields import whole
from shop.ledger.sharing.rules import FUND_SHARES, WEIGHTS, Scale, household_weight
from shop.members.limits import FAILURES, failed, limiter
from shop.members.services import check_passphrase
from shop.money import decimal
from shop.pages import Role, for_roles, viewer
from shop.transaction import transaction
from shop.weeks import local_day

blueprint = Blueprint("deciding", __name__, url_prefix="/collective/decisions")

Answer = Response | tuple[str, int]
MOST_PEOPLE = 30
DECIDERS = (Role.COOK, Role.ORGANISER, Role.TREASURER)


@blueprint.get("")
@for_roles(*DECIDERS)
def decisions() -> str:
    """List what holds, what waits for a second member, and what was decided before."""
    today = local_day(clock.now())
    holding = {key: queries.value_before(key, today) for key in queries.kinds()}
    return render_template(
        "deciding/list.html", holding=holding, waiting=waiting(), decisions=queries.decisions()
    )


@blueprint.get("/new")
@for_roles(*DECIDERS)
def new() -> str:
    """Show the form of a decision, filled in with what holds now or with what was tried."""
    return _form(request.args)


@blueprint.post("/new")
@for_roles(*DECIDERS)
def write() -> Answer:
    """Write down what the meeting said."""
    who, now, typed = viewer(), clock.now(), request.form
    if typed.get("kind") not in queries.kinds():
        abort(404)
    if "look" in typed:
        return _form(typed), 200
    ticked = typed.getlist("present")
    present = [member.id for member in queries.meeting(who) if str(member.id) in ticked]
    try:
        with transaction():
            value = value_of(typed["kind"], typed)
            decision = write_down(
                typed["kind"], value, _day(), now, written_by=who.id if who else 0, present=present
            )
            number = decision.id
    except Refusal as refusal:
        return _form(typed, refusal), 422
    return redirect(url_for("deciding.show", decision_id=number), 303)


@blueprint.post("/reckon")
@for_roles(*DECIDERS)
def reckon() -> Answer:
    """Work out one weight from who lives in a household; only the weight goes on, and nothing is kept."""
    typed = dict(request.form.items())
    others, children = (whole(typed.get(name, "0").strip() or "0") for name in ("others", "children"))
    known = typed.get("scale", "") in set(Scale) and f"w-{typed.get('who', '')}" in typed
    if not known or others is None or children is None or max(others, children) > MOST_PEOPLE:
        return render_template(
            "sharing/try.html", tried=what_if(typed, own_only()), decisions=(), unread=typed
        ), 422
    weight = household_weight(Scale(typed["scale"]), others, children)
    typed[f"w-{typed['who']}"] = decimal(weight).rstrip("0").rstrip(",")
    return render_template("sharing/try.html", tried=what_if(typed, own_only()), decisions=()), 200


@blueprint.get("/<int(max=2000000000):decision_id>")
@for_roles(*DECIDERS)
def show(decision_id: int) -> str:
    """Show a decision: before and after, from when, who was there; with the second member's button."""
    return _show(_decision(decision_id))


@blueprint.post("/<int(max=2000000000):decision_id>/confirm")
@for_roles(*DECIDERS)
@limiter.shared_limit(FAILURES, "passphrases", deduct_when=failed)
def confirm(decision_id: int) -> Answer:
    """Confirm it, from one's own sign-in or with one's passphrase on the phone that is there."""
    decision, who = _decision(decision_id), viewer()
    try:
        second = _second(who.id if who else 0)
        with transaction():
            services.confirm(decision_id, second, clock.now())
    except Refusal as refusal:
        return _show(decision, refusal), 422
    flash(_("C’est décidé."), "done")
    return redirect(url_for("deciding.show", decision_id=decision_id), 303)


@blueprint.post("/<int(max=2000000000):decision_id>/contest")
@for_roles(*DECIDERS)
def contest(decision_id: int) -> Answer:
    """Disagree, without a reason: the former numbers hold again."""
    _decision(decision_id)
    with transaction():
        services.contest(decision_id, clock.now())
    flash(_("C’est noté : à reparler dimanche. Les chiffres d’avant valent de nouveau."), "done")
    return redirect(url_for("deciding.show", decision_id=decision_id), 303)


def _second(viewer_id: int) -> int:
    """Say who confirms: whoever typed their passphrase, else who is signed in. Raises SignInFailed."""
    pseudonym, passphrase = request.form.get("pseudonym", ""), request.form.get("passphrase", "")
    if not pseudonym and not passphrase:
        return viewer_id
    second = check_passphrase(pseudonym, passphrase)
    if not any(one.id == second for one in queries.meeting(None)):
        raise SignInFailed
    return second


def _day() -> date:
    try:
        return date.fromisoformat(request.form.get("holds_from", ""))
    except ValueError as error:
        raise WeekSettled from error


def _decision(decision_id: int) -> Decision:
    found = db.session.get(Decision, decision_id)
    if found is None:
        abort(404)
    return found


def _show(decision: Decision, refusal: Refusal | None = None) -> str:
    told, who = queries.tell(decision, clock.now()), viewer()
    mine, only = who is not None and told.written_by == who.id, own_only()
    return render_template("deciding/show.html", told=told, mine=mine, only=only, refusal=refusal)


def _form(typed: Typed, refusal: Refusal | None = None) -> str:
    today, kinds = local_day(clock.now()), queries.kinds()
    kind = typed.get("kind", kinds[0])
    if kind not in kinds:
        abort(404)
    before = value = queries.value_before(kind, queries.weeks_ahead(today)[0])
    try:
        value = value_of(kind, typed) if "look" in typed else before
    except Refusal as unfit:
        refusal = unfit
    return render_template(
        "deciding/new.html",
        kind=kind,
        kinds=kinds,
        typed=typed,
        before=before,
        tried=what_if(typed) if kind == WEIGHTS else None,
        poured=pour(before, value) if kind == FUND_SHARES else None,
        weeks=queries.weeks_ahead(today),
        people=queries.meeting(viewer()),
        only=own_only(),
        refusal=refusal,
    )


@blueprint.app_template_global("decided")
def decided(key: str) -> Decision | None:
    """Give the decision in force today, so that a page can link the number that it set."""
    return in_force(key, local_day(clock.now()))
