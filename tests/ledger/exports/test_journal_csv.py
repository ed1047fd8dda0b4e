"""journal.csv: what a treasurer opens in a spreadsheet."""

import tracemalloc
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from shop.extensions import db
from shop.ledger.books import queries
from shop.ledger.books.rules import Leg
from shop.ledger.books.services import post, reverse
from shop.ledger.exports import journal_csv
from shop.ledger.exports.formats import FORMATS, pieces
from shop.ledger.exports.reads import Scope
from shop.pages import Role
from shop.transaction import transaction
from tests.factories import sign_in
from tests.ledger.books.entries import BOX, DAY, FOOD, book, make_entry, open_box
from tests.ledger.exports.reading import cents, export, read, rows


@pytest.mark.usefixtures("context")
class TestLines:
    def test_one_line_a_posting_whose_sums_are_the_balances(self) -> None:
        open_box()
        book(label="Marché")
        seq = book((BOX, -1234), (FOOD, 1234), key="food")
        with transaction():
            reverse(seq, DAY, DAY, "treasurer")
        found = read("journal.csv")
        assert len(found) == 8
        for line in queries.trial_balance():
            mine = [row for row in found if (row["Compte"], row["Activité"]) == (line.code, line.activity)]
            assert sum(cents(row["Débit"]) - cents(row["Crédit"]) for row in mine) == line.cents
        assert found[4] == {
            "N°": "3", "Date": "2026-11-23", "Inscrite le": "2026-11-23", "Évènement": "hand_over",
            "Pièce": "paper:1042", "Libellé": "", "Compte": "570100", "Intitulé": "Caisse repas",
            "Activité": "meals", "Débit": "", "Crédit": "12,34", "Inscrite par": "organiser",
            "Annule le n°": "",
        }  # fmt: skip
        assert found[6]["Annule le n°"] == "3"

    def test_no_subject_is_in_it(self) -> None:
        open_box()
        book((BOX, -300), Leg("618000", 300, subject="opaque-subject"), key="costs")
        assert b"opaque" not in export("journal.csv")

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r="])
    def test_a_formula_is_only_text(self, start: str) -> None:
        book(label=f'{start}1+1;"x"\n')
        assert read("journal.csv")[0]["Libellé"] == f'\'{start}1+1;"x"\n'

    def test_one_seller_s_postings_alone(self) -> None:
        both = (
            Leg("499100", 500),
            Leg("700100", -500),
            Leg("570200", 500, "beer"),
            Leg("499100", -500, "beer"),
        )
        book(*both)
        assert [row["Compte"] for row in read("journal.csv", "beer")] == ["570200", "499100"]
        assert [row["Compte"] for row in read("journal.csv", "meals")] == ["499100", "700100"]
        assert len(read("journal.csv")) == 4

    def test_days_are_both_included(self) -> None:
        for day in (20, 21, 22, 23):
            book(key=str(day), day=date(2026, 11, day))
        some = read("journal.csv", first=date(2026, 11, 21), last=date(2026, 11, 22))
        assert {row["Date"] for row in some} == {"2026-11-21", "2026-11-22"}

    @pytest.mark.sqlite_only
    def test_ten_times_the_entries_take_no_more_memory(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(journal_csv, "AT_ONCE", 10)
        peaks = []
        for many in (15, 135):
            with transaction():
                for number in range(many):
                    post(make_entry(key=f"{many}-{number}"), DAY)
            db.session.expunge_all()
            tracemalloc.start()
            for _ in pieces(FORMATS["journal.csv"], Scope(DAY, DAY, ("meals", "beer"))):
                pass
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        assert peaks[1] < 2.5 * peaks[0]


def test_the_command_writes_a_file_and_says_what_is_wrong(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        open_box()
    runner = app.test_cli_runner()
    file = tmp_path / "journal.csv"
    done = runner.invoke(
        args=["shop", "export", "journal.csv", "--from", "2026-11-01", "--output", str(file)]
    )
    assert done.exit_code == 0, done.output
    raw = file.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == 3
    for wrong in (
        ["journal.csv", "--from", "2026-12-01", "--to", "2026-11-01"],
        ["journal.csv", "--output", str(tmp_path / "nowhere" / "x.csv")],
        ["journal.doc"],
    ):
        refused = runner.invoke(args=["shop", "export", *wrong])
        assert refused.exit_code != 0
        assert "Error:" in refused.stderr


def test_a_treasurer_downloads_it_and_others_find_nothing(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        open_box()
    assert client.get("/treasury/exports/journal.csv").status_code == 404
    sign_in(client, [Role.TREASURER])
    answer = client.get("/treasury/exports/journal.csv")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert "journal-meals-2026-11-23-2026-11-23.csv" in answer.headers["Content-Disposition"]
    assert len(rows(answer.text)) == 2
    cook = app.test_client()
    sign_in(cook, [Role.COOK], "Menthe")
    assert cook.get("/treasury/exports/journal.csv").status_code == 404


@pytest.mark.usefixtures("context")
def test_an_empty_book_is_a_line_of_titles() -> None:
    assert db.session.execute(text("SELECT count(*) FROM posting")).scalar() == 0
    assert read("journal.csv") == []
