"""Thursday: twenty-one customers at the desk, the week closed in four steps, the shares."""

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import DESKTOP, Open
from tests.journeys.counting import count_the_cash
from tests.journeys.eyes import Visit

pytestmark = pytest.mark.journey

CUSTOMERS, TAPS = 21, 25
LABEL = "2026-W48"
WAITING = ".desk-line:not(.desk-line-done)"


def sales(page: Page) -> str:
    """Read how many have come, out of how many."""
    return page.inner_text(".desk-head b")


def test_the_desk_takes_a_tap_a_customer_and_the_week_is_closed(thursday: str, visit: Open) -> None:
    thym = visit(thursday)
    thym.sign_in("Thym")
    page = thym.go("/collective/desk")
    thym.look("1-desk")
    assert _serve(thym) <= TAPS
    assert page.locator(".desk-line-done").count() == CUSTOMERS
    assert sales(page) == "20 sur 21"
    thym.look("2-desk-done")
    _undo(thym)
    _close(thym)
    _split(thym)


def _serve(thym: Visit) -> int:
    """Serve everybody: one pays later, one did not come. Count the taps."""
    taps = 0
    for verb in ("later", "no-show"):
        thym.page.locator(f"{WAITING} summary").first.click()
        thym.press(f"{WAITING} form[action$='/{verb}'] button")
        taps += 2
    while thym.page.locator(WAITING).count():
        thym.press(f"{WAITING} .desk-actions button")
        taps += 1
    return taps


def _undo(thym: Visit) -> None:
    """What was just done is taken back with a tap, and done again."""
    thym.press(".just-done button")
    assert sales(thym.page) == "19 sur 21"
    thym.press(f"{WAITING} .desk-actions button")
    assert sales(thym.page) == "20 sur 21"


def _close(thym: Visit) -> None:
    page = thym.go("/collective/close")
    assert page.url.endswith(f"/{LABEL}/close")
    assert page.locator(".step-done").count() == 1
    thym.look("3-close")
    thym.press("form[action$='/close/repeat'] button")
    page.click("#step-2 summary")
    page.fill("#step-2 [name=cents]", "46,80")
    thym.press("#step-2 form[action$='/close/spend'] button")
    assert page.locator("#step-2.step-done").count() == 1
    count_the_cash(thym)
    assert page.locator("#step-3.step-done").count() == 1
    thym.look("4-counted")
    _share(thym)


def _share(thym: Visit) -> None:
    """Share it all: the page of the shares follows, and the four steps are done."""
    thym.press("#step-4 .button-main")
    assert "/collective/split/" in thym.page.url
    page = thym.go(f"/collective/weeks/{LABEL}/close")
    assert page.locator(".step-done").count() == 4
    thym.look("5-closed")
    thym.press("#step-4 a.button-main")


def _split(thym: Visit) -> None:
    page = thym.page
    parts = [int(part.get_attribute("data-share") or 0) for part in page.locator("[data-share]").all()]
    assert len(parts) == 4
    assert min(parts) > 0
    assert page.locator("[data-member=Cannelle]").count() == 1
    thym.look("6-split")


def test_the_same_evening_without_scripts(thursday: str, visit: Open) -> None:
    """Search, hand over, settle the rest at once, close and share: forms alone do it."""
    thym = visit(thursday, scripts=False, size=DESKTOP)
    thym.sign_in("Thym")
    page = thym.go("/collective/desk")
    page.fill("[name=q]", "kar")
    thym.press("[role=search] button")
    assert page.locator(".desk-line").count() == 1
    thym.press(".desk-actions button")
    thym.go("/collective/desk")
    assert sales(page) == "1 sur 21"
    page.click("summary:has-text('Tout le monde')")
    thym.press("form[action$='/rest'] button")
    assert sales(page) == "21 sur 21"
    thym.look("1-desk")
    page = thym.go(f"/collective/weeks/{LABEL}/close")
    thym.press("form[action$='/close/repeat'] button")
    count_the_cash(thym)
    thym.look("2-close")
    _share(thym)
    _split(thym)
