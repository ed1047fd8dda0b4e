"""Locking past days, and closing years."""

from datetime import date, timedelta

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock
from shop.errors import Refusal
from shop.ledger.books import services, years
from shop.ledger.books.forms import LockForm
from shop.ledger.books.reading import blueprint
from shop.ledger.books.sellers import chosen, kept
from shop.pages import Role, for_roles
from shop.transaction import transaction
from shop.weeks import local_day

FIRST_YEAR = 2000
"""No form takes a day before."""


@blueprint.get("/locks")
@for_roles(Role.TREASURER, activity=None)
def locks() -> str:
    """Show which days are locked, and each seller's years: closed, or to close."""
    return _page()


@blueprint.post("/locks")
@for_roles(Role.TREASURER, activity=None)
def lock() -> Response | tuple[str, int]:
    """Lock all days up to one, for good."""
    form = LockForm()
    if not form.validate():
        return _page(form), 422
    try:
        with transaction():
            services.lock_until(form.until.data, local_day(clock.now()))
    except Refusal as refusal:
        return _page(form, refusal), 422
    flash(_("Ces jours sont verrouillés."), "done")
    return redirect(url_for("books.locks"), 303)


@blueprint.post("/years/<int(max=9999):year>/close")
@for_roles(Role.TREASURER, activity=None)
def close_year(year: int) -> Response | tuple[str, int]:
    """Close a seller's year."""
    seller = chosen()
    if year < FIRST_YEAR:
        abort(404)
    try:
        with transaction():
            seq = services.close_year(seller, year, local_day(clock.now()), Role.TREASURER)
    except Refusal as refusal:
        return _page(refusal=refusal), 422
    flash(_("L’année %(year)s est clôturée.", year=year), "done")
    return redirect(url_for("books.entry", seq=seq), 303)


def _page(form: LockForm | None = None, refusal: Refusal | None = None) -> str:
    today, mine = local_day(clock.now()), kept()
    until, year_over = years.locked_until(), years.year_to_lock(today)
    if form is None:
        form = LockForm(formdata=None, until=year_over or _month_over(today, until))
    return render_template(
        "ledger/locks.html",
        form=form,
        refusal=refusal,
        until=until,
        year_over=year_over,
        year_ends=[years.year_end(seller, today) for seller in mine],
        several=len(mine) > 1,
    )


def _month_over(today: date, until: date | None) -> date | None:
    """Give the last day of the month before, which is what one mostly locks, unless it is locked."""
    day = today.replace(day=1) - timedelta(days=1)
    return day if until is None or day > until else None
