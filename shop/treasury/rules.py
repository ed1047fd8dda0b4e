"""What costs, counts and repayments are, and their entries. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shop.errors import NotAnAmount, PiecesOutOfRange
from shop.ledger.books.rules import Entry, EntryKind, Leg

BOX = "570100"
FLOAT = "100000"
OPENING = "opening"
POCKETS = "489200"
UNPAID = "400000"
FOUND = "749900"
MISSING = "644900"

COUNTED = (20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5)
"""Notes and coins in cents that a box may hold; 1 and 2 cents are rounded away at the till."""

MOST_PIECES = 9999


class CostKind(StrEnum):
    """What the money was spent on, in plain words."""

    INGREDIENTS = "ingredients"
    PACKAGING = "packaging"
    KITCHEN = "kitchen"
    TRANSPORT = "transport"
    VOLUNTEERS = "volunteers"
    BANK = "bank"


class MovementKind(StrEnum):
    """What moved money and was no cost."""

    GIFT = "gift"
    TRANSFER = "transfer"
    LIAISON = "liaison"


ACCOUNTS = {
    CostKind.INGREDIENTS: "600100",
    CostKind.PACKAGING: "600110",
    CostKind.KITCHEN: "610000",
    CostKind.TRANSPORT: "616100",
    CostKind.VOLUNTEERS: "618000",
    CostKind.BANK: "656000",
}


@dataclass(frozen=True)
class Spent:
    """A cost as it was told, in cents, for the week `week`.

    `paid_from` is the account of a box, of a bank, of the pockets or of the suppliers; `payer` is the member
    whose pocket it was.
    """

    kind: CostKind
    paid_from: str
    cents: int
    spent_on: date
    week: str
    shop: str = ""
    regular: bool = False
    payer: int | None = None
    activity: str = "meals"


def cost_entry(form_id: str, spent: Spent, role: str) -> Entry:
    """Make the entry of a cost: its account → the box or the members' pockets. Raises NotAnAmount."""
    if spent.cents <= 0:
        raise NotAnAmount
    name = f"cost:{form_id}"
    legs = (Leg(ACCOUNTS[spent.kind], spent.cents), Leg(spent.paid_from, -spent.cents))
    return Entry(name, EntryKind.COST, spent.spent_on, name, "", role, legs)


def repayment_entry(form_id: str, cents: int, day: date, role: str) -> Entry:
    """Make the entry that gives a member back what a cost took from their pocket: 489200 → the box."""
    legs = (Leg(POCKETS, cents), Leg(BOX, -cents))
    return Entry(f"cost:{form_id}:repaid", EntryKind.REIMBURSEMENT, day, f"cost:{form_id}", "", role, legs)


def opening_entry(cents: int, day: date, role: str) -> Entry:
    """Make the entry of the working float: 570100 → 100000, never income and never shared.

    Raises NotAnAmount.
    """
    if cents <= 0:
        raise NotAnAmount
    legs = (Leg(BOX, cents), Leg(FLOAT, -cents))
    return Entry(OPENING, EntryKind.OPENING, day, OPENING, "", role, legs)


def sum_pieces(pieces: Mapping[int, int]) -> int:
    """Add up how many there are of each note and coin, in cents. Raises PiecesOutOfRange."""
    if any(value not in COUNTED or not 0 <= many <= MOST_PIECES for value, many in pieces.items()):
        raise PiecesOutOfRange
    return sum(value * many for value, many in pieces.items())


def parse_pieces(texts: Mapping[int, str]) -> dict[int, int]:
    """Read how many there are of each piece; an empty text is none. Raises PiecesOutOfRange."""
    if not all(re.fullmatch(r"[0-9]{0,4}", text, re.ASCII) for text in texts.values()):
        raise PiecesOutOfRange
    return {value: int(text) for value, text in texts.items() if text and int(text)}


def count_entry(count_id: int, difference: int, day: date, role: str) -> Entry:
    """Make the entry of a count whose box holds `difference` cents more (or, below 0, less) than expected."""
    other = FOUND if difference > 0 else MISSING
    legs = (Leg(BOX, difference), Leg(other, -difference))
    name = f"count:{count_id}"
    return Entry(name, EntryKind.COUNT, day, name, "", role, legs)
