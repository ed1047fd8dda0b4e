"""Who lives in the demo: seven members under the names of herbs and spices, and invented customers."""

from collections.abc import Mapping
from dataclasses import dataclass

PASSPHRASE = "une pincée de sel"
"""Everybody's, printed by `shop welcome`: a demonstration has nothing to hide."""

PLACE = "12 rue de la Démo"
CONTACT = "bonjour@example.org · 04 000 00 00"


@dataclass(frozen=True)
class Mate:
    """A member: pairs of activity and role; `weight` in hundredths where they have a part, else 0."""

    pseudonym: str
    emblem: str
    roles: tuple[tuple[str, str], ...]
    weight: int = 0


COOKS = (("meals", "cook"),)
TEAM = (
    Mate("Safran", "saffron", COOKS, 100),
    Mate("Menthe", "mint", COOKS, 130),
    Mate("Cumin", "cumin", COOKS, 180),
    Mate("Cannelle", "cinnamon", COOKS, 210),
    Mate("Thym", "thyme", (("meals", "organiser"), ("meals", "admin"))),
    Mate("Laurier", "bay", (("meals", "courier"),)),
    Mate("Sauge", "sage", (("meals", "treasurer"), ("beer", "treasurer"))),
)
BUYER = "Thym"
"""Who sometimes pays out of their own pocket."""

CUSTOMERS = (
    *("Nour", "Jeanne", "Baptiste", "Yasmina", "Lucien", "Aïcha", "Gilles", "Marta", "Odile", "Karim"),
    *("Sofia", "Bernard", "Fatou", "Élise", "Hugo", "Imane", "Josette", "Pol", "Rosa", "Tarek"),
    *("Valérie", "Willy", "Zoé", "Amadou", "Colette", "Driss", "Émile", "Farah", "Guy", "Hélène"),
    *("Ibrahima", "Léa", "Mathieu", "Nadia"),
)
NO_PEANUTS = "Karim"
STREETS = (
    *(("rue Puits-en-Sock", "4020 Outremeuse"), ("rue Saint-Gilles", "4000 Centre")),
    *(("rue Sainte-Marguerite", "4000 Sainte-Marguerite"), ("quai de la Boverie", "4020 Outremeuse")),
    *(("rue Pierreuse", "4000 Centre"), ("rue du Général Bertrand", "4000 Laveu")),
    *(("rue de Campine", "4000 Saint-Léonard"), ("boulevard Kleyer", "4000 Cointe")),
)


def contact_of(name: str, delivered: bool, spoken: bool) -> Mapping[str, str]:
    """Give what a customer leaves us, the same each week: spoken to a member only a first name."""
    place = CUSTOMERS.index(name)
    if spoken:
        return {"name": name}
    contact = {"name": name, "phone": f"0470 00 00 {place:02}"}
    if name == NO_PEANUTS:
        contact["without"] = "peanuts"
    if place % 3:
        contact["email"] = f"customer{place}@example.org"
    if delivered:
        street, postcode = STREETS[place % len(STREETS)]
        contact |= {"street": f"{street} {7 * place % 90 + 1}", "postcode": postcode, "bell": name}
    return contact
