"""Tables as a workbook: numbers are numbers, days are days, and no cell is a formula.

XlsxWriter is imported when a workbook is asked for: the server does without it.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from importlib import import_module
from itertools import groupby
from tempfile import TemporaryFile
from typing import Any

from shop.ledger.exports.tables import Cell, Column, Holds, Table, Tone

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
EURO, DAY = '#,##0.00" €"', "dd/mm/yyyy"
A4 = 9
AT_ONCE = 64 * 1024
TONES: dict[Tone, dict[str, object]] = {
    Tone.PLAIN: {},
    Tone.TOTAL: {"bold": True, "top": 1},
    Tone.TITLE: {"bold": True},
    Tone.GREY: {"font_color": "#777777", "italic": True},
}
HEADING = {"bold": True, "bg_color": "#F3EBDD", "bottom": 1, "text_wrap": True, "valign": "vcenter"}


def pieces(tables: Iterable[Table]) -> Iterator[bytes]:
    """Give the workbook in pieces, once the last sheet is written; on the way it lies on the disk."""
    with TemporaryFile() as file:
        book = import_module("xlsxwriter").Workbook(file, OPTIONS)
        book.set_properties({"comments": "Tablée"})
        for table in tables:
            _Sheet(book, table).write()
        book.close()
        file.seek(0)
        while some := file.read(AT_ONCE):
            yield some


class _Sheet:
    def __init__(self, book: Any, table: Table) -> None:
        self.book, self.table = book, table
        self.sheet = book.add_worksheet(table.name)
        self.heads = 2 if any(column.group for column in table.columns) else 1
        self.formats = {(tone, holds): self._format(tone, holds) for tone in Tone for holds in Holds}

    def write(self) -> None:
        self._set_up()
        self._write_titles()
        line = self.heads
        for line, row in enumerate(self.table.rows, self.heads):
            for place, cell in enumerate(row.cells):
                holds = self.table.columns[place].holds
                self._write(line, place, cell, holds, self.formats[row.tone, holds])
        self.sheet.print_area(0, 0, line, len(self.table.columns) - 1)

    def _set_up(self) -> None:
        for place, column in enumerate(self.table.columns):
            self.sheet.set_column(place, place, column.width)
        self.sheet.freeze_panes(self.heads, self.table.frozen)
        self.sheet.repeat_rows(0, self.heads - 1)
        self.sheet.set_landscape()
        self.sheet.set_paper(A4)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.4, right=0.4)
        self.sheet.set_header(f"&L&B{_plain(self.table.title)}")
        self.sheet.set_footer("&R&P / &N")

    def _write_titles(self) -> None:
        heading, middle = self.book.add_format(HEADING), self.book.add_format({**HEADING, "align": "center"})
        if self.heads == 2:
            for place, (group, many) in _spans(self.table.columns):
                if many > 1:
                    self.sheet.merge_range(0, place, 0, place + many - 1, group, middle)
                else:
                    self.sheet.write_string(0, place, group, middle)
        for place, column in enumerate(self.table.columns):
            self.sheet.write_string(self.heads - 1, place, column.title, heading)

    def _write(self, line: int, place: int, cell: Cell, holds: Holds, how: Any) -> None:
        if isinstance(cell, date):
            self.sheet.write_datetime(line, place, cell, how)
        elif isinstance(cell, int):
            self.sheet.write_number(line, place, cell / 100 if holds == Holds.EUROS else cell, how)
        elif cell is not None:
            self.sheet.write_string(line, place, str(cell), how)

    def _format(self, tone: Tone, holds: Holds) -> Any:
        numbers: dict[Holds, dict[str, object]] = {
            Holds.EUROS: {"num_format": EURO},
            Holds.DAY: {"num_format": DAY, "align": "left"},
        }
        return self.book.add_format({**TONES[tone], **numbers.get(holds, {})})


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
