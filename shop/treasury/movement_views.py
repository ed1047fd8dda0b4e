"""The pages of gifts, of cash to the bank and back, and of what one seller pays the other."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, url_for
from sqlalchemy import select

from shop import clock
from shop.errors import Refusal
from shop.extensions import db
from shop.ledger.books.label_views import account_label
from shop.ledger.books.models import Account
from shop.ledger.books.rules import MONEY
from shop.ledger.books.sellers import chosen, kept
from shop.pages import Role, for_roles
from shop.settings.switches import Switch, needs, uses
from shop.transaction import transaction
from shop.treasury import queries, services
from shop.treasury.keeping import Answer, acting_role, blueprint, places, say_noted
from shop.treasury.movement_forms import DebtForm, GiftForm, LiaisonForm, MovementForm, TransferForm
from shop.treasury.rules import CASH, FUNDS, Moved, MovementKind
from shop.weeks import local_day


@blueprint.get("/gifts")
@for_roles(Role.TREASURER, activity=None)
def gifts() -> str:
    """Show the form of a gift, and the gifts of late."""
    return _gifts_page(_gift_form())


@blueprint.post("/gifts")
@for_roles(Role.TREASURER, activity=None)
def give() -> Answer:
    """Record a gift."""
    form = _gift_form()
    return _take(form, form.moved, lambda refusal: _gifts_page(form, refusal), url_for("treasury.gifts"))


@blueprint.get("/transfers")
@for_roles(Role.TREASURER, activity=None)
def transfers() -> str:
    """Show how cash goes to the bank, and what one seller owes the other."""
    return _transfers_page(chosen())


@blueprint.post("/transfers")
@needs(Switch.BANK)
@for_roles(Role.TREASURER, activity=None)
def transfer() -> Answer:
    """Record that cash went to the bank, or came from it."""
    seller, form = chosen(), TransferForm()
    return _take(
        form,
        lambda: form.moved(seller),
        lambda refusal: _transfers_page(seller, transfer=form, refusal=refusal),
        url_for("treasury.transfers", seller=seller),
    )


@blueprint.post("/liaison")
@needs(Switch.BEER)
@for_roles(Role.TREASURER, activity=None)
def settle() -> Answer:
    """Record that one seller paid the other what it owed, or a part; who pays says so."""
    seller = chosen()
    form = _liaison_form(seller)
    if MONEY.get(form.from_account.data or "", seller) not in kept():
        abort(404)
    return _take(
        form,
        form.moved,
        lambda refusal: _transfers_page(seller, liaison=form, refusal=refusal),
        url_for("treasury.transfers", seller=seller),
    )


@blueprint.get("/debts")
@for_roles(Role.TREASURER, activity=None)
def debts() -> str:
    """Show what a seller still owes from before its books."""
    seller = chosen()
    return _debts_page(seller, _debt_form(seller))


@blueprint.post("/debts")
@for_roles(Role.TREASURER, activity=None)
def pay_debt() -> Answer:
    """Record the payment of a debt from before the books."""
    seller = chosen()
    form = _debt_form(seller)
    return _take(
        form,
        lambda: form.moved(seller),
        lambda refusal: _debts_page(seller, form, refusal),
        url_for("treasury.debts", seller=seller),
    )


def _take(
    form: MovementForm,
    moved: Callable[[], Moved],
    page: Callable[[Refusal | None], str],
    then: str,
) -> Answer:
    """Record what a form says and go on, or show it again with what is wrong."""
    today = local_day(clock.now())
    if not form.validate():
        return page(None), 422
    try:
        with transaction():
            told = moved()
            done = services.move(form.form_id.data, told, today, acting_role(told.activity))
            said = say_noted(done.entry, told.happened_on)
    except Refusal as refusal:
        return page(refusal), 422
    flash(said, "done")
    return redirect(then, 303)


def _gift_form() -> GiftForm:
    return GiftForm().prepare(places(kept()), _funds(), local_day(clock.now()))


def _funds() -> dict[str, str]:
    """Name the funds a gift may be for: of the sellers that one keeps, and for the meals' the jars too."""
    sellers = kept()
    funds = [fund for fund, keeper in FUNDS.items() if keeper in sellers or "meals" in sellers]
    labels = select(Account.code, Account.label).where(Account.code.in_(funds)).order_by(Account.code)
    return {row.code: account_label(row.label) for row in db.session.execute(labels)}


def _gifts_page(form: GiftForm, refusal: Refusal | None = None) -> str:
    found = queries.movements(kept(), MovementKind.GIFT)
    return render_template("treasury/gifts.html", form=form, refusal=refusal, gifts=found, funds=_funds())


def _debt_form(seller: str) -> DebtForm:
    return DebtForm().prepare(
        queries.old_debts_left(seller), places(kept(), own=seller), local_day(clock.now())
    )


def _debts_page(seller: str, form: DebtForm, refusal: Refusal | None = None) -> str:
    return render_template(
        "treasury/debts.html",
        form=form,
        refusal=refusal,
        seller=seller,
        sellers=kept(),
        left=queries.old_debts_left(seller),
        paid=queries.movements([seller], MovementKind.DEBT),
    )


def _liaison_form(seller: str) -> LiaisonForm:
    """Offer to pay what this seller owes the other, or what the other owes this one."""
    other = next(one for one in CASH if one != seller)
    debtor, creditor = (other, seller) if queries.liaison_owed(other) else (seller, other)
    owed, today = queries.liaison_owed(debtor), local_day(clock.now())
    return LiaisonForm().prepare(places([debtor]), places([creditor]), owed, today)


def _transfers_page(
    seller: str,
    transfer: TransferForm | None = None,
    liaison: LiaisonForm | None = None,
    refusal: Refusal | None = None,
) -> str:
    if not (uses(Switch.BANK) or uses(Switch.BEER)):
        abort(404)
    fresh = TransferForm()
    fresh.begin(local_day(clock.now()))
    return render_template(
        "treasury/transfers.html",
        transfer=transfer or fresh,
        liaison=liaison or _liaison_form(seller),
        refusal=refusal,
        seller=seller,
        sellers=kept(),
        owed={one: queries.liaison_owed(one) for one in CASH},
        found=queries.movements([seller], MovementKind.TRANSFER, MovementKind.LIAISON),
    )
