"""The treasurer's pages of the books: the journal, an entry, the balances. They only read; features undo."""

import re
from datetime import date

from flask import Blueprint, abort, render_template, request
from flask_babel import format_date

from shop.errors import EntryUnknown
from shop.ledger.books import journal as reads
from shop.ledger.books import queries
from shop.pages import Role, for_roles

blueprint = Blueprint("books", __name__, url_prefix="/treasury")

PAGE = 50
"""Entries on a page of the journal."""


@blueprint.get("/journal")
@for_roles(Role.TREASURER)
def journal() -> str:
    """Show the journal, newest first, a page at a time."""
    before = request.args.get("before", type=_number)
    entries = reads.journal(before, PAGE + 1)
    older = entries[PAGE - 1].seq if len(entries) > PAGE else None
    return render_template("ledger/journal.html", entries=entries[:PAGE], older=older, newest=before is None)


@blueprint.get("/entries/<int(max=2000000000):seq>")
@for_roles(Role.TREASURER)
def entry(seq: int) -> str:
    """Show one entry, what it cites and what else cites that."""
    try:
        found = reads.entry(seq)
    except EntryUnknown:
        abort(404)
    others = [one for one in reads.entries_on(found.document) if one.seq != seq]
    return render_template("ledger/entry.html", entry=found, others=others)


@blueprint.get("/balances")
@for_roles(Role.TREASURER)
def balances() -> str:
    """Show what each account holds, by type, with totals that meet."""
    lines = queries.trial_balance()
    seq, seal = queries.head()
    return render_template(
        "ledger/balances.html", groups=queries.by_type(lines), lines=lines, seq=seq, seal=seal
    )


def _number(text: str) -> int:
    """Read an entry's number as a page's address has it. Raises ValueError."""
    if not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII):
        raise ValueError("no number of an entry")
    return int(text)


@blueprint.app_template_filter("calendar_day")
def say_date(day: date) -> str:
    """Say a day with its year: `23 nov. 2026`."""
    text: str = format_date(day, "medium")
    return text
