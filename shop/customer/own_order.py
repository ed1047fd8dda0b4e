"""The pages of a customer's own order; without its cookie each is a 404 with the same words."""

from datetime import datetime

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.utils import import_string
from werkzeug.wrappers import Response

from shop import clock
from shop.customer import mails
from shop.customer.cookies import opens, remember, remembered
from shop.customer.page import MenuPage, front_of, kept_page
from shop.customer.ten_euros import ten_euros
from shop.errors import OrderRefused
from shop.extensions import csrf
from shop.orders.forms import OrderForm, Quantities, fill, read_quantities, typed_quantities
from shop.orders.placing import Placed, amend_order, cancel_order, erase_contact
from shop.orders.queries import Ticket, number_of, ticket
from shop.orders.rules import OPEN, OrderState
from shop.pages import language, public
from shop.transaction import transaction
from shop.vault import token_hash

# Imported by the first who asks for a calendar file: icalendar would cost each process four megabytes.
CALENDAR = "shop.customer.calendar:calendar_file"

blueprint = Blueprint("own_order", __name__, url_prefix="/o")
NUMBER = "<int(max=2000000000):number>"
TOKEN = "<string(minlength=22,maxlength=64):token>"


@blueprint.get(f"/{TOKEN}")
@public
def link(token: str) -> str:
    """Show one button and nothing personal: link previews fetch pages too."""
    return render_template("customer/link.html", token=token)


@blueprint.post(f"/{TOKEN}")
@public
def open_link(token: str) -> Response:
    """Let this browser open the order that the link belongs to."""
    number = number_of(token_hash(token))
    if number is None:
        abort(404)
    return remember(Placed(number, token))


@blueprint.get(f"/{NUMBER}")
@public
def show(number: int) -> str:
    """Show the order: number, dishes, when, where, what to pay."""
    return show_ticket(*own(number))


@blueprint.get(f"/{NUMBER}/change")
@public
def change(number: int) -> str | Response:
    """Show the order form with what was ordered."""
    order, _token = own(number)
    page = page_of(order)
    if not page.opened or order.state is not OrderState.PLACED:
        return redirect(url_for("own_order.show", number=number), 303)
    form = OrderForm(formdata=None, **fill(order))
    return show_change(order, page, form, typed_quantities(order))


@blueprint.post(f"/{NUMBER}/amend")
@public
# The form checks the token itself, and shows what was typed again.
@csrf.exempt  # type: ignore[untyped-decorator]
def amend(number: int) -> Response | tuple[str, int]:
    """Replace what was ordered, or show the form again with what stands against it."""
    order, token = own(number)
    page = page_of(order)
    form = OrderForm()
    dishes = read_quantities(request.form, page.line_ids)
    refusals: tuple[OrderRefused, ...] = ()
    if form.validate() and not dishes.wrong:
        try:
            with transaction():
                now = clock.now()
                amend_order(number, dishes.wanted, form.wanted_handover, form.contact(), now)
                write_changed(number, token)
            flash(_("Votre commande est changée."), "done")
            return redirect(url_for("own_order.show", number=number), 303)
        except OrderRefused as refusal:
            refusals = refusal.every
    return show_change(order, page_of(order), form, dishes, refusals), form.status


@blueprint.post(f"/{NUMBER}/cancel")
@public
def cancel(number: int) -> Response | tuple[str, int]:
    """Cancel the order, until the cutoff."""
    order, token = own(number)
    try:
        with transaction():
            cancel_order(number, clock.now())
            write_changed(number, token)
    except OrderRefused as refusal:
        return show_ticket(order, token, refusal), 422
    return redirect(url_for("own_order.show", number=number), 303)


@blueprint.post(f"/{NUMBER}/erase")
@public
def erase(number: int) -> Response | tuple[str, int]:
    """Erase at once what we hold of who ordered."""
    order, token = own(number)
    if not erasable(order):
        return show_ticket(order, token), 422
    with transaction():
        erase_contact(number)
    flash(_("Votre nom et vos coordonnées sont effacés."), "done")
    return redirect(url_for("own_order.show", number=number), 303)


@blueprint.get(f"/{NUMBER}/calendar.ics")
@public
def calendar(number: int) -> Response:
    """Give the calendar file: when, and the link, never the place."""
    order, token = own(number)
    starts_at, ends_at = handed_over_between(order, page_of(order))
    text: bytes = import_string(CALENDAR)(
        _("Repas, commande %(number)s", number=number), address(token), starts_at, ends_at, number
    )
    response = current_app.response_class(text, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f"attachment; filename=commande-{number}.ics"
    return response


def own(number: int) -> tuple[Ticket, str]:
    """Give the order and its token, or answer 404."""
    token = remembered(number)
    order = ticket(number) if token else None
    if order is None or token is None or not opens(order, token):
        abort(404)
    return order, token


def page_of(order: Ticket) -> MenuPage:
    """Give the menu of the order's week."""
    return kept_page(clock.now(), language(), order.week_id)


def address(token: str) -> str:
    """Give the private link; its host is the settings', never the request's."""
    return f"{current_app.config['SETTINGS'].base_url}/o/{token}"


def erasable(order: Ticket) -> bool:
    """Say whether the contact can go now: not while somebody still has to find the door."""
    return bool(order.contact) and not (order.delivered and order.state in OPEN)


def handed_over_between(order: Ticket, page: MenuPage) -> tuple[datetime, datetime]:
    """Give when the food changes hands: the order's slot, for a delivery the week's first."""
    if order.slot:
        return order.slot
    slots = page.week.slots if page.week else ()
    return (slots[0].starts_at, slots[0].ends_at) if slots else (order.closes_at, order.closes_at)


def write_changed(number: int, token: str) -> None:
    """Write the letter that says what changed, where the order left an e-mail."""
    order = ticket(number)
    if order:
        mails.changed(order, token, clock.now())


def show_ticket(order: Ticket, token: str, refusal: OrderRefused | None = None) -> str:
    """Show the order's own page."""
    page = page_of(order)
    return render_template(
        "customer/ticket.html",
        ticket=order,
        page=page,
        when=handed_over_between(order, page),
        link=address(token),
        refusal=refusal,
        changeable=page.opened and order.state is OrderState.PLACED,
        erasable=erasable(order),
        parts=ten_euros(),
        **front_of(page),
    )


def show_change(
    order: Ticket,
    page: MenuPage,
    form: OrderForm,
    dishes: Quantities,
    refusals: tuple[OrderRefused, ...] = (),
) -> str:
    """Show the form that changes an order."""
    return render_template(
        "customer/change.html",
        ticket=order,
        page=page,
        form=form,
        dishes=dishes,
        refusals=refusals,
        form_id=form.form_id.data,
        room=page.mains_left + order.mains,
        own={line.line_id: line.quantity for line in order.lines},
    )
