"""Tables as a workbook: numbers are numbers, days are days, and no cell is a formula.

XlsxWriter is imported when a workbook is asked for: the server does without it.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from importlib import import_module
from itertools import groupby, pairwise
from tempfile import TemporaryFile
from typing import Any

from shop.ledger.exports.tables import Cell, Column, Holds, Row, Table, Tone

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
EURO, DAY = '#,##0.00" €"', "dd/mm/yyyy"
A4 = 9
AT_ONCE = 64 * 1024
LINE = "#B8A68A"
TONES: dict[Tone, dict[str, object]] = {
    Tone.PLAIN: {},
    Tone.TOTAL: {"bold": True, "top": 1},
    Tone.TITLE: {"bold": True},
    Tone.GREY: {"font_color": "#777777", "italic": True},
}
HEADING = {"bold": True, "bg_color": "#F3EBDD", "text_wrap": True, "valign": "vcenter"}
HOLDS: dict[Holds, dict[str, object]] = {
    Holds.TEXT: {"indent": 1},
    Holds.DAY: {"num_format": DAY, "align": "center"},
    Holds.NUMBER: {"align": "center"},
    Holds.EUROS: {"num_format": EURO, "align": "right"},
}
TITLE_HEIGHT = 32
MOST_ROWS = 2**20
"""Rows that a sheet of this format holds; beyond, XlsxWriter would leave cells out without a word."""


def pieces(tables: Iterable[Table], most: int = MOST_ROWS) -> Iterator[bytes]:
    """Give the workbook in pieces, once the last sheet is written; on the way it lies on the disk.

    What a sheet of `most` rows, titles included, cannot hold goes on in another: `Livre-journal, suite 2`.
    """
    with TemporaryFile() as file:
        book = import_module("xlsxwriter").Workbook(file, OPTIONS)
        book.set_properties({"comments": "Tablée"})
        for table in tables:
            _write(book, table, most)
        book.close()
        file.seek(0)
        while some := file.read(AT_ONCE):
            yield some


def _write(book: Any, table: Table, most: int) -> None:
    sheet, number, last = _Sheet(book, table), 1, None
    for row in table.rows:
        if sheet.line == most:
            sheet.close()
            number += 1
            sheet = _Sheet(book, table, f", suite {number}")
            if table.carried and last:
                sheet.add(table.carried(last))
        sheet.add(row)
        last = row
    sheet.close()


class _Sheet:
    def __init__(self, book: Any, table: Table, suffix: str = "") -> None:
        self.book, self.table = book, table
        self.sheet = book.add_worksheet(f"{table.name}{suffix}")
        self.heads = self.line = 2 if any(column.group for column in table.columns) else 1
        edges = _edges(table.columns)
        self.formats = {
            tone: [
                book.add_format({**TONES[tone], **HOLDS[column.holds], **edge})
                for column, edge in zip(table.columns, edges, strict=True)
            ]
            for tone in Tone
        }
        self.titles = [
            book.add_format(
                {**HEADING, "align": HOLDS[column.holds].get("align", "left"), "bottom": 1, **edge}
            )
            for column, edge in zip(table.columns, edges, strict=True)
        ]
        self._set_up()
        self._write_titles()

    def add(self, row: Row) -> None:
        cells = row.cells
        if row.tone == Tone.TOTAL:
            cells += (None,) * (len(self.table.columns) - len(cells))
        for place, cell in enumerate(cells):
            self._write(self.line, place, cell, self.formats[row.tone][place])
        self.line += 1

    def close(self) -> None:
        self.sheet.print_area(0, 0, max(self.line - 1, self.heads), len(self.table.columns) - 1)

    def _set_up(self) -> None:
        for place, column in enumerate(self.table.columns):
            self.sheet.set_column(place, place, column.width)
        self.sheet.set_row(self.heads - 1, TITLE_HEIGHT)
        self.sheet.freeze_panes(self.heads, self.table.frozen)
        self.sheet.repeat_rows(0, self.heads - 1)
        self.sheet.set_landscape()
        self.sheet.set_paper(A4)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.4, right=0.4)
        self.sheet.set_header(f"&L&B{_plain(self.table.title)}")
        self.sheet.set_footer("&R&P / &N")

    def _write_titles(self) -> None:
        if self.heads == 2:
            middle = self.book.add_format({**HEADING, "align": "center", "left": 1, "left_color": LINE})
            plain = self.book.add_format(HEADING)
            for place, (group, many) in _spans(self.table.columns):
                if many > 1:
                    self.sheet.merge_range(0, place, 0, place + many - 1, group, middle)
                else:
                    self.sheet.write_string(0, place, group, middle if group else plain)
        for place, column in enumerate(self.table.columns):
            self.sheet.write_string(self.heads - 1, place, column.title, self.titles[place])

    def _write(self, line: int, place: int, cell: Cell, how: Any) -> None:
        if cell is None:
            self.sheet.write_blank(line, place, None, how)
        elif isinstance(cell, date):
            self.sheet.write_datetime(line, place, cell, how)
        elif isinstance(cell, int):
            euros = self.table.columns[place].holds == Holds.EUROS
            self.sheet.write_number(line, place, cell / 100 if euros else cell, how)
        else:
            self.sheet.write_string(line, place, str(cell), how)


def _edges(columns: tuple[Column, ...]) -> list[dict[str, object]]:
    """Give the line at the left of each column where a group begins or ends."""
    groups = ["", *(column.group for column in columns)]
    line: dict[str, object] = {"left": 1, "left_color": LINE}
    return [line if one != before else {} for before, one in pairwise(groups)]


def _spans(columns: tuple[Column, ...]) -> Iterator[tuple[int, tuple[str, int]]]:
    """Give where each group begins, its name and how many columns it has; without a group, each alone."""
    place = 0
    for group, some in groupby(columns, key=lambda column: column.group):
        many = len(list(some))
        yield from [(place, (group, many))] if group else ((place + n, ("", 1)) for n in range(many))
        place += many


def _plain(title: str) -> str:
    """Keep an ampersand from being read as a command of the page's head."""
    return title.replace("&", "&&")
