"""The journal of a seller, with its search, and the page of an entry."""

from flask import abort, render_template, request

from shop.errors import EntryUnknown
from shop.ledger.books import accounts, searching
from shop.ledger.books import journal as reads
from shop.ledger.books.forms import JournalForm
from shop.ledger.books.reading import PAGE, blueprint, kinds, number
from shop.ledger.books.sellers import chosen, kept
from shop.pages import Role, for_roles


@blueprint.get("/journal")
@for_roles(Role.TREASURER, activity=None)
def journal() -> str:
    """Show a seller's journal, or what is looked for in it, newest first, a page at a time."""
    seller, before = chosen(), request.args.get("before", type=number)
    places = {code: label for code, label, _kind in accounts.used_by(seller)}
    form = JournalForm(request.args).offer(dict.fromkeys(kinds(), ""), places)
    searched = any(request.args.get(name) for name in form.data)
    found = searching.numbers(form.search(seller), before, PAGE + 1) if form.validate() else []
    return render_template(
        "ledger/journal.html",
        form=form,
        seller=seller,
        sellers=kept(),
        entries=[one.seen_by([seller]) for one in reads.entries(found[:PAGE])],
        older=found[PAGE - 1] if len(found) > PAGE else None,
        newest=before is None,
        searched=searched,
        address={name: request.args[name] for name in form.data if request.args.get(name)},
    )


@blueprint.get("/entries/<int(max=2000000000):seq>")
@for_roles(Role.TREASURER, activity=None)
def entry(seq: int) -> str:
    """Show the viewer's part of an entry, what caused it, what undid it and what else cites the same."""
    mine = kept()
    try:
        found = reads.entry(seq)
    except EntryUnknown:
        abort(404)
    if not found.sellers & set(mine):
        abort(404)
    others = [one.seen_by(mine) for one in reads.entries_on(found.document) if one.seq != seq]
    return render_template(
        "ledger/entry.html",
        entry=found.seen_by(mine),
        hidden=found.sellers - set(mine),
        seller=min(found.sellers & set(mine), key=mine.index),
        others=[one for one in others if one.legs],
        several=len(mine) > 1,
    )
