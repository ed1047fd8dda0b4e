"""The members among themselves: who is there, a new link for who forgot, roles, leaving."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop import clock
from shop.errors import MemberRefused
from shop.members import queries, services, sessions
from shop.members.forms import (
    BEER_KEEPER,
    DOES,
    EMBLEM_WORDS,
    NEEDS,
    REFUSALS,
    EmblemForm,
    NewMemberForm,
    RolesForm,
    emblem_of,
)
from shop.members.models import Member
from shop.pages import Role, Viewer, for_members, for_roles, viewer
from shop.settings.switches import Switch, uses
from shop.transaction import transaction

blueprint = Blueprint("members", __name__, url_prefix="/settings/members")


@blueprint.get("")
@for_members
def members() -> ResponseReturnValue:
    """Show who is there and what waits for a second member."""
    return _page()


@blueprint.post("")
@for_roles(Role.ADMIN)
def add() -> ResponseReturnValue:
    """Add a member and show their one-time link, once."""
    form = NewMemberForm()
    if not form.validate_on_submit():
        return _page(form=form), 422
    try:
        with transaction():
            alias = form.pseudonym.data or ""
            emblem = emblem_of(alias, queries.emblems_taken())
            token = services.add_member(alias, form.pairs(), clock.now(), emblem)
    except MemberRefused as error:
        return _page(error, form), 422
    return render_template("members/link.html", token=token)


@blueprint.post("/<int(max=999999999):member_id>/ask-link")
@for_members
def ask_link(member_id: int) -> ResponseReturnValue:
    """Ask for a new link for who forgot their passphrase."""
    who, asked = _me(), _colleague(member_id)
    words = _("Demandé. Un autre membre doit maintenant confirmer, sur cette page.")
    return _done(lambda: services.ask_link(asked.id, who.id, clock.now()), words)


@blueprint.post("/<int(max=999999999):member_id>/confirm-link")
@for_members
def confirm_link(member_id: int) -> ResponseReturnValue:
    """Confirm what another member asked, and show the link once, to hand over."""
    who, asked = _me(), queries.links_asked().get(_colleague(member_id).id)
    try:
        with transaction():
            token = services.confirm_link(asked.id if asked else 0, who.id, clock.now())
    except MemberRefused as error:
        return _page(error), 422
    return render_template("members/link.html", token=token)


@blueprint.post("/<int(max=999999999):member_id>/roles")
@for_roles(Role.ADMIN)
def change_roles(member_id: int) -> ResponseReturnValue:
    """Change what a member does."""
    form, member = RolesForm(), _colleague(member_id)
    if not form.validate_on_submit():
        return _page(form=form), 422
    return _done(lambda: _give(member.id, form.pairs()), _("C’est changé."))


@blueprint.post("/emblem")
@for_members
def change_emblem() -> ResponseReturnValue:
    """Take another emblem."""
    form, who = EmblemForm(), _me()
    if not form.validate_on_submit():
        return _page(form=form), 422
    return _done(lambda: services.change_emblem(who.id, form.emblem.data), _("C’est changé."))


@blueprint.post("/<int(max=999999999):member_id>/end-sessions")
@for_members
def end_sessions(member_id: int) -> ResponseReturnValue:
    """End every sign-in: one's own, or as admin anybody's."""
    who = _me()
    if member_id != who.id and not who.has(Role.ADMIN):
        abort(404)
    with transaction():
        services.end_sessions(_colleague(member_id).id)
    if member_id == who.id:
        sessions.end()
        return redirect(url_for("doors.sign_in"), 303)
    flash(_("Toutes les connexions de ce membre sont fermées."), "done")
    return redirect(url_for("members.members"), 303)


@blueprint.post("/<int(max=999999999):member_id>/leave")
@for_roles(Role.ADMIN)
def leave(member_id: int) -> ResponseReturnValue:
    """End a membership; what was shared before keeps the pseudonym."""
    member = _colleague(member_id)
    return _done(lambda: services.leave(member.id, clock.now()), _("Ce membre n’a plus accès à rien."))


def _page(refusal: MemberRefused | None = None, form: RolesForm | EmblemForm | None = None) -> str:
    who, taken = _me(), queries.emblems_taken()
    return render_template(
        "members/members.html",
        people=queries.colleagues(who),
        asked=queries.links_asked(),
        free={key: words for key, words in EMBLEM_WORDS.items() if key not in taken},
        admin=who.has(Role.ADMIN),
        roles={value: words for value, words in DOES.items() if value not in NEEDS or uses(NEEDS[value])},
        held_by=held_by,
        form=form,
        new=form if isinstance(form, NewMemberForm) else NewMemberForm(formdata=None),
        refusal=refusal,
        words=REFUSALS,
    )


def held_by(member: Member) -> list[str]:
    """Name what a member does, as forms say it, as far as the group uses it."""
    meals = [held.role.value for held in member.roles if held.activity == "meals"]
    beer = [BEER_KEEPER for held in member.roles if held.activity == "beer"]
    return [one for one in (*meals, *beer) if one not in NEEDS or uses(NEEDS[one])]


def _done(work: Callable[[], object], words: str) -> ResponseReturnValue:
    try:
        with transaction():
            work()
    except MemberRefused as error:
        return _page(error), 422
    flash(words, "done")
    return redirect(url_for("members.members"), 303)


def _give(member_id: int, pairs: list[tuple[str, Role]]) -> None:
    """Let a member hold these roles and no others, in each activity that the page offers."""
    for activity in ("meals", "beer") if uses(Switch.BEER) else ("meals",):
        services.change_roles(member_id, activity, [role for held, role in pairs if held == activity])


def _me() -> Viewer:
    who = viewer()
    if who is None:
        abort(404)
    return who


def _colleague(member_id: int) -> Member:
    """Give a member whom the viewer may know of, else answer 404."""
    found = next((one for one in queries.colleagues(_me()) if one.id == member_id), None)
    if found is None:
        abort(404)
    return found
