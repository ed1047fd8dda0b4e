"""Closing a week on one page, in four steps."""

from collections.abc import Callable, Collection

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock
from shop.collective.evening import Wish, chosen_of, evening
from shop.errors import CashNotCounted, NotAnAmount, OrderUnknown, Refusal
from shop.ledger.sharing.queries import cycle_of, due_with, settlement_of
from shop.ledger.sharing.services import settle
from shop.menu.queries import unfinished, week_by_label, weeks
from shop.menu.rules import WeekFacts, WeekState
from shop.money import parse_euros
from shop.orders.queries import open_orders
from shop.orders.services import close_week, hand_over, mark_no_show, settle_rest
from shop.pages import for_roles, takes, viewer
from shop.transaction import transaction
from shop.treasury.forms import KINDS, CostForm
from shop.treasury.queries import fresh_count
from shop.treasury.receipt_forms import MOST_BYTES
from shop.treasury.rules import COUNTED, parse_pieces
from shop.treasury.services import count_cash, record_cost, repeat_regular_costs
from shop.treasury.views import KEEPERS, acting_role, cost_form, typed_pieces
from shop.weeks import local_day

blueprint = Blueprint("closing", __name__, url_prefix="/collective")

Answer = Response | tuple[str, int]


@blueprint.get("/close")
@for_roles(*KEEPERS)
def close() -> Answer | str:
    """Go to the week to close: the oldest that is over, else the last one closed."""
    over = [week for week in unfinished(clock.now()) if week.state is WeekState.PUBLISHED]
    closed = [week for week in weeks() if week.state is WeekState.CLOSED]
    for week in [*over[:1], *closed[:1]]:
        return redirect(url_for("closing.week", label=week.label))
    return render_template("closing/none.html")


@blueprint.get("/weeks/<label>/close")
@for_roles(*KEEPERS)
def week(label: str) -> str:
    """Show the four steps, each done or with its button."""
    return _page(_named(label))


@blueprint.post("/weeks/<label>/close/come")
@for_roles(*KEEPERS)
def come(label: str) -> Answer:
    """Hand over every open order, as paid."""
    now = clock.now()
    return _act(label, lambda one: settle_rest(one.id, (), now, acting_role()), 1)


@blueprint.post("/weeks/<label>/close/orders/<int(max=2000000000):number>/<any('come', 'miss'):what>")
@for_roles(*KEEPERS)
def order(label: str, number: int, what: str) -> Answer:
    """Say of one order that it came and was paid, or that nobody came."""
    now = clock.now()
    verb = hand_over if what == "come" else mark_no_show

    def settle_one(one: WeekFacts) -> None:
        if number not in open_orders(one.id):
            raise OrderUnknown
        verb(number, now, acting_role())

    return _act(label, settle_one, 1)


@blueprint.post("/weeks/<label>/close/spend")
@for_roles(*KEEPERS)
@takes(MOST_BYTES)
def spend(label: str) -> Answer:
    """Record one of the week's costs."""
    named, today = _named(label), local_day(clock.now())
    form = cost_form(today)
    if not form.keep_pictures(form.form_id.data or "", "meals", today):
        return _page(named, form=form), 422
    return _act(
        label,
        lambda _week: record_cost(
            form.form_id.data, form.spent(named.label), today, acting_role(), another=form.another.data
        ),
        2,
        form,
    )


@blueprint.post("/weeks/<label>/close/repeat")
@for_roles(*KEEPERS)
def repeat(label: str) -> Answer:
    """Record the regular costs as last week."""
    today = local_day(clock.now())
    return _act(label, lambda one: repeat_regular_costs(one.label, today, acting_role()), 2)


@blueprint.post("/weeks/<label>/close/count")
@for_roles(*KEEPERS)
def count(label: str) -> Answer:
    """Write down what lies in the box."""
    today, typed = local_day(clock.now()), typed_pieces()
    return _act(label, lambda _week: count_cash(parse_pieces(typed), today, acting_role()), 3)


@blueprint.post("/weeks/<label>/close/finish")
@for_roles(*KEEPERS)
def finish(label: str) -> Answer:
    """Close the week and leave the sharing to later."""
    return _act(label, _close, 4)


@blueprint.post("/weeks/<label>/close/share")
@for_roles(*KEEPERS)
def share(label: str) -> Answer:
    """Close the week, where it is not yet, and share what was chosen."""
    _named(label)
    try:
        with transaction():
            settlement_id = _share(_named(label), parse_euros(request.form.get("amount", "")), _weeks())
    except Refusal as refusal:
        return _page(_named(label), refusal=refusal), 422
    flash(_("C’est partagé."), "done")
    return redirect(url_for("splitting.show", settlement_id=settlement_id), 303)


def _close(named: WeekFacts) -> None:
    if cycle_of(named.label) is None and fresh_count() is None:
        raise CashNotCounted
    close_week(named.id, clock.now())


def _share(named: WeekFacts, amount: int, weeks: Collection[str] | None) -> int:
    """Give the settlement of a week and those chosen with it, made now where there is none; its number.

    Raises AlreadySettled where it stands with another amount.
    """
    if cycle_of(named.label) is None:
        _close(named)
    cycle = cycle_of(named.label)
    assert cycle is not None
    settled = settlement_of(cycle.id)
    chosen = settled.cycles if settled else chosen_of(due_with(cycle), weeks, cycle.id)
    return settle([one.id for one in chosen], amount, local_day(clock.now()), acting_role()).id


def _act(label: str, verb: Callable[[WeekFacts], object], step: int, form: CostForm | None = None) -> Answer:
    named = _named(label)
    try:
        with transaction():
            verb(named)
    except Refusal as refusal:
        return _page(_named(label), form, refusal), 422
    return redirect(url_for("closing.week", label=label, _anchor=f"step-{step}"), 303)


def _named(label: str) -> WeekFacts:
    found = week_by_label(label)
    if found is None or found.state not in {WeekState.PUBLISHED, WeekState.CLOSED}:
        abort(404)
    return found


def _page(named: WeekFacts, form: CostForm | None = None, refusal: Refusal | None = None) -> str:
    now = clock.now()
    (amount, wrong), who = _wanted(), viewer()
    return render_template(
        "closing/week.html",
        evening=evening(named, Wish(amount, _weeks(), who.id if who else None)),
        over=now >= named.closes_at,
        form=form or cost_form(local_day(now)),
        refusal=refusal or wrong,
        kinds=KINDS,
        values=COUNTED,
        typed=typed_pieces() if request.method == "POST" else {},
    )


def _weeks() -> list[str] | None:
    """Read which weeks are to be shared together, or None where nobody chose."""
    return request.values.getlist("week") if "chosen" in request.values else None


def _wanted() -> tuple[int | None, Refusal | None]:
    """Read how much is to be shared, or None for all."""
    text = request.values.get("amount", "")
    if not text:
        return None, None
    try:
        return parse_euros(text), None
    except NotAnAmount as wrong:
        return None, wrong
