"""The livre-journal and the annual statements, from real books."""

from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import select
from xlsxwriter import Workbook

from shop.extensions import db
from shop.ledger.books import queries
from shop.ledger.books.models import Account
from shop.ledger.books.rules import EntryKind, Leg, ReversalReason
from shop.ledger.books.services import reverse
from shop.ledger.exports import reads, xlsx_file
from shop.ledger.exports.cash_book import cash_book
from shop.ledger.exports.formats import FORMATS, scope_of
from shop.ledger.exports.rules import RECEIVED, SPENT, is_liquid
from shop.ledger.exports.statements import a_year_before
from shop.ledger.exports.words import EVENTS, REASONS
from shop.transaction import transaction
from shop.treasury.rules import SUPPLIERS, CostKind, Spent
from shop.treasury.services import pay_bill, record_cost
from tests.ledger.books.entries import BANK, BOX, DAY, FOOD, SALES, book
from tests.ledger.exports.reading import cents, export, read
from tests.ledger.exports.sheets import sheets

pytestmark = pytest.mark.usefixtures("context")

LAST_YEAR, SPRING = date(2025, 12, 30), date(2026, 3, 2)
TITLES = [
    *("N° pièce", "Date", "Libellé"),
    *(f"Dépenses : {heading}" for heading in (*SPENT, "Total")),
    *(f"Recettes : {heading}" for heading in (*RECEIVED, "Total")),
    "Transferts internes",
]


def two_years() -> None:
    """Open both boxes, live a little in December and a little in spring, in both sellers' books."""
    book((BOX, 30000), ("100000", -30000), key="opening", kind=EntryKind.OPENING, day=LAST_YEAR)
    beer = Leg("550200", 150000, "beer"), Leg("140200", -150000, "beer")
    book(*beer, key="opening:beer", kind=EntryKind.OPENING, day=LAST_YEAR)
    book((BOX, 850), (SALES, -850), key="sold", kind=EntryKind.PAYMENT, day=LAST_YEAR)
    book(("288100", 1000), (SALES, -1000), key="unpaid", day=SPRING)
    seq = book((FOOD, 900), (BOX, -900), key="food", kind=EntryKind.COST, day=SPRING)
    book((BANK, 5000), (BOX, -5000), key="bank", kind=EntryKind.TRANSFER, day=SPRING)
    both = Leg(BOX, 500), Leg("499100", -500), Leg("499100", 500, "beer"), Leg("700200", -500, "beer")
    book(*both, key="both", day=DAY)
    with transaction():
        reverse(seq, DAY, DAY, "treasurer", "amount")
    fund = Leg("550200", 2000, "beer"), Leg("731000", -2000, "beer"), Leg("691100", 2000, "beer")
    book(*fund, Leg("139400", -2000, "beer"), key="gift", kind=EntryKind.GIFT, day=DAY)
    spent = Leg("643200", 300, "beer"), Leg("550200", -300, "beer"), Leg("139400", 300, "beer")
    book(*spent, Leg("791100", -300, "beer"), key="spent", kind=EntryKind.GIFT, day=DAY)


def total(rows: list[dict[str, str]], title: str) -> int:
    return sum(cents(row[title]) for row in rows if row["N° pièce"])


