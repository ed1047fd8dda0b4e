"""What the accounts of that which the cooks receive are called, by the name that the group chose for it.

Everywhere else an account is called as its row says. French: the chart is, and so are the files.
"""

from collections.abc import Mapping

from shop.settings.naming import AidName

CALLED: Mapping[AidName, tuple[str, str, str]] = {
    AidName.AID: ("Aide solidaire", "Aide attribuée", "Avances sur aide"),
    AidName.PART: ("Part solidaire", "Part attribuée", "Avances sur part"),
    AidName.SUPPORT: ("Soutien solidaire", "Soutien attribué", "Avances sur soutien"),
    AidName.SOLIDARITY: ("Solidarité", "Solidarité attribuée", "Avances sur solidarité"),
}
"""Of the accounts 643100, 489110 and 416100; the first line is the chart's."""


def renamed(name: AidName) -> dict[str, str]:
    """Give what the labels of the chart are called instead; nothing where the chart's own name is used."""
    if name is AidName.AID:
        return {}
    return dict(zip(CALLED[AidName.AID], CALLED[name], strict=True))
