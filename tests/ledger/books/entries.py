"""Entries for the tests of the books, with defaults."""

from datetime import date

from shop.ledger.books.rules import Entry, EntryKind, Leg
from shop.ledger.books.services import post
from shop.transaction import transaction

DAY = date(2026, 11, 23)

BOX, BANK, CUSTOMERS, UNKNOWN = "570100", "550100", "400000", "499000"
SALES, FOOD, START = "700100", "600100", "100000"


def make_entry(
    *legs: tuple[str, int] | Leg,
    key: str = "order:1042:handed-over",
    kind: EntryKind = EntryKind.HAND_OVER,
    day: date = DAY,
    document: str = "paper:1042",
    label: str = "",
    role: str = "organiser",
    reverses: int | None = None,
) -> Entry:
    """Make an entry; without legs, a meal of 8.50 is sold and paid into the box."""
    legs = legs or ((BOX, 850), (SALES, -850))
    whole = tuple(leg if isinstance(leg, Leg) else Leg(*leg) for leg in legs)
    return Entry(key, kind, day, document, label, role, whole, reverses)


def book(*legs: tuple[str, int] | Leg, today: date = DAY, **more: object) -> int:
    """Post an entry in a transaction of its own; give its number."""
    with transaction():
        return post(make_entry(*legs, **more), today)  # type: ignore[arg-type]


def open_box(cents: int = 30000) -> int:
    """Put the working float into the box."""
    return book((BOX, cents), (START, -cents), key="opening", kind=EntryKind.OPENING, document="opening")