class TestCashBook:
    def test_receipts_less_expenses_are_the_change_of_liquid_money(self) -> None:
        two_years()
        for seller in ("meals", "beer"):
            for first in (None, date(2026, 1, 1), DAY):
                self.proves(seller, first)

    def proves(self, seller: str, first: date | None) -> None:
        rows = read("livre-journal.csv", seller, first=first)
        came = sum(total(rows, title) for title in rows[0] if title.endswith(" : Entrées"))
        went = sum(total(rows, title) for title in rows[0] if title.endswith(" : Sorties"))
        assert total(rows, "Recettes : Total") - total(rows, "Dépenses : Total") == came - went
        for side, headings in (("Recettes", RECEIVED), ("Dépenses", SPENT)):
            assert sum(total(rows, f"{side} : {one}") for one in headings) == total(rows, f"{side} : Total")
        held = {line.label: line.cents for line in queries.trial_balance(seller) if is_liquid(line.code)}
        last = {
            title.removesuffix(" : Solde"): cents(rows[-2][title]) for title in rows[0] if " : Solde" in title
        }
        assert last == ({"Caisse bière": 0} if seller == "beer" else {}) | held

    def test_the_columns_are_those_of_the_model_and_lines_are_numbered_without_a_gap(self) -> None:
        two_years()
        rows = read("livre-journal.csv")
        assert list(rows[0])[: len(TITLES)] == TITLES
        assert [row["N° pièce"] for row in rows] == ["1", "2", "1", "2", "3", "4", ""]
        assert rows[-1]["Libellé"] == f"Sceau de l’écriture {queries.head()[0]} : {queries.head()[1]}"

    def test_a_file_that_starts_mid_year_goes_on_counting_and_says_what_was_held(self) -> None:
        two_years()
        before, first, *_ = read("livre-journal.csv", first=DAY)
        assert (before["N° pièce"], before["Libellé"]) == ("", "Solde reporté")
        assert (before["Caisse repas : Solde"], before["Compte repas : Solde"]) == ("249,50", "50,00")
        assert first["N° pièce"] == "3"

    def test_an_opening_is_stated_and_no_receipt_and_a_refund_stands_below_zero(self) -> None:
        two_years()
        opening, sold, bought, moved, lent, undone, _ = read("livre-journal.csv")
        assert (opening["Libellé"], opening["Recettes : Total"]) == ("Solde d’ouverture", "")
        assert (opening["Caisse repas : Entrées"], opening["Caisse repas : Solde"]) == ("", "300,00")
        assert sold["Recettes : Autres recettes"] == "8,50"
        assert bought["Dépenses : Marchandises et services"] == "9,00"
        assert undone["Dépenses : Marchandises et services"] == "-9,00"
        assert undone["Libellé"] == "Annulation : achat, montant faux"
        assert (moved["Transferts internes"], moved["Recettes : Total"]) == ("50,00", "")
        assert lent["Recettes : Autres recettes"] == "5,00"

    def test_the_workbook_has_numbers_no_formula_and_the_same_totals(self) -> None:
        two_years()
        book((BOX, 100), (SALES, -100), key="formula", label="=1+1", document="=2+2")
        ((name, rows),) = sheets(export("livre-journal.xlsx")).items()
        lines = read("livre-journal.csv")
        assert name == "Livre-journal"
        assert rows[0][3] == "Dépenses"
        sum_line = next(row for row in rows if row[2] == "Total")
        for place, title in enumerate(lines[0]):
            if 3 <= place <= 13:
                assert round(float(sum_line[place]) * 100) == total(lines, title), title
        assert rows[-3][2].endswith("=1+1")
        assert rows[-1][2].startswith("Sceau de l’écriture")
        self.goes_on_in_a_further_sheet_where_one_is_full(rows)

    def goes_on_in_a_further_sheet_where_one_is_full(self, whole: list[list[str]]) -> None:
        scope = scope_of(FORMATS["livre-journal.xlsx"], None, None, (), DAY)
        with reads.snapshot(db.engine) as connection:
            found = sheets(b"".join(xlsx_file.pieces([cash_book(connection, scope)], most=6)))
        assert list(found) == ["Livre-journal", "Livre-journal, suite 2", "Livre-journal, suite 3"]
        heads, lines = whole[:2], [row for rows in found.values() for row in rows[2:]]
        assert all(rows[:2] == heads and len(rows) <= 6 for rows in found.values())
        assert [row for row in lines if row[2] != "Solde reporté"] == whole[2:]
        before, after = found["Livre-journal"][-1], found["Livre-journal, suite 2"][2]
        assert (after[0], after[1:3]) == ("", [before[1], "Solde reporté"])
        held = {place for place, title in enumerate(heads[1]) if title == "Solde"}
        assert {place: cell for place, cell in enumerate(after[3:], 3) if cell} == {
            place: before[place] for place in held
        }

    def test_a_line_names_the_shop_where_goods_were_paid_and_nobody_elsewhere(self) -> None:
        two_years()
        for place, kind in enumerate(CostKind):
            spent = Spent(kind, BOX, 100 + place, DAY, "2026-W48", f"Chez {kind}")
            with transaction():
                seq = record_cost(f"shop-{kind}", spent, DAY, "treasurer").entry
        bill = Spent(CostKind.PACKAGING, SUPPLIERS, 900, DAY, "2026-W48", "Grossiste")
        with transaction():
            pay_bill(record_cost("shop-bill", bill, DAY, "treasurer").id, DAY, "treasurer")
            reverse(seq - len(CostKind) + 1, DAY, DAY, "treasurer", "amount")
        said = [row["Libellé"] for row in read("livre-journal.csv", first=DAY)]
        assert [words for words in said if "Chez" in words] == [
            "Achat, Chez ingredients", "Achat, Chez packaging",
            "Annulation : achat, Chez ingredients, montant faux",
        ]  # fmt: skip
        assert said.count("Achat") == len(CostKind) - 2
        assert "Facture payée, Grossiste" in said
        assert all(
            "Chez" not in export(name).decode() for name in ("journal.csv", "hledger", "settlements.csv")
        )

    @pytest.mark.sqlite_only
    def test_a_sheet_holds_as_many_rows_as_the_format_does(self) -> None:
        with Workbook(BytesIO()) as book:
            assert book.add_worksheet().xls_rowmax == xlsx_file.MOST_ROWS


