"""The pages of counts: a cash box by its pieces, a bank account by its statement; who holds which box."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField

from shop import clock
from shop.errors import MemberUnknown, Refusal
from shop.fields import EurosField, whole
from shop.ledger.books.rules import MONEY
from shop.ledger.books.sellers import chosen, kept
from shop.pages import for_roles
from shop.settings.switches import Switch, needs
from shop.transaction import transaction
from shop.treasury import boxes as held
from shop.treasury import queries, services
from shop.treasury.cost_views import staff
from shop.treasury.forms import FILL, near
from shop.treasury.keeping import KEEPERS, Answer, acting_role, blueprint, own_place, place_name, places
from shop.treasury.rules import CASH, COUNTED, parse_pieces
from shop.weeks import local_day


class StatementForm(FlaskForm):
    """What a bank says it holds, at the end of a day."""

    cents = EurosField(_l("Solde de l’extrait"), validators=[FILL])
    counted_on = DateField(_l("À la fin du"), validators=[FILL, near])


def typed_pieces() -> dict[int, str]:
    """Give what was typed in the fields of a count, by value in cents."""
    return {value: request.form.get(f"n-{value}", "").strip() for value in COUNTED}


@blueprint.get("/counts")
@for_roles(*KEEPERS, activity=None)
def counts() -> str:
    """Show the form of a count of the box that the address names, and the counts made."""
    return _counts_page(_account())


@blueprint.post("/counts")
@for_roles(*KEEPERS, activity=None)
def count() -> Answer:
    """Write down what lies in a box."""
    account, typed, today = _account(), typed_pieces(), local_day(clock.now())
    try:
        with transaction():
            services.count_cash(parse_pieces(typed), today, acting_role(MONEY[account]), account)
    except Refusal as refusal:
        return _counts_page(account, typed, refusal), 422
    flash(_("La caisse est comptée."), "done")
    return redirect(url_for("treasury.counts", account=account), 303)


@blueprint.post("/checks")
@needs(Switch.BANK)
@for_roles(*KEEPERS, activity=None)
def check() -> Answer:
    """Write down what a bank's statement says."""
    account, form = _account(), StatementForm()
    if not form.validate():
        return _counts_page(account, form=form), 422
    try:
        with transaction():
            services.check_bank(account, form.cents.data or 0, form.counted_on.data, local_day(clock.now()))
    except Refusal as refusal:
        return _counts_page(account, refusal=refusal, form=form), 422
    flash(_("Le compte est vérifié."), "done")
    return redirect(url_for("treasury.counts", account=account), 303)


@blueprint.get("/boxes")
@for_roles(*KEEPERS, activity=None)
def boxes() -> str:
    """Show each box with what it should hold, its last count and who holds it."""
    found = held.boxes(kept(*KEEPERS))
    return render_template("treasury/boxes.html", boxes=found, names=_names(found))


@blueprint.get("/boxes/<account>")
@for_roles(*KEEPERS, activity=None)
def box(account: str) -> str:
    """Show the form with which a box goes from one holder to the next."""
    return _box_page(own_place(account, *KEEPERS))


@blueprint.post("/boxes/<account>")
@for_roles(*KEEPERS, activity=None)
def hand_over(account: str) -> Answer:
    """Count a box and write down who takes it."""
    account, typed, today = own_place(account, *KEEPERS), typed_pieces(), local_day(clock.now())
    holder = whole(request.form.get("holder", "")) or 0
    try:
        with transaction():
            if holder not in {one.id for one in staff(MONEY[account])}:
                raise MemberUnknown
            role = acting_role(MONEY[account])
            services.hand_box_over(account, parse_pieces(typed), holder, today, role)
    except Refusal as refusal:
        return _box_page(account, typed, holder, refusal), 422
    flash(_("La caisse est comptée et confiée."), "done")
    return redirect(url_for("treasury.boxes"), 303)


def _account() -> str:
    """Give the box or account that is asked for; where none is, the box of the seller that is shown."""
    return own_place(request.values.get("account") or CASH[chosen(*KEEPERS)], *KEEPERS)


def _names(found: list[held.Held]) -> dict[str, str]:
    return {one.account: place_name(one.account) for one in found}


def _counts_page(
    account: str,
    typed: dict[int, str] | None = None,
    refusal: Refusal | None = None,
    form: StatementForm | None = None,
) -> str:
    if form is None:
        form = StatementForm(formdata=None, counted_on=local_day(clock.now()))
    seller = MONEY[account]
    return render_template(
        "treasury/counts.html",
        account=account,
        seller=seller,
        places=places(kept(*KEEPERS)),
        cash=account in CASH.values(),
        form=form,
        typed=typed or {},
        refusal=refusal,
        values=COUNTED,
        box=queries.box(seller),
        opened=queries.has_opened(seller),
        held=queries.held_on(account, local_day(clock.now())),
        counts=queries.counts(account),
        undone=queries.undone(queries.counts(account)),
    )


def _box_page(
    account: str, typed: dict[int, str] | None = None, holder: int = 0, refusal: Refusal | None = None
) -> str:
    seller = MONEY[account]
    return render_template(
        "treasury/box.html",
        account=account,
        name=place_name(account),
        people=staff(seller),
        holder=holder,
        now_with=held.holders_of([account]).get(account),
        typed=typed or {},
        refusal=refusal,
        values=COUNTED,
        box=queries.box(seller),
    )
