"""Opening a seller's books with what is held and owed today."""

from collections.abc import Mapping
from datetime import date

from shop.errors import KeyReused
from shop.extensions import db
from shop.ledger.books import services as books
from shop.ledger.books.queries import current_key, standing_entries
from shop.members.models import Activity
from shop.treasury import rules
from shop.treasury.queries import OLD_OPENING
from shop.treasury.rules import BOX, opening_document


def open_seller(
    activity: str, held: Mapping[str, int], today: date, role: str, on: date | None = None
) -> int:
    """Open a seller's books, as of the day `on` or today; give the entry's number.

    `held` has cents by account, all 0 or more: money held, debts and funds owed, and on the seller's result
    account what earlier weeks left to share; the rest is the working float. The same again is the same entry.
    Raises NotAnAmount, AccountUnfit, OwedMoreThanHeld, DayAhead; KeyReused where the books were opened with
    something else.
    """
    if activity == "meals" and standing_entries(OLD_OPENING):
        raise KeyReused(OLD_OPENING)
    key = current_key(opening_document(activity))
    result = db.session.get_one(Activity, activity).result_account
    day = books.open_day(on or today)
    return books.post(rules.opening_entry(key, activity, held, result, day=day, role=role), today)


def open_books(cents: int, today: date, role: str) -> int:
    """Open the meals' books with a working float in the cash box, and nothing else.

    Raises NotAnAmount; KeyReused where the books were opened with something else.
    """
    return open_seller("meals", {BOX: cents}, today, role)
