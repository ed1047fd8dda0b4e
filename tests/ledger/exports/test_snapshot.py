"""A file is read as of one moment: what is booked while it is written stands in the next one."""

import pytest

from shop.ledger.exports.formats import FORMATS, pieces, scope_of
from tests.ledger.books.entries import DAY, book, open_box


@pytest.mark.usefixtures("context")
def test_what_is_booked_meanwhile_is_left_out() -> None:
    open_box()
    form = FORMATS["livre-journal.csv"]
    scope = scope_of(form, None, None, (), DAY)
    before = b"".join(pieces(form, scope))
    going = pieces(form, scope)
    titles = next(going)
    book(key="meanwhile")
    assert titles + b"".join(going) == before
