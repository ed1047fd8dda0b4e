"""The cards of dishes, for who organises."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop.errors import KindFixed, MenuRefused
from shop.menu.forms import DishForm
from shop.menu.models import Dish
from shop.menu.queries import cards, dish, week_by_label
from shop.menu.rules import WeekFacts
from shop.menu.services import add_line, save_dish
from shop.pages import Role, for_roles
from shop.transaction import transaction

blueprint = Blueprint("menu", __name__, url_prefix="/collective/dishes")


@blueprint.get("/")
@for_roles(Role.ORGANISER)
def dishes() -> str:
    """Show every dish already written down."""
    return render_template("menu/dishes.html", cards=cards())


@blueprint.get("/new")
@for_roles(Role.ORGANISER)
def new() -> str:
    """Show an empty card, for a week's menu where `week` names one."""
    return render_template("menu/dish.html", form=DishForm(), dish=None, week=_week())


@blueprint.post("/new")
@for_roles(Role.ORGANISER)
def create() -> Response | tuple[str, int]:
    """Write a card, and put it on the menu it was written for."""
    form, week = DishForm(), _week()
    if not form.validate():
        return _again(form, None)
    try:
        with transaction():
            made = _save(form)
            if week:
                add_line(week.id, made.id)
    except MenuRefused as refusal:
        return _again(form, None, refusal)
    flash(_("La carte est écrite."), "done")
    return _back(week)


@blueprint.get("/<int(max=999999999):dish_id>")
@for_roles(Role.ORGANISER)
def edit(dish_id: int) -> str:
    """Show a card to change it."""
    found = _dish(dish_id)
    return render_template("menu/dish.html", form=DishForm.of(found), dish=found, week=_week())


@blueprint.post("/<int(max=999999999):dish_id>")
@for_roles(Role.ORGANISER)
def save(dish_id: int) -> Response | tuple[str, int]:
    """Write over a card."""
    found, form = _dish(dish_id), DishForm()
    if not form.validate():
        return _again(form, found)
    try:
        with transaction():
            _save(form, dish_id)
    except KindFixed:
        form.refuse_kind()
        return _again(form, _dish(dish_id))
    flash(_("La carte est changée."), "done")
    return _back(_week())


def _save(form: DishForm, dish_id: int | None = None) -> Dish:
    return save_dish(
        form.dish_kind,
        form.texts("name"),
        form.price.data or 0,
        contents=form.texts("contents"),
        diets=form.ticked("diets"),
        allergens=form.ticked("allergens"),
        dish_id=dish_id,
    )


def _dish(dish_id: int) -> Dish:
    found = dish(dish_id)
    if found is None:
        abort(404)
    return found


def _week() -> WeekFacts | None:
    """Give the week that the card is written for, where one is named and still changes."""
    week = week_by_label(request.args.get("week", ""))
    return week if week and week.changeable else None


def _back(week: WeekFacts | None) -> Response:
    return redirect(url_for("menus.show", label=week.label) if week else url_for("menu.dishes"), 303)


def _again(form: DishForm, found: Dish | None, refusal: MenuRefused | None = None) -> tuple[str, int]:
    page = render_template("menu/dish.html", form=form, dish=found, week=_week(), refusal=refusal)
    return page, 422
