"""Files that somebody may send as a receipt: what telephones send, and what nobody should."""

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageDraw

PLACE = b"50.6326 N 5.5797 E"
"""A mark in every corner of a file where a place, a name or a device may hide."""


def receipt(width: int = 1200, height: int = 2000) -> Image.Image:
    """Draw a till receipt."""
    sheet = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(sheet)
    for line in range(4, height - 40, 40):
        pen.text((40, line), f"Oignons 5 kg {line / 100:.2f}", fill="black")
    return sheet


def saved(picture: Image.Image, form: str = "JPEG", **settings: object) -> bytes:
    """Write a picture as a file of this form."""
    file = BytesIO()
    picture.save(file, form, **settings)
    return file.getvalue()


def photo(width: int = 1200, height: int = 2000) -> bytes:
    """Take a photo as a telephone does: on its side, with a place, a profile, a comment, a second picture."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010E] = PLACE.decode()
    exif.get_ifd(0x8825).update(
        {1: "N", 2: (50.0, 37.0, 57.0), 3: "E", 4: (5.0, 34.0, 46.0), 29: PLACE.decode()}
    )
    sideways = receipt(width, height).transpose(Image.Transpose.ROTATE_90)
    plain = saved(
        sideways, quality=80, exif=exif, comment=PLACE, icc_profile=b"profile of " + PLACE, xmp=b"<x>" + PLACE
    )
    return plain + saved(receipt(160, 120), comment=PLACE) + PLACE


def pdf(
    drawing: bytes = b"BT /F 24 Tf 50 700 Td (Oignons 46,80) Tj ET",
    size: tuple[int, int] = (595, 842),
    pages: int = 1,
    root: bytes = b"",
    told: bytes = b"",
) -> bytes:
    """Write a PDF whose pages show one drawing; `root` stands in the catalogue, `told` beside the drawing."""
    kids = b" ".join(b"%d 0 R" % number for number in range(4, 4 + pages))
    font = b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 3 0 R%s>>" % (*size, font)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % root,
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages),
        b"<</Length %d%s>>stream\n%s\nendstream" % (len(drawing), told, drawing),
        *[page] * pages,
    ]
    file, starts = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        starts.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    count, end = len(objects) + 1, len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    return file + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (count, end)


def swollen(block: bytes, times: int) -> bytes:
    """Pack so many equal blocks, by packing one; all that unpacks them first is the check at the end."""
    packer = zlib.compressobj(9)
    start = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + packed * times + packer.flush()


def png_bomb(side: int = 65_000) -> bytes:
    """Write four thousand million pixels, all alike, in half a megabyte."""
    pixels = swollen(b"\0" * (side // 8 + 1) * 1000, side // 1000)
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    file = b"\x89PNG\r\n\x1a\n"
    for name, part in ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b"")):
        file += struct.pack(">I", len(part)) + name + part + struct.pack(">I", zlib.crc32(name + part))
    return file


def webp_bomb(side: int = 16_383) -> bytes:
    """Write a WebP of one colour and one pixel, and say that it is as large as a WebP can be."""
    file = bytearray(saved(Image.new("RGB", (1, 1)), "WEBP", lossless=True))
    size = file.index(b"\x2f", 20) + 1
    file[size : size + 4] = struct.pack("<I", (side - 1) | (side - 1) << 14)
    return bytes(file)


def pdf_bomb() -> bytes:
    """Write a PDF whose page unpacks to millions of strokes, which take more than a gigabyte to hold."""
    return pdf(swollen(b"0 0 m 500 500 l S\n" * 100_000, 40), told=b"/Filter/FlateDecode")


def jpeg_of_many_scans(side: int = 4000, times: int = 100_000) -> bytes:
    """Write a JPEG that says again and again, in a few bytes, that a detail of every pixel stays as it is."""
    file = saved(Image.new("L", (side, side), 128), progressive=True)
    second = file.index(b"\xff\xc4", file.index(b"\xff\xda"))
    third = file.index(b"\xff\xc4", second + 2)
    return file[:third] + file[second:third] * times + file[third:]


def jpeg_of_many_pixels(side: int = 30_000) -> bytes:
    """Write a small JPEG that is kept whole while it is read, and say that it is a large one."""
    file = bytearray(saved(Image.new("L", (16, 16)), progressive=True))
    size = file.index(b"\xff\xc2") + 5
    file[size : size + 4] = struct.pack(">HH", side, side)
    return bytes(file)
