"""The doors: signing in and out, the one-time link, and the language of whoever comes."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.local import LocalProxy

from shop import clock
from shop.errors import LinkSpent, MemberRefused, SignInFailed
from shop.extensions import db
from shop.members import queries, services, sessions
from shop.members.forms import NOT_YOURS, REFUSALS, AgainForm, SignInForm, WelcomeForm
from shop.members.limits import FAILURES, failed, limiter
from shop.members.models import Member
from shop.pages import LANGUAGE_COOKIE, LANGUAGES, for_members, internal, may_see, public, viewer
from shop.transaction import transaction

blueprint = Blueprint("doors", __name__)


@blueprint.record_once
def _count_failures(setup: BlueprintSetupState) -> None:
    app: Any = setup.app
    limiter.init_app(app)
    # It hangs its hooks onto every request; they are moved to the doors, where alone something is counted.
    for hooks in (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs):
        hooks.setdefault(blueprint.name, []).append(hooks[None].pop())


HOMES = ("collective.home", "todo.home", "members.members")
YEAR = 365 * 24 * 3600


@blueprint.app_context_processor
def _front() -> dict[str, object]:
    """Give every page the shop's front, read only where a page shows it."""
    return {
        "shop_name": LocalProxy(lambda: queries.front().name),
        "demo": LocalProxy(lambda: queries.front().demo),
    }


@blueprint.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Ask for pseudonym and passphrase."""
    form = SignInForm(next=request.args.get("next", ""))
    return render_template("members/sign_in.html", form=form)


@blueprint.post("/sign-in")
@public
@limiter.shared_limit(FAILURES, "passphrases", deduct_when=failed)
def check_in() -> ResponseReturnValue:
    """Sign a member in and go on to the page they wanted, else to their first one."""
    now, form, refusal = clock.now(), SignInForm(), None
    if form.validate_on_submit():
        try:
            member_id = services.check_passphrase(form.pseudonym.data or "", form.passphrase.data or "")
            with transaction():
                token = services.start_session(member_id, now)
        except SignInFailed as error:
            refusal = error
        else:
            sessions.begin(token, now)
            return redirect(internal(form.next.data or "", _home()), 303)
    return render_template("members/sign_in.html", form=form, refusal=refusal, words=REFUSALS), 422


@blueprint.get("/sign-in/again")
@for_members
def ask_again() -> ResponseReturnValue:
    """Ask for the passphrase once more, before something leaves the shop."""
    return render_template("members/again.html", form=AgainForm(next=request.args.get("next", "")))


@blueprint.post("/sign-in/again")
@for_members
@limiter.shared_limit(FAILURES, "passphrases", deduct_when=failed)
def check_again() -> ResponseReturnValue:
    """Go on to the page that asked, where the passphrase is the member's own."""
    form, who = AgainForm(), viewer()
    if form.validate_on_submit() and who:
        try:
            services.check_passphrase(who.pseudonym, form.passphrase.data or "")
        except SignInFailed:
            form.passphrase.errors = [NOT_YOURS]
        else:
            sessions.prove(clock.now())
            flash(_("Merci. Vous pouvez continuer."), "done")
            return redirect(internal(form.next.data or "", _home()), 303)
    return render_template("members/again.html", form=form), 422


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this browser's sign-in."""
    token = sessions.end()
    if token:
        with transaction():
            services.sign_out(token)
    return redirect(url_for("doors.sign_in"), 303)


@blueprint.get("/welcome/<token>")
@public
def welcome(token: str) -> ResponseReturnValue:
    """Show whom the one-time link is for, and spend nothing."""
    return render_template("members/welcome.html", form=WelcomeForm(), member=_linked(token))


@blueprint.post("/welcome/<token>")
@public
def choose(token: str) -> ResponseReturnValue:
    """Set the passphrase, spend the link and sign in."""
    now, form, refusal = clock.now(), WelcomeForm(), None
    member = _linked(token)
    if form.validate_on_submit():
        try:
            with transaction():
                chosen = services.choose_passphrase(token, form.passphrase.data or "", now)
                sign_in_token = services.start_session(chosen.id, now)
        except MemberRefused as error:
            refusal = error
        else:
            sessions.begin(sign_in_token, now)
            return redirect(_home(), 303)
    page = render_template("members/welcome.html", form=form, member=member, refusal=refusal, words=REFUSALS)
    return page, 422


@blueprint.post("/language")
@public
def language() -> ResponseReturnValue:
    """Remember the language in this browser and show the same page again."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    response = redirect(internal(request.form.get("next", "")), 303)
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
    return response


def _linked(token: str) -> Member:
    try:
        link = services.find_link(token, clock.now())
    except LinkSpent:
        abort(404)
    return db.session.get_one(Member, link.member_id)


def _home() -> str:
    return next((url_for(endpoint) for endpoint in HOMES if may_see(endpoint)), "/")