def test_every_account_stands_under_a_heading_and_only_liquid_money_under_the_transfers() -> None:
    for account in db.session.scalars(select(Account)):
        known = ("Transferts internes",) if is_liquid(account.code) else (*SPENT, *RECEIVED)
        assert account.cash_heading in known, account.code


class TestStatements:
    def test_expenses_and_receipts_with_the_year_before_beside(self) -> None:
        two_years()
        rows = {
            row["Rubrique"]: row for row in read("etat.csv", first=date(2026, 1, 1), last=date(2026, 12, 31))
        }
        assert list(rows["Autres recettes"].items()) == [
            ("Rubrique", "Autres recettes"), ("2026", "5,00"), ("2025", "8,50"),
        ]  # fmt: skip
        held = [rows[words]["2025"] for words in ("Au début", "Soldes d’ouverture inscrits", "À la fin")]
        assert held == ["0,00", "300,00", "308,50"]
        assert (rows["Au début"]["2026"], rows["À la fin"]["2026"]) == ("308,50", "313,50")

    def test_what_is_held_and_owed(self) -> None:
        two_years()
        rows = {row["Rubrique"]: row for row in read("patrimoine.csv", last=DAY)}
        day, before = f"Au {DAY:%d/%m/%Y}", f"Au {DAY.replace(year=2025):%d/%m/%Y}"
        assert (rows["Créances"][day], rows["Liquidités"][day]) == ("10,00", "313,50")
        # what the meals' box took for the beer is owed to it
        assert rows["Autres dettes"][day] == "5,00"
        assert rows["Total : avoirs"][before] == "0,00"
        beer = {row["Rubrique"]: row[day] for row in read("patrimoine.csv", "beer", last=DAY)}
        assert (beer["Créances"], beer["Fonds affectés"], beer["dont SECU solidaire"]) == (
            "5,00",
            "17,00",
            "17,00",
        )
        left = queries.distributable("beer")
        assert beer["Avoirs moins dettes et fonds affectés"] == f"{left // 100},{left % 100:02}"

    def test_each_fund_by_year(self) -> None:
        two_years()
        (row,) = read("funds.csv", first=date(2026, 1, 1))
        assert list(row.values())[1:] == [
            "SECU solidaire",
            "139400",
            "2026",
            "0,00",
            "20,00",
            "3,00",
            "17,00",
            "",
        ]

    def test_the_workbook_has_a_sheet_for_each_thing_that_stands(self) -> None:
        two_years()
        found = sheets(export("workbook.xlsx"))
        assert set(found) == {"Balance", "Fonds"}
        assert found["Balance"][-1][3] == found["Balance"][-1][4]

    @pytest.mark.parametrize(
        "name", ["etat.csv", "patrimoine.csv", "livre-journal.csv", "funds.csv", "workbook.xlsx"]
    )
    @pytest.mark.sqlite_only
    def test_empty_books_and_days_beyond_any_calendar_are_no_fault(self, name: str) -> None:
        assert export(name)
        assert export(name, first=date(1, 1, 1), last=date(2001, 1, 1))
        assert export(name, first=date(1, 1, 1), last=date(1, 1, 2))
        assert export(name, first=date(2098, 1, 1), last=date(9999, 12, 31))


def test_a_leap_day_has_a_year_before() -> None:
    assert a_year_before(date(2028, 2, 29)) == date(2027, 2, 28)


def test_every_event_and_every_reason_has_its_words() -> None:
    assert EVENTS.keys() == set(EntryKind)
    assert REASONS.keys() == set(ReversalReason)
