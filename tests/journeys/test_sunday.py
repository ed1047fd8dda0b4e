"""Sunday, in French and in Arabic: the meeting decides, disagrees, divides, explains and pays out."""

import re
from urllib.parse import urlsplit

import pytest

from tests.journeys.conftest import Open
from tests.journeys.eyes import PASSPHRASE, Visit

pytestmark = pytest.mark.journey

WAITING = "2026-W47"
BENEFICIARIES = ("Cannelle", "Cumin", "Menthe", "Safran")
NUMBER = re.compile(r"[0-9]+$")


def test_the_meeting_decides_divides_explains_and_pays_out(sunday: str, visit: Open) -> None:
    """Thym's phone speaks French; Sauge's speaks Arabic, and takes over now and then."""
    thym, sauge = visit(sunday), visit(sunday)
    thym.sign_in("Thym")
    sauge.sign_in("Sauge")
    sauge.speak("ar")
    weights = _decide_the_weights(thym)
    _disagree(thym, sauge)
    _settle(thym)
    _explain(thym, sauge, weights)
    _pay_out(thym)
    _advance(sauge)
    _own_part(visit(sunday))


def _decide_the_weights(thym: Visit) -> str:
    """Try other weights, write them down for the week that waits, and let a second confirm right there."""
    page = thym.go("/collective/split/try")
    before = page.locator("[data-member=Safran]").get_attribute("data-share")
    page.get_by_role("textbox", name="Safran").fill("2,1")
    changed = "was => document.querySelector('[data-member=Safran]').dataset.share != was"
    page.wait_for_function(changed, arg=before)
    thym.press("#what-if .button-main")
    for mate in page.locator("[name=present]").all():
        mate.check()
    thym.look("1-write")
    thym.press("main .button-main")
    assert _state(thym) == "waits"
    thym.look("2-waits")
    _confirm(thym, "Cumin")
    assert "Cumin" in page.inner_text("main")
    thym.look("3-decided")
    return page.url


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


def _settle(thym: Visit) -> None:
    """Share the week that waits, by the weights just decided: Safran's and Cannelle's are the same."""
    page = thym.go(f"/collective/weeks/{WAITING}/close")
    shares = {name: page.locator(f"#step-4 [data-member={name}]") for name in BENEFICIARIES}
    cents = {name: int(row.get_attribute("data-share") or 0) for name, row in shares.items()}
    assert abs(cents["Safran"] - cents["Cannelle"]) <= 1 < cents["Menthe"] < cents["Cumin"]
    thym.look("6-settle")
    thym.press("#step-4 .button-main")
    assert "/collective/split/" in page.url


def _explain(thym: Visit, sauge: Visit, weights: str) -> None:
    """Follow each figure; the decision is a touch away; the sheet says the same in two languages."""
    page, parts = thym.page, "[data-share]"
    page.evaluate("document.querySelectorAll('main details').forEach(fold => fold.open = true)")
    thym.look("7-explained")
    assert page.locator(f"main a[href='{_path(weights)}']").count() > 0
    told = [row.get_attribute("data-share") for row in page.locator(parts).all()]
    for who, language in ((thym, "fr"), (sauge, "ar")):
        who.go(page.url.removesuffix("/sheet") + "/sheet")
        said = [_digits(row.inner_text()) for row in who.page.locator(".hand-amount").all()]
        assert sorted(said) == sorted(told)
        who.look(f"8-sheet-{language}")


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
    sauge.press(".paying-taps button >> nth=1")
    assert page.locator("[data-payout='2000']").count() == 1
    sauge.press("form[action$='/received'] button")
    sauge.look("13-envelopes")


def _own_part(safran: Visit) -> None:
    """What was received and what is advanced stands on one's own page, behind a tap."""
    safran.sign_in("Safran")
    safran.speak("ar")
    page = safran.go("/collective/payouts/mine")
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


def _path(address: str) -> str:
    return urlsplit(address).path


def _digits(said: str) -> str:
    """Read an amount as cents."""
    return re.sub(r"\D", "", said)
