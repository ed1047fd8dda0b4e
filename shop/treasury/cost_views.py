"""The page of purchases, and paying back who waits for the money."""

from collections.abc import Callable
from datetime import date

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _

from shop import clock
from shop.errors import Refusal
from shop.extensions import db
from shop.fields import whole
from shop.ledger.books.sellers import chosen, kept
from shop.members.models import Member
from shop.members.queries import members
from shop.pages import for_roles, takes, viewer
from shop.settings.switches import Switch, needs
from shop.transaction import transaction
from shop.treasury import services
from shop.treasury.buying import as_last_time
from shop.treasury.forms import CostForm
from shop.treasury.keeping import KEEPERS, Answer, acting_role, blueprint, own_place, places, say_noted
from shop.treasury.models import Cost
from shop.treasury.receipt_forms import MOST_BYTES
from shop.treasury.showing import costs_page
from shop.weeks import local_day, week_label


def cost_form(today: date, seller: str = "meals") -> CostForm:
    """Make the form of a seller's cost, filled in as it mostly is."""
    who = viewer()
    people = sorted(staff(seller), key=lambda one: (who is None or one.id != who.id, one.pseudonym))
    sources = places(kept(*KEEPERS), own=seller)
    return CostForm().prepare(seller, people, who.id if who else 0, sources, today)


def staff(seller: str) -> list[Member]:
    """List the members who work for a seller, by pseudonym."""
    return [one for one in members() if any(role.activity == seller for role in one.roles)]


@blueprint.get("/costs")
@for_roles(*KEEPERS, activity=None)
def costs() -> str:
    """Show the form of a cost, who waits to be paid back, and what was bought lately."""
    today, seller = local_day(clock.now()), chosen(*KEEPERS)
    form = cost_form(today, seller)
    last = db.session.get(Cost, whole(request.args.get("like", "")) or 0)
    if last and last.activity == seller:
        form.propose(as_last_time(last, today, week_label(today)))
    return costs_page(form, today)


@blueprint.post("/costs")
@for_roles(*KEEPERS, activity=None)
@takes(MOST_BYTES)
def record() -> Answer:
    """Record a cost."""
    today, seller = local_day(clock.now()), chosen(*KEEPERS)
    form = cost_form(today, seller)
    if not form.keep_pictures(form.form_id.data or "", seller, today):
        return costs_page(form, today), 422
    try:
        with transaction():
            spent = form.spent(week_label(form.spent_on.data))
            cost = services.record_cost(
                form.form_id.data, spent, today, acting_role(seller), another=form.another.data
            )
            said = say_noted(cost.entry, spent.spent_on)
    except Refusal as refusal:
        return costs_page(form, today, refusal), 422
    flash(said, "done")
    return redirect(url_for("treasury.costs", seller=seller), 303)


@blueprint.post("/costs/<int(max=2000000000):cost_id>/repay")
@for_roles(*KEEPERS, activity=None)
def repay(cost_id: int) -> Answer:
    """Give a member back what a cost took from their pocket."""
    seller, source = _own(cost_id), _source()
    return _act(
        seller, lambda today, role: services.repay(cost_id, today, role, source), _("C’est remboursé.")
    )


@blueprint.post("/costs/<int(max=2000000000):cost_id>/pay")
@needs(Switch.BILLS)
@for_roles(*KEEPERS, activity=None)
def pay(cost_id: int) -> Answer:
    """Pay a supplier's bill."""
    seller, source = _own(cost_id), _source()
    return _act(seller, lambda today, role: services.pay_bill(cost_id, today, role, source), _("C’est payé."))


@blueprint.post("/pockets/<int(max=2000000000):member_id>/repay")
@for_roles(*KEEPERS, activity=None)
def repay_member(member_id: int) -> Answer:
    """Give a member back all that a seller's costs took from their pocket."""
    seller, source = chosen(*KEEPERS), _source()

    def verb(today: date, role: str) -> list[int]:
        return services.repay_member(member_id, seller, today, role, source)

    return _act(seller, verb, _("C’est remboursé."))


def _own(cost_id: int) -> str:
    """Give the seller of a cost, where the viewer keeps its books; any other answers 404."""
    cost = db.session.get(Cost, cost_id)
    if cost is None or cost.activity not in kept(*KEEPERS):
        abort(404)
    return cost.activity


def _source() -> str | None:
    """Give the box or bank account that a form names, if any."""
    named = request.form.get("paid_from")
    return own_place(named, *KEEPERS) if named else None


def _act(seller: str, verb: Callable[[date, str], object], done: str) -> Answer:
    today = local_day(clock.now())
    try:
        with transaction():
            verb(today, acting_role(seller))
    except Refusal as refusal:
        return costs_page(cost_form(today, seller), today, refusal), 422
    flash(done, "done")
    return redirect(url_for("treasury.costs", seller=seller), 303)
