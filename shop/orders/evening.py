"""What the desk writes beside its list: sales without an order, the team's meal, an evening from paper."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from shop import clock
from shop.errors import Refusal
from shop.menu.rules import WeekFacts
from shop.money import euros
from shop.orders import queries, services
from shop.orders.board import board, desk_week
from shop.orders.forms import CashForm, Quantities, form_mark, read_marks, read_quantities
from shop.orders.rules import Cash
from shop.orders.views import ROLE, Answer
from shop.pages import Role, for_roles, language
from shop.settings.switches import Switch, uses
from shop.transaction import transaction
from shop.vault import new_token

blueprint = Blueprint("evening", __name__, url_prefix="/collective/desk/<label>")


@blueprint.get("/sale")
@for_roles(Role.ORGANISER)
def sale(label: str) -> str:
    """Show the dishes, to sell without an order or to note the team's meal."""
    return _sale_page(_week(label))


@blueprint.post("/sale")
@for_roles(Role.ORGANISER)
def sell(label: str) -> Answer:
    """Sell what was tapped, or note that the team eats it."""
    week, form = _week(label), CashForm()
    dishes = read_quantities(request.form, board(week, language()).line_ids)
    mark = form_mark(request.form)
    if not form.validate() or dishes.wrong or not mark:
        return _sale_page(week, form, dishes), 422
    try:
        with transaction():
            words = _sell(week, dishes, form, mark)
    except Refusal as refusal:
        return _sale_page(week, form, dishes, refusal), 422
    flash(words, "done")
    return redirect(url_for("orders.desk", label=label), 303)


@blueprint.get("/sheet")
@for_roles(Role.ORGANISER)
def sheet(label: str) -> str:
    """Show one form for an evening that was kept on paper."""
    return _sheet_page(_week(label))


@blueprint.post("/sheet")
@for_roles(Role.ORGANISER)
def enter(label: str) -> Answer:
    """Write the whole sheet down, or nothing of it."""
    week, now = _week(label), clock.now()
    marks, wrong = read_marks(request.form, [one.number for one in queries.desk(week.id).waiting])
    dishes = read_quantities(request.form, board(week, language()).line_ids)
    mark = form_mark(request.form)
    if wrong or dishes.wrong or not mark:
        return _sheet_page(week, dishes, wrong), 422
    try:
        with transaction():
            numbers = services.enter_sheet(week.id, marks, now, ROLE)
            if dishes.wanted:
                services.sell_at_desk(week.id, dishes.wanted, now, ROLE, mark)
    except Refusal as refusal:
        return _sheet_page(week, dishes, wrong, refusal), 422
    words = ngettext(
        "La feuille est rentrée : %(num)s commande.",
        "La feuille est rentrée : %(num)s commandes.",
        len(numbers),
    )
    flash(words, "done")
    return redirect(url_for("orders.desk", label=label), 303)


@blueprint.get("/slips")
@for_roles(Role.ORGANISER)
def slips(label: str) -> str:
    """Show every bag's slip, with allergens, to print."""
    return render_template("orders/slips.html", tickets=queries.desk(_week(label).id).waiting, back=label)


def _sell(week: WeekFacts, dishes: Quantities, form: CashForm, mark: str) -> str:
    now = clock.now()
    if request.form.get("for") == "team":
        number = services.team_meal(week.id, dishes.wanted, now, mark)
        words: str = _("%(number)s : repas de l’équipe.", number=number)
        return words
    later = request.form.get("for") == "later"
    if later and not uses(Switch.CREDIT):
        abort(404)
    number, cash = services.sell_at_desk(
        week.id,
        dishes.wanted,
        now,
        ROLE,
        mark,
        received=form.received.data,
        keep_change=form.keep.data,
        pay_later=later,
    )
    return _sold(number, cash)


def _sold(number: int, cash: Cash) -> str:
    words = [_("%(number)s : vendu. Reçu %(amount)s.", number=number, amount=euros(cash.kept))]
    if cash.change:
        words.append(_("Rendez %(amount)s.", amount=euros(cash.change)))
    return " ".join(words)


def _week(label: str) -> WeekFacts:
    return desk_week(label, clock.now()) or abort(404)


def _sale_page(
    week: WeekFacts,
    form: CashForm | None = None,
    dishes: Quantities | None = None,
    refusal: Refusal | None = None,
) -> str:
    return render_template(
        "orders/sale.html",
        board=board(week, language()),
        form=form or CashForm(),
        dishes=dishes,
        refusal=refusal,
        form_id=form_mark(request.form) or new_token(),
    )


def _sheet_page(
    week: WeekFacts,
    dishes: Quantities | None = None,
    wrong: frozenset[int] = frozenset(),
    refusal: Refusal | None = None,
) -> str:
    return render_template(
        "orders/sheet.html",
        board=board(week, language()),
        desk=queries.desk(week.id),
        sent=request.form,
        dishes=dishes,
        wrong=wrong,
        refusal=refusal,
        form_id=form_mark(request.form) or new_token(),
    )
