"""What the pages of the treasury share: a blueprint, whose books they show, and as what one books."""

from flask import Blueprint, abort
from flask_babel import format_date, lazy_gettext
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from shop.extensions import db
from shop.ledger.books.models import JournalEntry
from shop.ledger.books.rules import MONEY
from shop.ledger.books.sellers import kept
from shop.pages import Role, viewer
from shop.settings.switches import Switch, uses
from shop.treasury.rules import BANKS, CASH

blueprint = Blueprint("treasury", __name__, url_prefix="/treasury")

Answer = Response | tuple[str, int]
KEEPERS = (Role.ORGANISER, Role.TREASURER)

OWN = {"57": lazy_gettext("La caisse"), "55": lazy_gettext("Le compte en banque")}
PLACES = {
    "570100": lazy_gettext("Caisse repas"),
    "550100": lazy_gettext("Compte repas"),
    "570200": lazy_gettext("Caisse bière"),
    "550200": lazy_gettext("Compte bière"),
}


def acting_role(seller: str = "meals") -> str:
    """Say as what the viewer books: treasurer of this seller where they are one, else organiser."""
    who = viewer()
    return Role.TREASURER if who and who.has(Role.TREASURER, activity=seller) else Role.ORGANISER


def places(sellers: list[str], own: str = "") -> dict[str, str]:
    """Name the boxes and, where they are used, the bank accounts of these sellers; those of `own` first."""
    kinds = (CASH, BANKS) if uses(Switch.BANK) else (CASH,)
    ordered = sorted(sellers, key=lambda seller: seller != own)
    return {kind[seller]: place_name(kind[seller], own) for seller in ordered for kind in kinds}


def place_name(account: str, own: str = "") -> str:
    """Name a box or a bank account; on a page of its `own` seller, or of one alone, it is simply the box."""
    mine = MONEY[account] in ({own} if own or len(kept(*KEEPERS)) > 1 else kept(*KEEPERS))
    return str(OWN[account[:2]] if mine else PLACES[account])


def own_place(account: str, *roles: Role) -> str:
    """Give a box or bank account again where the viewer keeps it; any other answers 404."""
    if MONEY.get(account) not in kept(*roles) or (account in BANKS.values() and not uses(Switch.BANK)):
        abort(404)
    return account


def say_noted(seq: int, day: object) -> str:
    """Say that something of a day is noted, and on which day it is booked where its own was locked."""
    booked = db.session.scalar(select(JournalEntry.date).where(JournalEntry.seq == seq))
    if booked in {None, day}:
        return str(_("C’est noté."))
    return str(
        _("C’est noté. Ce jour est verrouillé : au journal, c’est le %(day)s.", day=format_date(booked))
    )
