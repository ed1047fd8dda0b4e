"""The public pages: the menu and placing an order."""

from flask import Blueprint, jsonify, render_template, request, session
from werkzeug.wrappers import Response

from shop import clock
from shop.customer import mails
from shop.customer.cookies import remember
from shop.customer.page import MenuPage, fresh_menu, front_of, kept_page, menu_page
from shop.errors import CycleClosed, OrderRefused
from shop.extensions import csrf
from shop.members.queries import front
from shop.menu.rules import said
from shop.orders.forms import OrderForm, Quantities, read_quantities
from shop.orders.placing import Placed, place_order
from shop.orders.queries import ticket
from shop.orders.rules import OrderSource
from shop.pages import language, public, viewer
from shop.transaction import transaction
from shop.vault import new_token

blueprint = Blueprint("customer", __name__)
blueprint.add_app_template_filter(lambda texts, code=None: said(texts, code or language()), "said")


@blueprint.get("/")
@public
def menu() -> str:
    """Show this week's menu and the order form."""
    # A member's menu has their pages in its head, and a notice is read once: neither is kept.
    if viewer() is None and "_flashes" not in session:
        return fresh_menu(clock.now(), language())
    return show_menu(menu_page(clock.now(), language()))


@blueprint.post("/orders")
@public
# The form checks the token itself, and shows what was typed again.
@csrf.exempt  # type: ignore[untyped-decorator]
def place() -> Response | tuple[str, int]:
    """Place an order, or show the form again with what stands against it."""
    page = kept_page(clock.now(), language())
    form = OrderForm()
    dishes = read_quantities(request.form, page.line_ids)
    refusals: tuple[OrderRefused, ...] = ()
    if form.validate() and not dishes.wrong:
        try:
            with transaction():
                placed = place_from(form, dishes, page)
            return remember(placed)
        except OrderRefused as refusal:
            refusals = refusal.every
    # Read again: what is still possible may have changed while this order was refused.
    return show_menu(menu_page(clock.now(), language()), form, dishes, refusals), form.status


def place_from(form: OrderForm, dishes: Quantities, page: MenuPage) -> Placed:
    """Place what the form asks for, and write its letter. Raises OrderRefused."""
    now = clock.now()
    if page.week is None:
        raise CycleClosed(now)
    placed = place_order(
        page.week.id,
        dishes.wanted,
        form.wanted_handover,
        form.contact(),
        form_id=form.form_id.data,
        source=OrderSource.WEB,
        language=page.language,
        now=now,
    )
    made = ticket(placed.number) if form.email.data else None
    if made:
        mails.confirmation(made, placed.token, now)
    return placed


def show_menu(
    page: MenuPage,
    form: OrderForm | None = None,
    dishes: Quantities | None = None,
    refusals: tuple[OrderRefused, ...] = (),
) -> str:
    """Show the menu with what was typed and what was refused."""
    return render_template(
        "customer/menu.html",
        page=page,
        form=form,
        dishes=dishes,
        refusals=refusals,
        form_id=(form and form.form_id.data) or new_token(),
        **front_of(page),
    )


@blueprint.get("/menu.json")
@public
def menu_json() -> Response:
    """Give the open week's menu to programs; prices in cents, `left` null where there is no end."""
    page = menu_page(clock.now(), language())
    if page.week is None or not page.opened:
        return jsonify(cutoff=None, cap=None, mains_left=0, lines=[])
    lines = [
        {
            "id": row.id,
            "name": row.name,
            "kind": row.kind.value,
            "price": row.price,
            "left": row.left,
            "diet": row.diet,
            "allergens": row.allergens,
        }
        for row in page.rows
    ]
    closes_at = page.week.closes_at.isoformat()
    return jsonify(cutoff=closes_at, cap=page.week.cap, mains_left=page.mains_left, lines=lines)


@blueprint.get("/privacy")
@public
def privacy() -> str:
    """Say what is kept of a customer, and for how long."""
    return render_template("customer/privacy.html", contact=front().contact)
