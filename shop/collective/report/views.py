"""The page of a quarter."""

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from shop import clock
from shop.collective.report.queries import report
from shop.collective.report.rules import Quarter, lines, quarter_of
from shop.ledger.books.sellers import chosen, kept
from shop.pages import Role, for_roles
from shop.treasury.forms import KINDS
from shop.treasury.rules import ACCOUNTS
from shop.weeks import local_day

blueprint = Blueprint("report", __name__, url_prefix="/treasury/report")

FIRST_YEAR = 2000
ANY = tuple(Role)
"""Sums are for everybody who works for a seller: here is no name and no single part."""


@blueprint.get("")
@for_roles(activity=None)
def latest() -> Response:
    """Go to the quarter that today lies in."""
    now = quarter_of(local_day(clock.now()))
    return redirect(url_for("report.quarter", year=now.year, number=now.number, seller=chosen(*ANY)))


@blueprint.get("/<int(max=9999):year>/<int(max=9999):number>")
@for_roles(activity=None)
def quarter(year: int, number: int) -> str:
    """Show a seller's quarter beside the one before."""
    today = local_day(clock.now())
    if not (FIRST_YEAR <= year <= today.year and 1 <= number <= 4):
        abort(404)
    wanted = Quarter(year, number)
    if wanted.first > today:
        abort(404)
    found = report(chosen(*ANY), wanted, today)
    return render_template(
        "report/quarter.html",
        report=found,
        income=lines(found.money.income, found.before.income),
        costs=lines(found.money.costs, found.before.costs),
        became=lines(found.money.uses, found.before.uses),
        kinds={account: KINDS[kind] for kind, account in ACCOUNTS.items()},
        sellers=kept(*ANY),
        later=wanted.after if wanted.after.first <= today else None,
    )
