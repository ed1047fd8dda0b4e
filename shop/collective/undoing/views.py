"""Undoing an entry: what follows, why, and then the act."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock
from shop.collective.undoing.rules import owners
from shop.collective.undoing.services import Preview, rehearse, reversal_of, undo
from shop.errors import EntryStays, EntryUnknown, Refusal
from shop.fields import whole
from shop.ledger.books import journal
from shop.ledger.books.journal import BookedEntry
from shop.ledger.books.rules import EntryKind, ReversalReason
from shop.ledger.books.sellers import kept
from shop.members.models import Member
from shop.pages import Role, for_roles
from shop.transaction import transaction
from shop.treasury.cost_views import staff
from shop.treasury.views import KEEPERS

blueprint = Blueprint("undoing", __name__, url_prefix="/treasury/entries")

ANY = ReversalReason.AMOUNT
"""A reason to rehearse with: what follows is the same for each."""


@blueprint.get("/<int(max=2000000000):seq>/undo")
@for_roles(*KEEPERS, activity=None)
def preview(seq: int) -> str:
    """Say what will be so once the entry is undone, or why it stays."""
    entry = _entry(seq)
    try:
        return _page(entry, _rehearsed(entry))
    except Refusal as refusal:
        return _page(entry, refusal=refusal)


@blueprint.post("/<int(max=2000000000):seq>/undo")
@for_roles(*KEEPERS, activity=None)
def act(seq: int) -> Response | tuple[str, int]:
    """Undo the entry, for a reason of the list."""
    entry, reason = _entry(seq), request.form.get("reason", "")
    try:
        if reason not in set(ReversalReason):
            return _page(entry, _rehearsed(entry), unsaid=True), 422
        _check_owner(entry)
        with transaction():
            undo(seq, clock.now(), _role(entry), reason, _payer(entry))
    except Refusal as refusal:
        return _page(entry, refusal=refusal), 422
    flash(_("C’est annulé : une écriture contraire le dit au journal."), "done")
    return redirect(_back(entry), 303)


def _rehearsed(entry: BookedEntry) -> Preview:
    _check_owner(entry)
    if reversal_of(entry.seq):
        return Preview((), ())
    return rehearse(entry.seq, kept(*KEEPERS), clock.now(), _role(entry), ANY)


def _check_owner(entry: BookedEntry) -> None:
    if not _owners(entry) & _undoes_for(entry.kind):
        raise EntryStays("other_seller")


def _undoes_for(kind: EntryKind) -> set[str]:
    """Name the sellers for whom the viewer undoes this kind: those they keep; a cost, also who organises."""
    return set(kept(*KEEPERS) if kind is EntryKind.COST else kept())


def _owners(entry: BookedEntry) -> set[str]:
    return owners((leg.account, leg.activity) for leg in entry.legs)


def _keeps(entry: BookedEntry) -> bool:
    """Say whether the viewer keeps the books in which the entry stands, so that they read it there."""
    return bool(entry.sellers & set(kept()))


def _role(entry: BookedEntry) -> str:
    return Role.TREASURER if _owners(entry) & set(kept()) else Role.ORGANISER


def _back(entry: BookedEntry) -> str:
    """Give the address of the page from which the viewer came: an organiser's list of costs, or the entry."""
    if _keeps(entry):
        return url_for("books.entry", seq=entry.seq)
    return url_for("treasury.costs", seller=min(_owners(entry)))


def _pockets(entry: BookedEntry) -> list[Member]:
    """List whose pocket the entry may have paid back: that was forgotten when it was booked."""
    if entry.kind is not EntryKind.REIMBURSEMENT or not entry.document.startswith("cost:"):
        return []
    return [one for seller in kept() for one in staff(seller)]


def _payer(entry: BookedEntry) -> int | None:
    named = whole(request.form.get("payer", ""))
    return named if named in {one.id for one in _pockets(entry)} else None


def _entry(seq: int) -> BookedEntry:
    """Give an entry of a seller whose books the viewer keeps, or a cost of one for whom they organise.

    Any other is not there.
    """
    try:
        found = journal.entry(seq)
    except EntryUnknown:
        abort(404)
    return found if _owners(found) & _undoes_for(found.kind) or _keeps(found) else abort(404)


def _page(
    entry: BookedEntry, follows: Preview | None = None, refusal: Refusal | None = None, unsaid: bool = False
) -> str:
    return render_template(
        "undoing/undo.html",
        entry=entry,
        follows=follows,
        refusal=refusal,
        unsaid=unsaid,
        reasons=list(ReversalReason),
        several=len(kept(*KEEPERS)) > 1,
        back=_back(entry),
        keeps=_keeps(entry),
        pockets={one.id: one.pseudonym for one in _pockets(entry)},
    )
