"""What a file of figures is made of: columns and rows, whatever program will open it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Holds(StrEnum):
    """What the cells of a column hold; `EUROS` are whole cents."""

    TEXT = "text"
    DAY = "day"
    NUMBER = "number"
    EUROS = "euros"


class Tone(StrEnum):
    """How a row stands out."""

    PLAIN = "plain"
    TOTAL = "total"
    TITLE = "title"
    GREY = "grey"


Cell = object
"""A text, a date, a whole number or, for an empty cell, None."""


@dataclass(frozen=True)
class Column:
    """A column; columns of one `group` stand side by side under its name."""

    title: str
    holds: Holds = Holds.TEXT
    group: str = ""
    width: int = 12

    @property
    def full_title(self) -> str:
        """Give its title with its group, for files with one line of titles."""
        return f"{self.group} : {self.title}" if self.group else self.title


@dataclass(frozen=True)
class Row:
    """Cells in the order of the columns; those that are left out at the end are empty."""

    cells: tuple[Cell, ...]
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Table:
    """A sheet: `name` is on its tab (31 letters at most), `title` on its paper; rows are read once."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    frozen: int = 1
    """Columns that stay in sight."""
    carried: Callable[[Row], Row] | None = None
    """Makes the first row of a further sheet of the last one before, where a program's sheets are bounded."""


def euros(*titles: str, group: str = "") -> tuple[Column, ...]:
    """Make columns of amounts."""
    return tuple(Column(title, Holds.EUROS, group, 14) for title in titles)
