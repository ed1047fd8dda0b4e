"""What treasurers take away: one page, and a download for each file."""

from datetime import date

from flask import Blueprint, Response, abort, render_template, request, stream_with_context

from shop import clock, weeks
from shop.ledger.books.sellers import chosen, kept
from shop.ledger.exports import reads
from shop.ledger.exports.formats import FORMATS, MEALS, Format, pieces, scope_of
from shop.ledger.exports.forms import DaysForm
from shop.members.fresh import fresh_sign_in
from shop.pages import Role, for_roles

blueprint = Blueprint("exports", __name__, url_prefix="/treasury/exports")

SHARES = "settlements.csv"
"""Who works for the meals alone may have it: it tells of the cooks, without their names."""


@blueprint.get("")
@for_roles(Role.TREASURER, activity=None)
def page() -> str | tuple[str, int]:
    """Show the files of one seller, for the days that are chosen: this year where none are."""
    today = weeks.local_day(clock.now())
    form = DaysForm(request.args)
    if not request.args.keys() & {"from", "to"}:
        form.start.data, form.end.data = today.replace(month=1, day=1), today
    return _page(form, today)


@blueprint.get("/<name>")
@for_roles(Role.TREASURER, activity=None)
@fresh_sign_in("exports.page")
def download(name: str) -> Response | str | tuple[str, int]:
    """Give a file, piece by piece as it is read."""
    wanted, form = FORMATS.get(name), DaysForm(request.args)
    if wanted is None or (name == SHARES and MEALS not in kept()):
        abort(404)
    today = weeks.local_day(clock.now())
    if not form.validate():
        return _page(form, today)
    scope = scope_of(wanted, form.start.data, form.end.data, _sellers(wanted), today)
    return Response(
        stream_with_context(pieces(wanted, scope)),
        content_type=wanted.mimetype,
        headers={"Content-Disposition": f'attachment; filename="{wanted.filename(scope)}"'},
    )


def _sellers(wanted: Format) -> list[str]:
    """Name the sellers of a file: the one that is asked for, else all that one keeps where it may."""
    if wanted.name == SHARES:
        return [MEALS]
    return [chosen()] if wanted.one_seller or "seller" in request.args else kept()


def _page(form: DaysForm, today: date) -> str | tuple[str, int]:
    """Show the page; wrong days are said."""
    right, mine = form.validate(), kept()
    shown = render_template(
        "exports/page.html",
        form=form,
        seller=chosen(),
        sellers=mine,
        years=reads.years(today),
    )
    return shown if right else (shown, 422)
