"""An order in a member's hands: spoken on the phone, looked up, changed, cancelled, given a new link."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from shop import clock
from shop.errors import OrderRefused, Refusal
from shop.menu.queries import week_at_work, week_by_label
from shop.menu.rules import WeekFacts
from shop.orders import services
from shop.orders.board import board
from shop.orders.forms import OrderForm, Quantities, read_quantities, typed_quantities
from shop.orders.queries import Ticket, ticket
from shop.orders.rules import OrderSource
from shop.orders.views import NUMBER, Answer
from shop.pages import Role, for_roles, language
from shop.transaction import transaction
from shop.vault import new_token

blueprint = Blueprint("entering", __name__, url_prefix="/collective/orders")


@blueprint.get("/new")
@for_roles(Role.ORGANISER)
def new() -> str:
    """Show the form for a spoken order: first name and dishes, nothing else required."""
    week = week_at_work(clock.now())
    return render_template("orders/none.html") if week is None else _new_page(week)


@blueprint.post("/new")
@for_roles(Role.ORGANISER)
def create() -> Answer:
    """Place a spoken order; the cap is the same as everyone's."""
    now = clock.now()
    week = week_at_work(now) or abort(404)
    form = OrderForm()
    dishes = read_quantities(request.form, board(week, language()).line_ids)
    if not form.validate() or dishes.wrong:
        return _new_page(week, form, dishes), 422
    try:
        with transaction():
            placed = services.place_order(
                week.id,
                dishes.wanted,
                form.wanted_handover,
                form.contact(),
                form_id=form.form_id.data,
                source=OrderSource.SPOKEN,
                language=language(),
                now=now,
            )
    except OrderRefused as refusal:
        return _new_page(week, form, dishes, refusal), 422
    flash(_("C’est noté : commande %(number)s.", number=placed.number), "done")
    return redirect(url_for("entering.show", number=placed.number), 303)


@blueprint.get(f"/{NUMBER}")
@for_roles(Role.ORGANISER)
def show(number: int) -> str:
    """Show an order: what, who, when, and what can be done with it."""
    return render_template("orders/order.html", ticket=_ticket(number))


@blueprint.get(f"/{NUMBER}/change")
@for_roles(Role.ORGANISER)
def change(number: int) -> str:
    """Show an order's dishes, to take fewer, or more while plates are left."""
    return _change_page(_ticket(number))


@blueprint.post(f"/{NUMBER}/change")
@for_roles(Role.ORGANISER)
def amend(number: int) -> Answer:
    """Change an order's dishes, after the cutoff too."""
    order = _ticket(number)
    dishes = read_quantities(request.form, _own_board_ids(order))
    if dishes.wrong:
        return _change_page(order, dishes), 422
    try:
        with transaction():
            services.amend_order(number, dishes.wanted, None, None, clock.now(), by_member=True)
    except Refusal as refusal:
        return _change_page(order, dishes, refusal), 422
    flash(_("%(number)s : c’est changé.", number=number), "done")
    return redirect(url_for("orders.desk", label=order.week_label, last=number), 303)


@blueprint.post(f"/{NUMBER}/cancel")
@for_roles(Role.ORGANISER)
def cancel(number: int) -> Answer:
    """Cancel an order; its portions are free again."""
    order = _ticket(number)
    try:
        with transaction():
            services.cancel_order(number, clock.now(), by_member=True)
    except Refusal as refusal:
        return render_template("orders/order.html", ticket=order, refusal=refusal), 422
    flash(_("%(number)s : annulée.", number=number), "done")
    return redirect(url_for("entering.show", number=number), 303)


@blueprint.post(f"/{NUMBER}/link")
@for_roles(Role.ORGANISER)
def link(number: int) -> Answer:
    """Make a new link to the order and show it once; the old one stops."""
    order = _ticket(number)
    with transaction():
        token = services.new_link(number)
    address = current_app.config["SETTINGS"].base_url + url_for("own_order.link", token=token)
    return render_template("orders/order.html", ticket=order, address=address), 200


@blueprint.get(f"/{NUMBER}/slip")
@for_roles(Role.ORGANISER)
def slip(number: int) -> str:
    """Show the slip for the bag, with allergens, to print."""
    order = _ticket(number)
    return render_template("orders/slips.html", tickets=(order,), back=order.week_label)


def _ticket(number: int) -> Ticket:
    return ticket(number) or abort(404)


def _week(order: Ticket) -> WeekFacts:
    return week_by_label(order.week_label) or abort(404)


def _own_board_ids(order: Ticket) -> frozenset[int]:
    return board(_week(order), language()).line_ids


def _new_page(
    week: WeekFacts,
    form: OrderForm | None = None,
    dishes: Quantities | None = None,
    refusal: OrderRefused | None = None,
) -> str:
    return render_template(
        "orders/new.html",
        board=board(week, language()),
        form=form,
        dishes=dishes,
        refusals=refusal.every if refusal else (),
        form_id=(form and form.form_id.data) or new_token(),
    )


def _change_page(order: Ticket, dishes: Quantities | None = None, refusal: Refusal | None = None) -> str:
    dishes = dishes or typed_quantities(order)
    own = {line.line_id: line.quantity for line in order.lines}
    found = board(_week(order), language(), own)
    return render_template("orders/change.html", ticket=order, board=found, dishes=dishes, refusal=refusal)
