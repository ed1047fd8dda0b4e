"""LibreOffice opens both sellers' livre-journal of a year: totals as in the CSV, and no cell is a formula."""

import csv
import os
import shutil
import subprocess
import tempfile
from datetime import date
from pathlib import Path

import time_machine
import xlsxwriter
from flask import Flask

from shop.extensions import db
from tests.conftest import NOON, make_app
from tests.ledger.exports.reading import cents, export, rows
from tests.ledger.exports.rounds import SELLERS
from tests.ledger.exports.year import live_year
from tests.load.databases import database
from tools.system import install_missing

WEEKS = int(os.environ.get("WEEKS", "56"))
CUTOFF = date(2025, 1, 7)
AS_IT_IS = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,true"
"""Semicolons, UTF-8, numbers as they are and not as they are shown, formulas as formulas."""
HEADS = 2
OFFICE = {"soffice": ["libreoffice-calc-nogui"]}


def main() -> str:
    """Live WEEKS weeks, take the workbook away and read it with LibreOffice."""
    install_missing(OFFICE)
    if not shutil.which("soffice"):
        return "not run: needs LibreOffice"
    with tempfile.TemporaryDirectory() as name, time_machine.travel(NOON, tick=True):
        folder = Path(name)
        assert _formulas(_opened(folder, _with_formula(folder))) == 1, "a planted formula is not seen"
        with database("sqlite", folder) as url:
            app = make_app(url, folder)
            _live(app)
            seen = [_prove_book(app, folder, seller) for seller in SELLERS]
            seen.append(_prove_workbook(app, folder))
    return f"{WEEKS} weeks: {'; '.join(seen)}"


def _live(app: Flask) -> None:
    with app.app_context():
        live_year(CUTOFF, WEEKS, lambda: print(".", end="", flush=True))
        print()
        db.session.remove()
        db.engine.dispose()


def _prove_book(app: Flask, folder: Path, seller: str) -> str:
    file = folder / f"{seller}.xlsx"
    with app.app_context():
        file.write_bytes(export("livre-journal.xlsx", seller))
        ours = rows(export("livre-journal.csv", seller))
    cells = _opened(folder, file)
    assert _formulas(cells) == 0, f"the book of {seller} has a formula"
    return f"{seller}: {_compare(cells, ours)}"


def _prove_workbook(app: Flask, folder: Path) -> str:
    file = folder / "workbook.xlsx"
    with app.app_context():
        file.write_bytes(export("workbook.xlsx"))
    cells = _opened(folder, file)
    assert _formulas(cells) == 0, "the workbook has a formula"
    return f"the workbook's first sheet has {len(cells)} rows, no formula"


def _compare(cells: list[list[str]], ours: list[dict[str, str]]) -> str:
    lines = [row for row in cells[HEADS:] if row[0]]
    (total,) = [row for row in cells if row[2] == "Total"]
    mine = [row for row in ours if row["N° pièce"]]
    assert [row[0] for row in lines] == [row["N° pièce"] for row in mine]
    summed = 0
    for place, title in enumerate(ours[0]):
        if place < 3 or title.endswith((" : Solde", "citée", "Écriture")):
            continue
        there = sum(_cents(row[place]) for row in lines)
        assert there == sum(cents(row[title]) for row in mine) == _cents(total[place]), title
        summed += bool(there)
    return f"{len(lines)} lines, {summed} columns with the same totals, no formula"


def _opened(folder: Path, file: Path) -> list[list[str]]:
    """Have LibreOffice open a workbook and write down its first sheet."""
    own = f"-env:UserInstallation=file://{folder}/office"
    command = ["soffice", own, "--headless", "--convert-to", AS_IT_IS, "--outdir", str(folder), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    written = file.with_suffix(".csv")
    assert written.is_file(), done.stdout + done.stderr
    with written.open(encoding="utf-8", newline="") as text:
        return list(csv.reader(text, delimiter=";"))


def _formulas(cells: list[list[str]]) -> int:
    return sum(cell.startswith("=") for row in cells for cell in row)


def _with_formula(folder: Path) -> Path:
    """Make a workbook that has a formula, to see that one is seen."""
    file = folder / "planted.xlsx"
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet().write_formula(0, 0, "=1+1")
    return file


def _cents(number: str) -> int:
    return round(float(number.replace(",", ".") or 0) * 100)
