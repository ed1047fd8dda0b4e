"""A workbook as a program reads it that did not write it: cells by sheet, and whether one is a formula."""

import io
import re
import zipfile
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheets(content: bytes) -> dict[str, list[list[str]]]:
    """Read the cells of each sheet as text; an empty one is ''. Raises AssertionError for a formula."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        return {
            name: _rows(book.read(f"xl/worksheets/sheet{number}.xml")) for number, name in enumerate(names, 1)
        }


def _rows(xml: bytes) -> list[list[str]]:
    tree = ElementTree.fromstring(xml)
    assert not list(tree.iter(f"{MAIN}f")), "a cell is a formula"
    return [_cells(row) for row in tree.iter(f"{MAIN}row")]


def _cells(row: ElementTree.Element) -> list[str]:
    found: dict[int, str] = {}
    for cell in row.iter(f"{MAIN}c"):
        letters = re.match("[A-Z]+", cell.attrib["r"])
        assert letters
        place = 0
        for letter in letters[0]:
            place = place * 26 + ord(letter) - 64
        found[place - 1] = "".join(
            part.text or "" for part in cell.iter() if part.tag in {f"{MAIN}v", f"{MAIN}t"}
        )
    return [found.get(place, "") for place in range(max(found, default=-1) + 1)]
