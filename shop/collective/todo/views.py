"""The treasurer's first page: what to do, what the boxes hold, and whether the books prove themselves."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock
from shop.checks import State
from shop.collective.todo.queries import facts
from shop.collective.todo.rules import todos
from shop.errors import NothingOwed, OrderUnknown, Refusal
from shop.ledger.books.sellers import kept
from shop.orders.services import receive_payment
from shop.pages import Role, for_roles
from shop.settings.switches import Switch, uses
from shop.transaction import transaction
from shop.treasury.keeping import KEEPERS, acting_role
from shop.verify import run

blueprint = Blueprint("todo", __name__, url_prefix="/treasury")

BANK = "bank"


@blueprint.get("/")
@for_roles(*KEEPERS, activity=None)
def home() -> str | Response:
    """Show what is to be done, the boxes and the gauge."""
    return _page()


@blueprint.post("/orders/<int(max=2000000000):number>/receive")
@for_roles(*KEEPERS)
def receive(number: int) -> Response | tuple[str | Response, int]:
    """Take the money that an order still owes, into the box or, by transfer, the bank."""
    by_transfer = request.form.get("into") == BANK and uses(Switch.BANK)
    try:
        with transaction():
            receive_payment(number, clock.now(), acting_role(), by_transfer=by_transfer)
    except OrderUnknown:
        abort(404)
    except NothingOwed:
        flash(_("C’est déjà payé."), "info")
    except Refusal as refusal:
        return _page(refusal), 422
    else:
        flash(_("C’est noté : la commande %(number)s est payée.", number=number), "done")
    return redirect(url_for("todo.home"), 303)


@blueprint.get("/proof")
@for_roles(Role.TREASURER, activity=None)
def proof() -> str:
    """Prove the books before the treasurer's eyes, and say what to do where they are wrong."""
    results = run(quick=True)
    return render_template(
        "todo/proof.html", results=results, broken=[one for one in results if one.state is State.BROKEN]
    )


def _page(refusal: Refusal | None = None) -> str | Response:
    sellers = kept()
    organised = [seller for seller in kept(*KEEPERS) if seller not in sellers]
    if not sellers and not organised:
        # Who works for a seller that the group does not use any more.
        return redirect(url_for("members.members"), 303)
    found = facts(sellers, organised, clock.now())
    return render_template(
        "todo/home.html", facts=found, todos=todos(found), sellers=sellers, refusal=refusal
    )
