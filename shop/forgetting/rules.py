"""How long each thing is kept, and what is left of a contact once the food is eaten."""

from collections.abc import Mapping
from datetime import timedelta

CONTACT = timedelta(days=30)
"""After its week was closed, where nothing is owed either way."""

CONTACT_AT_MOST = timedelta(days=90)
"""After the cutoff, whatever is owed, and even where nobody ever closed the week."""

CANCELLED_CONTACT = timedelta(days=7)
LETTER = timedelta(days=90)
SIGN_IN = timedelta(days=30)

STILL_NEEDED = ("name", "email", "phone")
"""What serves a debt; street, bell and postcode served the round, and a note may tell of faith or health."""


def trim(contact: Mapping[str, str]) -> dict[str, str]:
    """Keep of a contact what is still needed once the round is over."""
    return {field: contact[field] for field in STILL_NEEDED if contact.get(field)}


def week_of(key: str) -> int | None:
    """Give the week that a key of the vault belongs to: 12 for `week-12`, None for the house's."""
    kind, _, number = key.partition("-")
    return int(number) if kind == "week" and number.isdecimal() else None
