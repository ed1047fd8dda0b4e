"""What the group calls that which the cooks receive: one of a few names, never a text of one's own.

Belgian association law and the cooks' situation make the word matter: salary, dividend and the like are
none of them (ledger.md section 3).
"""

from datetime import date
from enum import StrEnum

from flask import g

from shop import clock
from shop.settings.queries import value_on
from shop.settings.services import set_from
from shop.weeks import local_day

KEY = "aid-name"
READ = "aid_name_read"


class AidName(StrEnum):
    """The names that there are; each language has its own words for them."""

    AID = "aid"
    PART = "part"
    SUPPORT = "support"
    SOLIDARITY = "solidarity"


def aid_name() -> AidName:
    """Give the name that the group uses today, aid where nobody chose; read once a request."""
    if READ not in g:
        setattr(g, READ, AidName(value_on(KEY, local_day(clock.now()), AidName.AID)))
    found: AidName = getattr(g, READ)
    return found


def call_it(name: AidName, day: date) -> None:
    """Let the group use a name from a day on."""
    if AidName(value_on(KEY, day, AidName.AID)) is not name:
        set_from(KEY, day, name.value)
    g.pop(READ, None)
