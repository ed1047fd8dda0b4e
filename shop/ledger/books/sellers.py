"""Whose books a page shows: the seller that the address or the form names, among those the viewer keeps."""

from flask import abort, request

from shop.pages import Role, viewer


def kept(*roles: Role) -> list[str]:
    """List the sellers for which the viewer holds one of these roles, or is treasurer; the meals first."""
    who = viewer()
    found = {
        seller for role in roles or (Role.TREASURER,) for seller in (who.activities(role) if who else ())
    }
    return sorted(found, key=lambda seller: (seller != "meals", seller))


def chosen(*roles: Role) -> str:
    """Give the seller that is asked for, the first one where none is named; any other answers 404."""
    mine = kept(*roles)
    named = request.values.get("seller") or (mine[0] if mine else "")
    if named not in mine:
        abort(404)
    return named
