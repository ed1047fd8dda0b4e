"""Sunday, in French, in Arabic and on paper: the meeting decides, disagrees, divides, explains, pays out."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from pypdfium2 import PdfDocument

from tests.journeys.conftest import DESKTOP, PHONE, Open
from tests.journeys.counting import count_the_cash
from tests.journeys.eyes import PASSPHRASE, Visit

pytestmark = pytest.mark.journey

LAST, NEXT = "2026-W47", "2026-W48"
"""The week that waits to be shared, and the one after it, for which the meeting decides."""
BENEFICIARIES = ("Safran", "Menthe", "Cumin", "Cannelle")
"""From the smallest need to the largest."""
NUMBER = re.compile(r"[0-9]+$")


def test_the_meeting_decides_divides_explains_and_pays_out(sunday: str, visit: Open) -> None:
    """Thym's phone speaks French; Sauge's speaks Arabic, and takes over now and then."""
    thym, sauge = visit(sunday), visit(sunday)
    thym.sign_in("Thym")
    sauge.sign_in("Sauge")
    sauge.speak("ar")
    decided = _decide_the_weights(thym)
    _disagree(thym, sauge)
    _settle_last_week(thym)
    _settle_the_next(thym, decided)
    _read_the_sheet(thym, sauge)
    _print_the_sheet(thym, sauge)
    _pay_out(thym)
    _advance(sauge)
    _own_part(visit(sunday))


def _decide_the_weights(thym: Visit) -> str:
    """Try other weights, write them down for the next week, and let a second confirm right there."""
    page = thym.go("/collective/split/try")
    before = page.locator("[data-member=Safran]").get_attribute("data-share")
    page.get_by_role("textbox", name="Safran").fill("2,1")
    changed = "was => document.querySelector('[data-member=Safran]').dataset.share != was"
    page.wait_for_function(changed, arg=before)
    thym.press("#what-if .button-main")
    page.select_option("[name=holds_from]", "2026-11-23")
    for mate in page.locator("[name=present]").all():
        mate.check()
    thym.look("1-write")
    thym.press("main .button-main")
    assert _state(thym) == "waits"
    thym.look("2-waits")
    _confirm(thym, "Cumin")
    assert "Cumin" in page.inner_text("main")
    thym.look("3-decided")
    return _path(page.url)


def _disagree(thym: Visit, sauge: Visit) -> None:
    """What two have decided, a third may refuse: the former bound holds again, without a reason given."""
    page = thym.go("/collective/decisions/new?kind=advance-bound")
    assert page.input_value("[name=bound]") == "50,00"
    page.fill("[name=bound]", "80")
    thym.press("main .button-main")
    _confirm(thym, "Cumin")
    sauge.go(page.url)
    sauge.look("4-to-be-contested")
    sauge.press("form[action$='/contest'] button")
    assert _state(sauge) == "contested"
    assert page.reload()
    assert _state(thym) == "contested"
    thym.look("5-contested")
    assert sauge.go("/treasury/").locator(f"main a[href='{_path(page.url)}']").count() == 1
    thym.go("/collective/decisions/new?kind=advance-bound")
    assert page.input_value("[name=bound]") == "50,00"


def _settle_last_week(thym: Visit) -> None:
    """Share the week that waits: by the weights it was cooked for, not by those just decided."""
    page = thym.go(f"/collective/weeks/{LAST}/close")
    by_need = _shares(page, "#step-4 [data-share]")
    assert by_need == sorted(by_need)
    thym.look("6-settle")
    thym.press("#step-4 .button-main")
    assert _shares(page) == by_need


def _settle_the_next(thym: Visit, decided: str) -> None:
    """Close and share the next week: by the new weights, and each figure leads to where it comes from."""
    page = thym.go(f"/collective/weeks/{NEXT}/close")
    thym.press("form[action$='/close/come'] button")
    thym.press("form[action$='/close/repeat'] button")
    count_the_cash(thym)
    thym.press("#step-4 .button-main")
    safran, menthe, cumin, cannelle = _shares(page)
    assert menthe < cumin < cannelle - 1 <= safran <= cannelle + 1
    assert page.locator(f"main a[href='{decided}']").count() > 0
    page.evaluate("document.querySelectorAll('main details').forEach(fold => fold.open = true)")
    thym.look("7-explained")
    page.set_viewport_size(DESKTOP)
    thym.look("7-explained-wide")
    page.set_viewport_size(PHONE)


def _read_the_sheet(thym: Visit, sauge: Visit) -> None:
    """The sheet says the same in two languages."""
    told = sorted(_shares(thym.page))
    for who, language in ((thym, "fr"), (sauge, "ar")):
        who.go(thym.page.url.removesuffix("/sheet") + "/sheet")
        assert sorted(_said(who.page)) == told
        who.look(f"8-sheet-{language}")


def _print_the_sheet(thym: Visit, sauge: Visit) -> None:
    """On paper nothing is to be touched: who gets what on one page, the pencil on the next."""
    for who in (thym, sauge):
        page = who.page
        assert len(PdfDocument(page.pdf(prefer_css_page_size=True))) == 2
        page.emulate_media(media="print")
        for seen in (".hand .emblem", ".hand-amount", ".hand-purse .purse li >> nth=0", "main table"):
            assert page.locator(seen).first.is_visible()
        assert not any(one.is_visible() for one in page.locator("button, .button, nav, header").all())
        page.emulate_media(media="screen")


def _pay_out(thym: Visit) -> None:
    """Hand over an envelope; who gets it touches « Reçu » on the same phone."""
    page = thym.go("/collective/payouts")
    thym.look("9-envelopes")
    thym.press("[data-member=Safran] a.button")
    proposed = _digits(page.inner_text(".amount >> nth=0"))
    thym.look("10-hand-over")
    thym.press("main .button-main")
    assert page.locator("[data-payout]").get_attribute("data-payout") == proposed
    assert NUMBER.search(page.url)
    thym.look("11-handed")
    thym.press("form[action$='/received'] button")
    assert int(page.locator("[data-member=Safran]").get_attribute("data-left") or 0) < 100


def _advance(sauge: Visit) -> None:
    """An advance takes two taps; it is received like a part."""
    page = sauge.go("/collective/payouts")
    sauge.press("[data-member=Safran] a.button")
    sauge.look("12-advance")
    shown = page.locator(".member-nav [aria-current]").bounding_box()
    assert shown is not None, "where one is stands in the row of tabs that scrolls"
    assert 0 <= shown["x"] <= shown["x"] + shown["width"] <= PHONE["width"]
    sauge.press(".paying-taps button >> nth=1")
    assert page.locator("[data-payout='2000']").count() == 1
    sauge.press("form[action$='/received'] button")
    page.set_viewport_size(DESKTOP)
    sauge.look("13-envelopes")


def _own_part(safran: Visit) -> None:
    """What was received stands on one's own page, behind a tap; its title tells nothing."""
    safran.sign_in("Safran")
    safran.speak("ar")
    page = safran.go("/collective/payouts/mine")
    assert page.title() == "Plats solidaires"
    assert not page.locator("[data-left]").is_visible()
    page.click("main summary")
    assert page.locator("[data-left]").is_visible()
    safran.look("14-mine")


def _confirm(somebody: Visit, second: str) -> None:
    """Let another member sign with their passphrase on the phone that is there."""
    somebody.page.fill("[name=pseudonym]", second)
    somebody.page.fill("[name=passphrase]", PASSPHRASE)
    somebody.press("form[action$='/confirm']:has([name=pseudonym]) button")
    assert _state(somebody) == "holds"


def _state(somebody: Visit) -> str | None:
    return somebody.page.locator("[data-decision-state]").get_attribute("data-decision-state")


def _shares(page: Page, rows: str = "[data-share]") -> list[int]:
    """Read the parts in cents, from the smallest need to the largest."""
    found = {
        row.get_attribute("data-member"): int(row.get_attribute("data-share") or 0)
        for row in page.locator(rows).all()
    }
    return [found[name] for name in BENEFICIARIES]


def _said(page: Page) -> list[int]:
    return [int(_digits(row.inner_text())) for row in page.locator(".hand-amount").all()]


def _path(address: str) -> str:
    return urlsplit(address).path


def _digits(said: str) -> str:
    """Read an amount as cents."""
    return re.sub(r"\D", "", said)
