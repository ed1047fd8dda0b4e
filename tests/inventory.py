"""What the rows of a shop hold, byte by byte: whether what must be sealed is an envelope of padded length."""

import re
from collections import Counter
from collections.abc import Iterator

from sqlalchemy import LargeBinary, select, type_coerce

from shop.extensions import Base, db
from shop.vault import NONCE, PAD, VERSION, vault
from tests.test_privacy_of_columns import SEALED

TAG = 16
KEY_NAME = re.compile(rb"house|week-[0-9]+")


def rows_of_sealed_columns() -> Iterator[tuple[str, bytes]]:
    """Give what is stored in each column of the list, as it lies there."""
    for name in sorted(SEALED):
        table, _, column = name.partition(".")
        stored = type_coerce(Base.metadata.tables[table].c[column], LargeBinary)
        for (envelope,) in db.session.execute(select(stored).where(stored.is_not(None))):
            yield name, bytes(envelope)


def unsealed() -> list[str]:
    """Name the columns of the list that hold anything but padded envelopes which open for that column."""
    return sorted({name for name, envelope in rows_of_sealed_columns() if not _is_sealed(name, envelope)})


def filled() -> Counter[str]:
    """Count the rows of each column of the list: what holds none proves nothing."""
    return Counter(name for name, _ in rows_of_sealed_columns())


def _is_sealed(name: str, envelope: bytes) -> bool:
    if len(envelope) < 2 or envelope[0] != VERSION:
        return False
    key, rest = envelope[2 : 2 + envelope[1]], envelope[2 + envelope[1] :]
    padded = len(rest) - NONCE - TAG
    if not KEY_NAME.fullmatch(key) or padded < PAD or padded % PAD:
        return False
    vault().open(envelope, name)
    return True
