"""Whose books a page shows: the seller that the address or the form names, among those the viewer keeps."""

from flask import abort, request

from shop.pages import Role, viewer
from shop.settings.switches import Switch, uses


def kept(*roles: Role) -> list[str]:
    """List the sellers for which the viewer holds one of these roles, or is treasurer; the meals first.

    Where the group sells no beer, nobody keeps its books.
    """
    who = viewer()
    held = (who.activities(role) for role in {*roles, Role.TREASURER}) if who else ()
    found = {seller for sellers in held for seller in sellers}
    if not uses(Switch.BEER):
        found.discard("beer")
    return sorted(found, key=lambda seller: (seller != "meals", seller))


def chosen(*roles: Role) -> str:
    """Give the seller that is asked for, the first one where none is named; any other answers 404."""
    mine = kept(*roles)
    named = request.values.get("seller") or (mine[0] if mine else "")
    if named not in mine:
        abort(404)
    return named
