"""A receipt is drawn anew: how it looks stays, whatever else was in the file is gone, bombs are refused."""

import ast
import os
import random
import resource
import struct
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageStat, UnidentifiedImageError

from shop.errors import MoneyRefused, ReceiptTooLarge, ReceiptTooLong, ReceiptUnreadable
from shop.treasury import drawing, redrawing
from shop.treasury.drawing import draw
from tests.treasury.pictures import (
    PLACE,
    jpeg_of_many_scans,
    pdf,
    pdf_bomb,
    photo,
    png_bomb,
    receipt,
    saved,
    webp_bomb,
)

SHOP = Path(drawing.__file__).parents[1]
PLAIN = {0xC0, 0xC2, 0xC4, 0xDA, 0xDB, 0xE0}
"""Segments of a JPEG that only say how its pixels are packed: SOF, DHT, SOS, DQT and the bare JFIF header."""


def segments(picture: bytes) -> set[int]:
    """Name the segments of a JPEG, of which nothing may follow the end."""
    assert picture[:2] == b"\xff\xd8"
    assert picture[-2:] == b"\xff\xd9"
    found, at = set(), 2
    while at < len(picture) - 2:
        if picture[at] == 0xFF and picture[at + 1] not in {0x00, 0xFF, *range(0xD0, 0xD8)}:
            found.add(picture[at + 1])
            at += 2 + struct.unpack(">H", picture[at + 2 : at + 4])[0]
        else:
            at += 1
    return found


def looks(picture: bytes) -> Image.Image:
    return Image.open(BytesIO(picture))


def test_a_photo_with_a_place_in_it_comes_out_upright_and_bare() -> None:
    sent = photo()
    assert sent.count(PLACE) >= 6
    (page,) = draw(sent)
    for picture, longest in ((page.content, 1600), (page.thumbnail, 160)):
        drawn = looks(picture)
        assert (drawn.height, drawn.mode) == (longest, "RGB")
        assert drawn.width == pytest.approx(longest * 0.6, abs=1)
        assert segments(picture) <= PLAIN
        assert PLACE not in picture
        assert not any(mark in picture for mark in (b"Exif", b"ICC_PROFILE", b"<x>"))
    assert len(page.thumbnail) < 8_000
    difference = ImageStat.Stat(looks(page.content).convert("L")).mean[0]
    assert difference == pytest.approx(ImageStat.Stat(receipt().convert("L")).mean[0], abs=3)


def test_the_control_sees_what_hides_in_a_photo() -> None:
    assert segments(photo()[: photo().index(b"\xff\xd9") + 2]) - PLAIN >= {0xE1, 0xE2, 0xFE}


def test_every_page_of_a_pdf_is_a_picture_without_script_or_words() -> None:
    script = (
        b"/OpenAction<</S/JavaScript/JS(while\\(1\\);)>>/Names<</EmbeddedFiles<</Names[(%s) 9 0 R]>>>>"
        % PLACE
    )
    pages = draw(pdf(pages=2, root=script))
    assert [max(looks(page.content).size) for page in pages] == [1600, 1600]
    for page in pages:
        assert segments(page.content) <= PLAIN
        assert not any(mark in page.content for mark in (PLACE, b"JavaScript", b"Oignons"))
        assert looks(page.content).convert("L").getextrema()[0] < 50


@pytest.mark.parametrize(
    ("form", "mode", "colour"),
    [("PNG", "RGBA", (0, 0, 0, 0)), ("PNG", "I;16", 40_000), ("WEBP", "RGB", "white")],
)
def test_other_pictures_are_readable_too(form: str, mode: str, colour: object) -> None:
    (page,) = draw(saved(Image.new(mode, (300, 200), colour), form))
    assert looks(page.content).size == (300, 200)
    grey = 156 if mode == "I;16" else 255
    assert looks(page.content).getpixel((150, 100)) == pytest.approx((grey, grey, grey), abs=2)


