"""A group starts its own shop; a treasurer notes a receipt, counts, closes a week and a year, takes files."""

import re
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from config import ROOT
from tests.journeys.conftest import Open
from tests.journeys.counting import cents, count_the_cash, fill_in
from tests.journeys.eyes import PASSPHRASE, Visit
from tests.ledger.exports.sheets import sheets

pytestmark = pytest.mark.journey

RECEIPT = ROOT / "shop" / "demo" / "receipt.jpg"


def test_a_group_starts_its_own_shop(founded: tuple[str, str], visit: Open) -> None:
    """From the link that the command line printed to a menu that takes orders."""
    address, link = founded
    thym = visit(address)
    page = thym.go(link)
    page.fill("[name=passphrase]", PASSPHRASE)
    thym.press("main .button-main")
    thym.press("main a.button-main")
    assert page.url.endswith("/settings/start")
    thym.look("1-start")
    page.fill("[name=name]", "Les plats du jeudi")
    page.fill("[name=place]", "12 rue de la Démo")
    page.check("[name=uses][value=bank]")
    page.check("[name=regime][value=franchise]")
    page.get_by_label("Dans la caisse").first.fill("300")
    page.get_by_label("À la banque").first.fill("120,50")
    assert re.search(r"420,50", page.inner_text("[data-rest] >> nth=0"))
    page.locator("[name$=pseudonym]").nth(2).fill("Sauge")
    thym.press("form[data-start] .button-main")
    invitation = page.inner_text("#link-1")
    assert "/welcome/" in invitation
    thym.look("2-ready")
    _cook_a_week(thym)
    _enter_as_the_treasurer(visit(address), invitation.partition("/welcome/")[2])


def _cook_a_week(thym: Visit) -> None:
    """Write a dish and publish the week, at the places to which the home page leads."""
    page = thym.page
    thym.press("main a.button-main")
    thym.press("main a.button-main")
    page.fill("[name=name_fr]", "Mafé de légumes")
    page.fill("[name=price]", "8,50")
    page.check("[name=kind][value=main]")
    thym.press("main .button-main")
    thym.go("/collective/")
    thym.press("main a.button-main")
    page.click("label.dish-tick")
    thym.press("main .button-main")
    thym.press("form[action$='/publish'] button")
    assert "Publié" in page.inner_text("main")
    thym.look("3-week")


def _enter_as_the_treasurer(sauge: Visit, token: str) -> None:
    """The second member comes in and finds the money that was said at the start."""
    page = sauge.go(f"/welcome/{token}")
    page.fill("[name=passphrase]", PASSPHRASE)
    sauge.press("main .button-main")
    assert "420,50" in sauge.go("/treasury/balances").inner_text("main")
    sauge.look("4-balances")


def test_a_treasurer_keeps_the_books_and_takes_them_away(january: str, visit: Open) -> None:
    sauge = visit(january)
    sauge.sign_in("Sauge")
    sauge.go("/treasury/")
    sauge.look("1-todo")
    _note_a_receipt(sauge)
    _count(sauge)
    _close_the_week(sauge)
    _end_the_year(sauge)
    _print_the_quarter(sauge)
    _export(sauge)


def _note_a_receipt(sauge: Visit) -> None:
    page = sauge.go("/treasury/costs")
    page.set_input_files("[name=receipt]", RECEIPT)
    page.fill("[name=cents]", "23,40")
    page.fill("[name=shop]", "Papeterie")
    sauge.press("main .button-main")
    sauge.look("2-receipt")
    size = "picture => picture.decode().then(() => picture.naturalHeight)"
    assert page.locator("[data-cost='2340'] img").first.evaluate(size) > 40


def _count(sauge: Visit) -> None:
    """Count a euro less than there should be: the difference is said."""
    page = sauge.go("/treasury/counts")
    fill_in(page, cents(page.inner_text(".stats .amount >> nth=0")) - 100)
    sauge.press("main .button-main")
    assert "1,00" in page.locator("main tbody tr").first.locator("td").last.inner_text()
    sauge.look("3-counted")


def _close_the_week(sauge: Visit) -> None:
    """Close the week that was left open; the one before it waits too: both are shared at once."""
    page = sauge.go("/collective/close")
    sauge.press("form[action$='/close/come'] button")
    sauge.press("form[action$='/close/repeat'] button")
    count_the_cash(sauge)
    assert page.locator("#step-4 [name=week]:checked").count() == 2
    sauge.press("#step-4 .button-main")
    assert "16 novembre, 23 novembre" in page.inner_text("h1 + .lead")
    sauge.look("4-shared")


def _end_the_year(sauge: Visit) -> None:
    page = sauge.go("/treasury/locks")
    sauge.press("[data-seller=meals] .button-main")
    assert re.search(r"/treasury/entries/[0-9]+$", page.url)
    sauge.look("5-year")
    page = sauge.go("/treasury/locks")
    page.fill("[name=until]", "2026-12-31")
    page.check("[name=for_good]")
    sauge.press("#lock button")
    sauge.look("6-locked")


def _print_the_quarter(sauge: Visit) -> None:
    page = sauge.go("/treasury/report/2026/4?seller=meals")
    sheet = PdfDocument(page.pdf(format="A4", prefer_css_page_size=True))
    assert len(sheet) == 1


def _export(sauge: Visit) -> None:
    """Take the year's cash book away, and open it again: each line is there, numbered without a gap."""
    page = sauge.go("/treasury/exports?seller=meals")
    page.click("a:has-text('2026')")
    with page.expect_download() as file:
        page.click("main .button-main")
    sauge.look("7-taken")
    ((name, rows),) = sheets(Path(file.value.path()).read_bytes()).items()
    assert name == "Livre-journal"
    lines = [row for row in rows if row and row[0].isdigit()]
    assert [int(row[0]) for row in lines] == list(range(1, len(lines) + 1))
    assert len(lines) > 100
    assert rows[-1][2].startswith("Sceau")
