"""A customer on an old phone: order, change, cancel; with and without scripts, in French and in Arabic."""

import re

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import DESKTOP, PHONE, Open
from tests.journeys.eyes import Visit

pytestmark = pytest.mark.journey

WAYS = {
    "phone": ("fr", True, PHONE),
    "desktop": ("fr", True, DESKTOP),
    "without-scripts": ("fr", False, PHONE),
    "arabic": ("ar", True, PHONE),
    "arabic-without-scripts": ("ar", False, DESKTOP),
}


def want(page: Page, letter: str, portions: int, scripts: bool) -> None:
    """Take so many portions, with the + where there are scripts."""
    dish = page.locator(".dish", has=page.locator(".letter", has_text=letter))
    if not scripts:
        dish.locator("input").fill(str(portions))
    for _ in range(portions if scripts else 0):
        dish.locator("[data-step='1']").click()


def cents(page: Page) -> int:
    """Read what is due on the private page."""
    return int(page.locator("[data-amount-due]").get_attribute("data-amount-due") or -1)


@pytest.mark.parametrize("way", WAYS)
def test_order_change_and_cancel(monday: str, visit: Open, way: str) -> None:
    language, scripts, size = WAYS[way]
    nour = visit(monday, scripts=scripts, size=size, judged=way in {"phone", "arabic"})
    page = nour.go("/")
    if language == "ar":
        nour.speak("ar")
    nour.look("1-menu")
    want(page, "D", 2, scripts)
    want(page, "H", 1, scripts)
    page.fill("[name=name]", "Nour")
    page.fill("[name=phone]", "0470 00 00 00")
    if scripts:
        assert re.search("19,50|19.50", page.inner_text(".order-form .button-main"))
    nour.press(".order-form .button-main")
    assert re.fullmatch(rf"{monday}/o/[0-9]+", page.url)
    assert cents(page) == 2 * 850 + 250
    nour.look("2-ticket")
    _change_and_cancel(nour)


def _change_and_cancel(nour: Visit) -> None:
    page, number = nour.page, nour.page.url.rsplit("/", 1)[1]
    nour.press(f"a[href='/o/{number}/change']")
    dish = page.locator(".dish", has=page.locator(".letter", has_text="D")).locator("input")
    assert dish.input_value() == "2"
    dish.fill("1")
    page.check("[name=handover][value=delivery]")
    page.fill("[name=street]", "Rue de la Démo 1")
    nour.look("3-change")
    nour.press(".order-form .button-main")
    assert page.url.endswith(f"/o/{number}")
    assert cents(page) == 850 + 250 + 200
    page.click("details:has(form[action$='/cancel']) summary")
    nour.press("form[action$='/cancel'] button")
    assert page.locator("[data-order-state=cancelled]").count() == 1
    nour.look("4-cancelled")


def test_what_is_refused_stands_by_its_field_and_nothing_typed_is_lost(monday: str, visit: Open) -> None:
    nour = visit(monday, scripts=False)
    page = nour.go("/")
    want(page, "D", 60, scripts=False)
    page.fill("[name=name]", "Nour")
    nour.press(".order-form .button-main")
    assert page.locator("[data-refusal]").count() == 1
    assert page.input_value("[name=name]") == "Nour"
    assert page.locator(".dish input[value='60']").count() == 1
    nour.look("refused")


def test_the_keyboard_alone_orders(monday: str, visit: Open) -> None:
    page = visit(monday).go("/")
    keys = page.keyboard
    for name, typed in (("q-", None), ("name", "Nour"), ("phone", "0470000000")):
        for _ in range(80):
            keys.press("Tab")
            if (page.evaluate("document.activeElement.name || ''")).startswith(name):
                break
        keys.type(typed or "1")
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/o/[0-9]+"))
    assert cents(page) == 300


def test_the_menu_is_light_and_its_first_plus_stands_in_sight(monday: str, visit: Open) -> None:
    """At most 60 KB over the wire on a first visit; no other host; a dish's + within 640 px."""
    nour = visit(monday)
    bytes_in: list[float] = []
    wire = nour.page.context.new_cdp_session(nour.page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: bytes_in.append(event["encodedDataLength"]))
    nour.go("/").wait_for_load_state("networkidle")
    assert len(bytes_in) > 3
    assert sum(bytes_in) < 60_000
    assert nour.asked == []
    plus = nour.page.locator("[data-step='1']").first.bounding_box()
    assert plus is not None
    assert plus["y"] + plus["height"] <= 640
    assert min(plus["width"], plus["height"]) >= 44
    rows = [row.bounding_box() for row in nour.page.locator(".dish").all()]
    assert max(row["height"] for row in rows if row) <= 112
