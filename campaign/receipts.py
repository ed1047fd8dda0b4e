"""Damaged pictures and PDFs, and bombs of memory and of time: each is drawn or refused, within its bounds.

`RECEIPTS` says how many damaged files (1,000). It prints the most seconds and megabytes that a file took.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter

from shop.treasury import drawing, redrawing
from tests.treasury.pictures import (
    jpeg_of_many_pixels,
    jpeg_of_many_scans,
    pdf,
    pdf_bomb,
    photo,
    png_bomb,
    receipt,
    saved,
    webp_bomb,
)

MANY = int(os.environ.get("RECEIPTS", "1000"))
SOUND = {
    "jpeg": photo(600, 1000),
    "progressive jpeg": saved(receipt(600, 1000), progressive=True),
    "png": saved(receipt(600, 1000), "PNG"),
    "png with colours of its own": saved(receipt(600, 1000).convert("P"), "PNG"),
    "webp": saved(receipt(600, 1000), "WEBP"),
    "pdf": pdf(pages=3),
    "pdf of a picture": saved(receipt(600, 1000), "PDF"),
}
BOMBS = {
    "png": png_bomb(),
    "webp": webp_bomb(),
    "pdf of strokes": pdf_bomb(),
    "jpeg of many scans": jpeg_of_many_scans(),
    "jpeg of many pixels": jpeg_of_many_pixels(),
}
SAID = {
    0: "drawn",
    redrawing.TOO_LARGE: "too large",
    redrawing.TOO_MANY: "too many",
    redrawing.UNREADABLE: "unreadable",
}


def main() -> str:
    """Draw them all."""
    chance, found, slowest, largest = random.Random(12), Counter[str](), 0.0, 0
    for number in range(MANY):
        name = chance.choice(list(SOUND))
        said, seconds, megabytes = draw(damage(SOUND[name], chance))
        found[said] += 1
        slowest, largest = max(slowest, seconds), max(largest, megabytes)
        if number % 100 == 99:
            print(f"{number + 1} of {MANY} …", flush=True)
    for name, file in BOMBS.items():
        said, seconds, megabytes = draw(file)
        print(f"bomb, {name}, {len(file):,} bytes: {said}, {seconds:.1f} s, {megabytes} MB", flush=True)
        assert said != "drawn", name
        slowest, largest = max(slowest, seconds), max(largest, megabytes)
    assert largest < redrawing.MEMORY / 2**20 + 50, f"{largest} MB"
    told = ", ".join(f"{count} {said}" for said, count in found.most_common())
    return f"{MANY} damaged files ({told}) and {len(BOMBS)} bombs: at most {slowest:.1f} s and {largest} MB"


def damage(file: bytes, chance: random.Random) -> bytes:
    """Change some bytes, and cut or repeat a part."""
    damaged = bytearray(file)
    for _ in range(chance.choice((1, 5, 50))):
        damaged[chance.randrange(len(damaged))] = chance.choice((0, 255, chance.randrange(256)))
    start, end = sorted(chance.randrange(len(damaged)) for _ in range(2))
    part = damaged[start:end]
    return bytes(chance.choice((damaged, damaged[:end], damaged + part, damaged[:start] + damaged[end:])))


def draw(file: bytes) -> tuple[str, float, int]:
    """Have a file drawn; what came of it, seconds of work, megabytes."""
    begun = time.monotonic()
    quiet = subprocess.DEVNULL
    program = subprocess.Popen(
        [sys.executable, "-I", drawing.PROGRAM], stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, env={}
    )
    assert program.stdin
    try:
        program.stdin.write(file)
        program.stdin.close()
    except BrokenPipeError:
        pass
    _, status, used = os.wait4(program.pid, 0)
    program.returncode = os.waitstatus_to_exitcode(status)
    said = SAID.get(program.returncode, f"ended by signal {-program.returncode}")
    assert program.returncode <= 0 or program.returncode in SAID, said
    work = used.ru_utime + used.ru_stime
    assert work < redrawing.SECONDS + 2, f"{work:.0f} s of work in {time.monotonic() - begun:.0f} s"
    return said, work, used.ru_maxrss // 1024
