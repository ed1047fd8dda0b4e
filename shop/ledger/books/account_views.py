"""What each account holds, now or on a day, and the page of an account."""

from flask import abort, current_app, render_template, request
from itsdangerous import BadSignature, URLSafeSerializer

from shop.ledger.books import accounts, queries
from shop.ledger.books.accounts import Place
from shop.ledger.books.reading import PAGE, blueprint, day
from shop.ledger.books.rules import in_natural_sign
from shop.ledger.books.sellers import chosen, kept
from shop.pages import Role, for_roles


@blueprint.get("/balances")
@for_roles(Role.TREASURER, activity=None)
def balances() -> str:
    """Show what each of a seller's accounts holds, or held at the end of a day, with totals that meet."""
    seller, on = chosen(), request.args.get("on", type=day)
    lines = queries.balances_on(on, seller) if on else queries.trial_balance(seller)
    seq, seal = queries.head()
    return render_template(
        "ledger/balances.html",
        seller=seller,
        sellers=kept(),
        on=on,
        groups=queries.by_type(lines),
        lines=lines,
        seq=seq,
        seal=seal,
    )


@blueprint.get("/accounts/<string(length=6):code>")
@for_roles(Role.TREASURER, activity=None)
def account(code: str) -> str:
    """Show an account's postings, newest first, with what it held after each, a page at a time."""
    seller = chosen()
    found = accounts.account(code, seller)
    if found is None:
        abort(404)
    start = _place(code, seller)
    lines, older = accounts.lines(code, seller, start, PAGE)
    return render_template(
        "ledger/account.html",
        account=found,
        seller=seller,
        lines=lines,
        sign=in_natural_sign(found.type, 1),
        held=lines[0].held if lines else 0,
        newest=start is None,
        older=_signer(code, seller).dumps([older.seq, older.line, older.held]) if older else None,
    )


def _signer(code: str, seller: str) -> URLSafeSerializer:
    """Sign where a page starts, because what the account held there is told from it."""
    return URLSafeSerializer(str(current_app.secret_key), salt=f"account {code} {seller}")


def _place(code: str, seller: str) -> Place | None:
    """Read where the page starts; what we did not sign is the first page."""
    try:
        return Place(*_signer(code, seller).loads(request.args.get("before", "")))
    except BadSignature:
        return None
