"""What the pages of the books share: a blueprint, numbers and days as addresses and pages have them."""

import re
from datetime import date

from flask import Blueprint
from flask_babel import format_date

from shop.ledger.books.rules import EntryKind
from shop.settings.switches import Switch, uses

blueprint = Blueprint("books", __name__, url_prefix="/treasury")

PAGE = 50
"""Lines of a page of the journal or of an account."""

NEEDS = {
    EntryKind.BILL_PAID: Switch.BILLS,
    EntryKind.TRANSFER: Switch.BANK,
    EntryKind.LIAISON: Switch.BEER,
}
"""What the group must use for an event to happen."""


def kinds() -> list[str]:
    """List the kinds of events that there are where the group uses what it does."""
    return [kind.value for kind in EntryKind if kind not in NEEDS or uses(NEEDS[kind])]


def number(text: str) -> int:
    """Read an entry's number as a page's address has it. Raises ValueError."""
    if not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII):
        raise ValueError("no number of an entry")
    return int(text)


def day(text: str) -> date:
    """Read a day as a page's address has it: `2026-11-23`. Raises ValueError."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        raise ValueError("no day")
    return date.fromisoformat(text)


@blueprint.app_template_filter("calendar_day")
def say_date(day: date) -> str:
    """Say a day with its year: `23 nov. 2026`."""
    text: str = format_date(day, "medium")
    return text
