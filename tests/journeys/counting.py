"""What journeys count: the pieces in the box, and the amounts that pages say."""

import re

from playwright.sync_api import Page

from tests.journeys.eyes import Visit

PIECES = [20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5]


def cents(said: str) -> int:
    """Read the first amount of a text."""
    return int("".join(re.findall(r"\d", said.partition("€")[0])))


def fill_in(page: Page, left: int) -> None:
    """Fill in the notes and coins that make a sum of cents."""
    for value in PIECES:
        page.fill(f"[name=n-{value}]", str(left // value) if left >= value else "")
        left %= value
    assert left == 0


def count_the_cash(somebody: Visit) -> None:
    """Count on the close page just what should be there."""
    fill_in(somebody.page, cents(somebody.page.inner_text("#step-3 .step-body > p")))
    somebody.press("#step-3 button")
