"""Downloads for treasurers."""

from flask import Blueprint, Response, stream_with_context

from shop import clock, weeks
from shop.ledger.exports import journal_csv
from shop.pages import Role, for_roles

blueprint = Blueprint("exports", __name__, url_prefix="/treasury/exports")


@blueprint.get("/journal.csv")
@for_roles(Role.TREASURER)
def journal() -> Response:
    """Give the journal as a file."""
    today = weeks.local_day(clock.now()).isoformat()
    return Response(
        stream_with_context(journal_csv.lines()),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="journal-{today}.csv"'},
    )
