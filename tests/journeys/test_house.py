"""What members do on other days: a spoken order, next week's menu, the kitchen, the weights, a new member."""

import re

import pytest

from tests.journeys.conftest import DESKTOP, PHONE, Open
from tests.journeys.eyes import Visit

pytestmark = pytest.mark.journey

# Those that other journeys come by and look at are theirs: the split, the envelopes, the close.
PAGES = {
    "": ["/", "/privacy", "/sign-in", "/nowhere"],
    "Thym": [
        *("/collective/", "/collective/orders/new", "/collective/dishes/", "/collective/dishes/1"),
        *("/collective/weeks/new", "/collective/weeks/2026-W48/menu", "/collective/weeks/2026-W48/announce"),
        *("/collective/weeks/2026-W48/dossier", "/collective/desk/2026-W48/sheet", "/settings/members"),
        *("/collective/desk/2026-W48/sale", "/collective/desk/2026-W48/slips", "/collective/orders/1130"),
        *("/rounds/", "/collective/decisions", "/settings/house", "/settings/uses", "/settings/vat"),
    ],
    "Cumin": [
        "/kitchen/",
        "/collective/split",
        "/collective/split/try",
        "/collective/history",
    ],
    "Laurier": ["/rounds/"],
    "Sauge": [
        *("/treasury/journal", "/treasury/report", "/treasury/accounts/570100", "/treasury/entries/2"),
        *("/treasury/entries/2/undo", "/treasury/gifts", "/treasury/transfers", "/treasury/boxes"),
        *("/treasury/boxes/570100", "/treasury/proof", "/collective/"),
    ],
}

HREFS = "links => links.map(link => link.getAttribute('href').split('#')[0])"


@pytest.mark.parametrize("who", PAGES)
def test_each_page_fits_can_be_read_and_leads_somewhere(monday: str, visit: Open, who: str) -> None:
    """On a phone, in French and judged by axe; some in Arabic, from right to left; then every link."""
    somebody = visit(monday, size=PHONE)
    if who:
        somebody.sign_in(who)
    links: set[str] = set()
    for language in ("fr", "ar"):
        somebody.judged = language == "fr"
        for path in PAGES[who] if language == "fr" else PAGES[who][:3]:
            somebody.go(path)
            somebody.look(f"{language}{path.replace('/', '-')}")
            links |= set(somebody.page.eval_on_selector_all("a[href^='/']", HREFS))
        if language == "fr":
            somebody.speak("ar")
    answers = {link: somebody.page.request.get(monday + link).status for link in sorted(links)}
    assert {link: status for link, status in answers.items() if status != 200} == {}


def test_a_spoken_order_takes_a_name_and_a_tap_a_dish(monday: str, visit: Open) -> None:
    thym = visit(monday)
    thym.sign_in("Thym")
    page = thym.go("/collective/orders/new")
    assert page.evaluate("document.activeElement.name") == "name"
    page.keyboard.type("Odette")
    plus = page.locator("[data-step='1']")
    plus.nth(3).click()
    plus.nth(6).click()
    thym.press("form .button-main")
    assert re.search(r"/collective/orders/[0-9]+$", page.url)
    assert "Odette" in page.inner_text("main")
    thym.look("spoken")


def test_next_week_is_copied_and_published(thursday: str, visit: Open) -> None:
    thym = visit(thursday, size=DESKTOP)
    thym.sign_in("Thym")
    page = thym.go("/collective/weeks/new")
    thym.press("form[action$='/copy'] button")
    assert page.url.endswith("/collective/weeks/2026-W49/menu")
    page.locator("input[name^=quota]").first.fill("12")
    thym.press("main form[action$='/lines'] > button")
    assert page.locator("input[name^=quota]").first.input_value() == "12"
    thym.press("form[action$='/publish'] button")
    assert page.locator("form[action$='/publish']").count() == 0
    thym.look("published")


def test_the_wall_of_the_kitchen_shows_dishes_to_who_holds_the_link(monday: str, visit: Open) -> None:
    thym, cook = visit(monday), visit(monday, size=DESKTOP)
    thym.sign_in("Thym")
    page = thym.go("/collective/")
    page.click("summary:has-text('Le mur de la cuisine')")
    thym.press("form[action$='/wall'] button")
    wall = cook.go(page.inner_text("#wall-link"))
    assert wall.locator(".wall-dish").count() == 8
    assert "Aïcha" not in wall.content()
    cook.look("wall")


def test_other_weights_are_tried_before_they_are_decided(monday: str, visit: Open) -> None:
    cumin = visit(monday)
    cumin.sign_in("Cumin")
    page = cumin.go("/collective/split/try")
    part = page.locator("[data-member=Safran]")
    before = int(part.get_attribute("data-share") or 0)
    with page.expect_response(re.compile("/split/try")):
        page.get_by_role("textbox", name="Safran").fill("2")
    page.wait_for_function(
        "before => document.querySelector('[data-member=Safran]').dataset.share != before", arg=str(before)
    )
    assert int(part.get_attribute("data-share") or 0) > before
    cumin.look("tried")


def test_a_member_joins_and_who_forgot_comes_back_by_two_others(monday: str, visit: Open) -> None:
    thym, cumin, new = visit(monday), visit(monday), visit(monday)
    thym.sign_in("Thym")
    page = thym.go("/settings/members")
    page.fill("[name=pseudonym]", "Romarin")
    page.locator("#new ~ form [name=roles][value=cook]").check()
    thym.press("#new ~ form .button-main")
    _choose(new, page.inner_text("#link"), "trois mots bien choisis")
    new.look("welcome")
    thym.go("/settings/members")
    thym.press("li.card:has-text('Romarin') form[action$='/ask-link'] button")
    cumin.sign_in("Cumin")
    cumin.go("/settings/members")
    cumin.press("li.card:has-text('Romarin') form[action$='/confirm-link'] button")
    cumin.look("link")
    again = visit(monday)
    _choose(again, cumin.page.inner_text("#link"), "quatre autres mots encore")
    assert "Romarin" in again.page.inner_text(".member-nav")


def _choose(newcomer: Visit, link: str, passphrase: str) -> None:
    page = newcomer.go(link)
    page.fill("[name=passphrase]", passphrase)
    newcomer.press("main .button-main")
    assert page.url == newcomer.base + "/collective/"