@pytest.mark.parametrize(
    ("file", "refusal"),
    [
        (png_bomb, ReceiptTooLarge),
        (pdf_bomb, ReceiptTooLarge),
        (webp_bomb, ReceiptUnreadable),
        (lambda: pdf(size=(28_346, 28_346)), ReceiptTooLarge),
        (lambda: pdf(pages=6), ReceiptTooLong),
        (lambda: photo()[:60_000], ReceiptUnreadable),
        (lambda: pdf()[:300], ReceiptUnreadable),
        (lambda: b"", ReceiptUnreadable),
    ],
    ids=[
        "png-bomb",
        "pdf-bomb",
        "webp-bomb",
        "ten-metres",
        "six-pages",
        "half-a-photo",
        "half-a-pdf",
        "nothing",
    ],
)
def test_what_is_no_receipt_is_refused(file: Callable[[], bytes], refusal: type[MoneyRefused]) -> None:
    with pytest.raises(refusal):
        draw(file())


@pytest.mark.parametrize(
    "file",
    [
        saved(Image.new("L", (9, 9)), "TIFF"),
        saved(Image.new("L", (9, 9)), "GIF"),
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"PK\x03\x04" + bytes(2000),
    ],
    ids=["tiff", "gif", "svg", "heic", "zip"],
)
def test_other_forms_are_not_even_tried(file: bytes) -> None:
    with pytest.raises(UnidentifiedImageError):
        redrawing.pages(file)


def test_damaged_files_are_drawn_or_refused() -> None:
    chance = random.Random(3)
    for file in (photo(300, 500), pdf()):
        damaged = bytearray(file)
        for _ in range(20):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            assert draw(bytes(damaged))
        except MoneyRefused:
            continue


def test_a_bomb_fills_no_memory() -> None:
    program = subprocess.Popen(
        [sys.executable, "-I", drawing.PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert program.stdin
    program.stdin.write(pdf_bomb())
    program.stdin.close()
    _, status, used = os.wait4(program.pid, 0)
    program.returncode = os.waitstatus_to_exitcode(status)
    assert program.returncode != 0
    assert used.ru_maxrss < redrawing.MEMORY / 1024 + 50_000


def test_what_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "PATIENCE", 0.01)
    with pytest.raises(ReceiptTooLarge):
        draw(photo())


def test_what_takes_too_much_work_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A second instead of ten, so that nobody waits for it."""
    patient, hasty = f"{redrawing.SECONDS}, 16 * 2**20", "1, 16 * 2**20"
    assert patient in drawing.PROGRAM.read_text()
    (tmp_path / "hasty.py").write_text(drawing.PROGRAM.read_text().replace(patient, hasty))
    monkeypatch.setattr(drawing, "PROGRAM", tmp_path / "hasty.py")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with pytest.raises(ReceiptTooLarge):
        draw(jpeg_of_many_scans())
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 3


def test_the_program_knows_no_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A stand-in writes down what it finds around it."""
    told = "repr((dict(os.environ), os.getcwd(), sys.flags.isolated)).encode()"
    frame = f"import os, sys; told = {told}; part = len(told).to_bytes(4, 'big') + told"
    (tmp_path / "told.py").write_text(f"{frame}\nsys.stdout.buffer.write(part + part)")
    monkeypatch.setenv("FIELD_KEY", "a secret")
    monkeypatch.setattr(drawing, "PROGRAM", tmp_path / "told.py")
    (page,) = draw(b"")
    environment, folder, isolated = ast.literal_eval(page.content.decode())
    assert set(environment) <= {"LC_CTYPE"}
    assert (folder, isolated) == ("/", 1)


def test_the_shop_itself_reads_no_picture() -> None:
    readers = {
        file.name
        for file in SHOP.rglob("*.py")
        if any(
            word in file.read_text()
            for word in ("import PIL", "from PIL", "pypdfium2 import", "import redrawing")
        )
    }
    assert readers == {"redrawing.py"}


def test_both_sides_mean_the_same() -> None:
    names = ("MOST_PAGES", "TOO_LARGE", "TOO_MANY")
    assert [getattr(drawing, name) for name in names] == [getattr(redrawing, name) for name in names]
