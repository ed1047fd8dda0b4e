"""hledger, ledger and beancount accept our books, and refuse them after every kind of damage."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from shop.extensions import db
from shop.ledger.books.rules import EntryKind, Leg
from shop.ledger.books.services import reverse
from shop.transaction import transaction
from tests.ledger.books.entries import BANK, BOX, CUSTOMERS, DAY, FOOD, SALES, book
from tests.ledger.books.worked import EXAMPLES
from tests.ledger.exports.damage import damage, damages
from tests.ledger.exports.judges import CHECKS, balances, judge, refused_by, stated, texts
from tests.ledger.exports.liquid import assert_liquid
from tests.ledger.exports.reading import export
from tests.ledger.exports.year import assert_all_of_it_happened, assert_each_month_adds_up, live_year

pytestmark = [
    pytest.mark.usefixtures("context"), pytest.mark.hledger, pytest.mark.ledger, pytest.mark.sqlite_only,
]  # fmt: skip

PAID, MOVED = 4, 8
"""The numbers of two of these entries."""
ALONE = "A week in Liège"
"""The example that needs a house of its own."""
CHANGES = (
    ("600100-Ingredients:Meals  9.00", "616100-Transport:Meals  9.00"),
    (
        "  9.00 EUR\n    Assets:570100-Caisse-repas:Meals  -9.00",
        "  8.00 EUR\n    Assets:570100-Caisse-repas:Meals  -8.00",
    ),
    ("2026-10-30 * (5)", "2026-11-01 * (5)"),
)
"""What somebody may write in the place of something in these texts."""

OCTOBER, NOVEMBER = date(2026, 10, 30), date(2026, 11, 2)


def two_months() -> None:
    """Open both sellers' boxes, sell, buy, undo, share and move money, in October and in November."""
    book((BOX, 30000), ("100000", -30000), key="opening", kind=EntryKind.OPENING, day=date(2026, 9, 1))
    beer = Leg("550200", 150000, "beer"), Leg("140200", -150000, "beer")
    book(*beer, key="opening:beer", kind=EntryKind.OPENING, day=date(2026, 9, 1))
    book((CUSTOMERS, 2550), (SALES, -2350), ("700190", -200), key="sold", day=OCTOBER)
    book((BOX, 2550), (CUSTOMERS, -2550), key="paid", kind=EntryKind.PAYMENT, day=OCTOBER)
    seq = book(
        (FOOD, 900), (BOX, -900), key="food", kind=EntryKind.COST, day=OCTOBER, label='Épicerie; "œuf"'
    )
    with transaction():
        reverse(seq, NOVEMBER, DAY, "treasurer", "amount")
    book((BOX, 90), ("731000", -90), key="gift", kind=EntryKind.GIFT, day=NOVEMBER)
    book((BANK, 1000), (BOX, -1000), key="bank", kind=EntryKind.TRANSFER, day=NOVEMBER)
    both = Leg(BOX, 500), Leg("499100", -500), Leg("499100", 500, "beer"), Leg("700200", -500, "beer")
    book(*both, key="both", day=NOVEMBER)
    costs = Leg("618000", 1200, subject="subject-a"), Leg("618000", 1060, subject="subject-b")
    book(*costs, (BOX, -2260), key="costs", kind=EntryKind.COST, day=DAY)


def test_all_three_accept_the_books_and_hold_our_balances(tmp_path: Path) -> None:
    two_months()
    judge(tmp_path)
    found = texts()
    assert all(text.isascii() for text in found.values())
    assert "subject" not in str(found)
    account, cents = next(iter(balances().items()))
    assert refused_by(tmp_path, {"beancount": found["beancount"] + stated({account: cents + 1})})


def test_a_range_of_days_starts_with_opening_balances(tmp_path: Path) -> None:
    two_months()
    judge(tmp_path, texts(date(2026, 10, 31)))
    month = texts(date(2026, 10, 1), date(2026, 10, 31))
    assert refused_by(tmp_path, month) == set()
    assert "Assets:570100-Caisse-repas:Meals  0.00 EUR = 316.50 EUR" in month["hledger"]
    alone = texts(None, None, "beer")
    assert refused_by(tmp_path, alone) == set()
    assert "Meals" not in alone["beancount"]


def test_books_without_an_entry_are_accepted_too(tmp_path: Path) -> None:
    assert refused_by(tmp_path, texts()) == set()


@pytest.mark.tampers
class TestDamage:
    def test_each_kind_of_damage_is_refused(self, tmp_path: Path) -> None:
        """By the fastest of the three; the campaign asks them all about each."""
        two_months()
        for kind, statements in damages(PAID).items():
            with damage(statements):
                assert refused_by(tmp_path, {"ledger": texts()["ledger"]}) == {"ledger"}, kind
        judge(tmp_path)

    def test_an_entry_that_was_deleted_is_missed(self, tmp_path: Path) -> None:
        two_months()
        with damage(damages(MOVED)["a deleted entry"]):
            assert refused_by(tmp_path, texts()) == set(CHECKS)
            for days in ((date(2026, 11, 1), DAY), (date(2026, 11, 3), None), (None, date(2026, 10, 31))):
                assert refused_by(tmp_path, {"ledger": texts(*days)["ledger"]}) == {"ledger"}

    def test_a_leg_on_no_account_at_all_is_shown_and_refused(self, tmp_path: Path) -> None:
        two_months()
        with damage([]), closing(sqlite3.connect(db.engine.url.database)) as raw:
            raw.execute("UPDATE posting SET account = '999999' WHERE entry = 5 AND line = 1")
            raw.commit()
            found = texts()
            assert "999999-Compte-inconnu" in found["ledger"]
            assert refused_by(tmp_path, {"ledger": found["ledger"]}) == {"ledger"}
            for name in ("livre-journal.csv", "patrimoine.csv", "workbook.xlsx"):
                assert export(name)
        judge(tmp_path)

    def test_so_is_a_text_that_somebody_changed(self, tmp_path: Path) -> None:
        two_months()
        found = {name: one for name, one in texts().items() if name != "beancount"}
        for old, new in CHANGES:
            assert all(old in one for one in found.values())
            changed = {name: one.replace(old, new) for name, one in found.items()}
            assert refused_by(tmp_path, changed) == set(found), new


def test_the_command_writes_what_they_accept(app: Flask, tmp_path: Path) -> None:
    two_months()
    for name in CHECKS:
        file = tmp_path / name
        done = app.test_cli_runner().invoke(args=["shop", "export", name, "--output", str(file)])
        assert done.exit_code == 0, done.output
    assert {name: (tmp_path / name).read_text() for name in CHECKS} == texts()


def test_a_week_and_the_turn_of_a_year_lived_by_both_sellers(tmp_path: Path) -> None:
    """The campaign lives a year, and the demo, and damages the year."""
    live_year(date(2025, 12, 23), 1)
    assert_all_of_it_happened()
    judge(tmp_path)
    assert assert_each_month_adds_up() > 100


def test_the_worked_examples_one_after_the_other(tmp_path: Path) -> None:
    """The campaign judges each alone."""
    for heading, play in EXAMPLES.items():
        if heading != ALONE:
            play()
    judge(tmp_path)
    for seller in ("meals", "beer"):
        assert assert_liquid(seller, date(2026, 1, 1), date(2026, 12, 31))
