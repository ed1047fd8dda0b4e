"""Draws a receipt anew, as a program of its own: `python -I redrawing.py < FILE > PAGES`.

It alone looks into a stranger's bytes, with bounds on memory, time and what it may write, with no setting and
no key in reach: a picture that is a bomb ends this program and not the shop, which never imports it. Out come
JPEG pages made from pixels alone, so whatever else was in the file stays behind. Each page is two pictures,
one to read and one small, each after its length in four bytes. The exit code says why there is none.
"""

import resource
import sys
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageOps
from pypdfium2 import PdfDocument

MEMORY, SECONDS, WRITTEN = 400 * 2**20, 10, 16 * 2**20
"""Bytes to work in, seconds of work, bytes to write."""

LONGEST, SMALL = 1600, 160
"""The longest side of a page and of its small picture, in pixels."""

MOST_PIXELS = 24_000_000
"""Of a picture as it is read; a JPEG is read at a part of its size, so that any telephone's passes."""

MOST_POINTS = 2 * 72 * 39.37
"""Of a side of a PDF page: two metres."""

MOST_PAGES = 5
TOO_LARGE, TOO_MANY, UNREADABLE = 10, 11, 12


def main() -> int:
    """Draw the pages of the file on standard input; give the exit code."""
    for bound, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(bound, (most, most))
    try:
        for page in pages(sys.stdin.buffer.read()):
            for longest in (LONGEST, SMALL):
                drawn = jpeg(page, longest)
                sys.stdout.buffer.write(len(drawn).to_bytes(4, "big") + drawn)
        sys.stdout.buffer.flush()
    except MemoryError:
        return TOO_LARGE
    except Exception:
        # Whatever the libraries stumble over, in bytes that may be anything.
        return UNREADABLE
    return 0


def pages(content: bytes) -> Iterator[Image.Image]:
    """Give each page as a picture. What a file is says its content, and never a name."""
    return from_pdf(content) if b"%PDF-" in content[:1024] else iter([from_picture(content)])


def from_picture(content: bytes) -> Image.Image:
    """Read a JPEG, PNG or WebP, upright; of several pictures the first."""
    # Its own bound asks how large the file is, and ours how much of it is read.
    Image.MAX_IMAGE_PIXELS = None
    found: Image.Image = Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
    found.draft("RGB", (LONGEST, LONGEST))
    if found.width * found.height > MOST_PIXELS:
        sys.exit(TOO_LARGE)
    ImageOps.exif_transpose(found, in_place=True)
    if found.mode.startswith("I"):
        # Sixteen bits of grey, which would all turn white.
        found = found.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    return found.convert("RGBA" if found.has_transparency_data else "RGB")


def from_pdf(content: bytes) -> Iterator[Image.Image]:
    """Draw each page of a PDF: no script runs, and no link and no hidden text comes along."""
    document = PdfDocument(content)
    if len(document) > MOST_PAGES:
        sys.exit(TOO_MANY)
    for page in document:
        side = max(page.get_size())
        if side > MOST_POINTS:
            sys.exit(TOO_LARGE)
        yield page.render(scale=LONGEST / side, may_draw_forms=False).to_pil()


def jpeg(page: Image.Image, longest: int) -> bytes:
    """Shrink a page and draw it on a fresh white sheet, so that nothing but its pixels comes along."""
    page.thumbnail((longest, longest))
    sheet = Image.new("RGB", page.size, "white")
    sheet.paste(page, mask=page.getchannel("A") if page.mode == "RGBA" else None)
    drawn = BytesIO()
    sheet.save(drawn, "JPEG", quality=70, optimize=True, progressive=True)
    return drawn.getvalue()


if __name__ == "__main__":
    sys.exit(main())
