"""The desk: one list, one tap a customer, and every tap can be undone."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from shop import clock
from shop.errors import NothingOwed, Refusal
from shop.fields import clean, whole
from shop.ledger.books.queries import balance
from shop.ledger.books.rules import ReversalReason
from shop.menu.rules import WeekFacts
from shop.money import euros
from shop.orders import queries, services
from shop.orders.board import desk_week
from shop.orders.forms import CashForm
from shop.orders.rules import CASH, Cash, OrderState, likely_given
from shop.pages import Role, for_roles
from shop.settings.switches import Switch, uses
from shop.transaction import transaction

blueprint = Blueprint("orders", __name__, url_prefix="/collective")

NUMBER = "<int(max=2000000000):number>"
ROLE = Role.ORGANISER
"""As what the desk books."""

SLIP = ReversalReason.NEVER
"""Why a tap is taken back, said for whoever taps: what was tapped did not happen."""

Answer = Response | tuple[str, int]
Tap = Callable[[int, datetime, CashForm], Cash | None]


@blueprint.get("/desk")
@blueprint.get("/desk/<label>")
@for_roles(Role.ORGANISER)
def desk(label: str | None = None) -> str:
    """Show the evening's list, not yet come first."""
    week = desk_week(label, clock.now())
    if week is None:
        return no_week(label)
    return desk_page(week)


@blueprint.post(f"/orders/{NUMBER}/<any('hand-over', 'later', 'no-show', 'undo', 'pay', 'unpay'):verb>")
@for_roles(Role.ORGANISER)
def tap(number: int, verb: str) -> Answer:
    """Do one thing to one order of the desk's list."""
    week = _week_of(number)
    form = CashForm()
    if verb == "later" and not uses(Switch.CREDIT):
        abort(404)
    if not form.validate():
        return desk_page(week, wrong=(number, form.errors)), 422
    try:
        with transaction():
            cash = TAPS[verb](number, clock.now(), form)
    except Refusal as refusal:
        return desk_page(week, refusal=refusal), 422
    flash(_said(number, verb, cash), "done")
    return redirect(url_for("orders.desk", label=week.label, last=number), 303)


@blueprint.post("/desk/<label>/rest")
@for_roles(Role.ORGANISER)
def rest(label: str) -> Answer:
    """Hand over all that is left, as paid, but for the orders that are ticked."""
    week = desk_week(label, clock.now()) or abort(404)
    apart = [found for text in request.form.getlist("except") if (found := whole(text))]
    try:
        with transaction():
            numbers = services.settle_rest(week.id, apart, clock.now(), ROLE)
    except Refusal as refusal:
        return desk_page(week, refusal=refusal), 422
    flash(
        ngettext("Remis et payé : %(num)s commande.", "Remis et payé : %(num)s commandes.", len(numbers)),
        "done",
    )
    return redirect(url_for("orders.desk", label=label), 303)


def desk_page(
    week: WeekFacts, refusal: Refusal | None = None, wrong: tuple[int, object] | None = None
) -> str:
    """Render the desk of a week, with what was refused."""
    search = clean(request.args.get("q", ""))
    found = queries.desk(week.id)
    return render_template(
        "orders/desk.html",
        week=week,
        desk=found,
        found=found.find(search),
        cash=balance(CASH, "meals"),
        search=search,
        last=whole(request.args.get("last", "")),
        likely_given=likely_given,
        refusal=refusal,
        wrong=wrong,
    )


def no_week(label: str | None) -> str:
    """Say what to do where no food goes out; a label that names no week is a page that is not there."""
    if label is not None:
        abort(404)
    return render_template("orders/none.html")


def _week_of(number: int) -> WeekFacts:
    found = queries.ticket(number)
    week = desk_week(found.week_label, clock.now()) if found else None
    return week or abort(404)


def _hand_over(number: int, now: datetime, form: CashForm) -> Cash:
    return services.hand_over(number, now, ROLE, received=form.received.data, keep_change=form.keep.data)


def _pay(number: int, now: datetime, form: CashForm) -> Cash:
    _check_seen(number, form)
    return services.receive_payment(number, now, ROLE, form.received.data, form.keep.data)


def _later(number: int, now: datetime, _form: CashForm) -> None:
    services.hand_over(number, now, ROLE, pay_later=True)


def _no_show(number: int, now: datetime, form: CashForm) -> None:
    services.mark_no_show(number, now, ROLE, form.stays_due.data and uses(Switch.CREDIT))


def _unpay(number: int, now: datetime, form: CashForm) -> None:
    _check_seen(number, form)
    services.undo_payment(number, now, ROLE, SLIP)


def _check_seen(number: int, form: CashForm) -> None:
    """Refuse a tap on a debt that is another one by now. Raises NothingOwed."""
    if not form.fits(queries.owed(number)):
        raise NothingOwed


def _undo(number: int, now: datetime, _form: CashForm) -> None:
    found = queries.ticket(number)
    absent = found is not None and found.state is OrderState.NO_SHOW
    (services.undo_no_show if absent else services.undo_hand_over)(number, now, ROLE, SLIP)


TAPS: dict[str, Tap] = {
    "hand-over": _hand_over,
    "later": _later,
    "no-show": _no_show,
    "undo": _undo,
    "pay": _pay,
    "unpay": _unpay,
}


def _said(number: int, verb: str, cash: Cash | None) -> str:
    """Say what was done, by the number alone: a notice waits in a cookie, and a name has no place there."""
    words = {
        "hand-over": _("%(number)s : remis.", number=number),
        "later": _("%(number)s : remis, à payer plus tard.", number=number),
        "no-show": _("%(number)s : pas venu.", number=number),
        "undo": _("%(number)s : annulé, la commande attend de nouveau.", number=number),
        "pay": _("%(number)s : payé.", number=number),
        "unpay": _("%(number)s : le paiement est annulé.", number=number),
    }[verb]
    more = [_("Reçu %(amount)s.", amount=euros(cash.kept))] if cash and cash.kept else []
    if cash and cash.change:
        more.append(_("Rendez %(amount)s.", amount=euros(cash.change)))
    if cash and cash.gift:
        more.append(_("Dont %(amount)s de don, merci.", amount=euros(cash.gift)))
    return " ".join([words, *more])
