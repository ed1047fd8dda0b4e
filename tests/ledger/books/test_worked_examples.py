"""The worked examples: what docs/worked-examples.md says is what the real services book."""

import pytest

from shop.ledger.books.queries import distributable, head
from tests.ledger.books.worked import EXAMPLES, WHOLE_WEEK
from tests.ledger.books.worked_page import ENTRY, told, written

TOLD = told()

pytestmark = pytest.mark.usefixtures("context")


def test_page_and_examples_name_the_same() -> None:
    assert list(TOLD) == list(EXAMPLES)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("heading", EXAMPLES)
def test_the_books_say_what_the_page_says(heading: str) -> None:
    EXAMPLES[heading]()
    listed = len(ENTRY.findall(TOLD[heading]))
    assert written(listed) == TOLD[heading]
    assert head()[0] == (50 if heading == WHOLE_WEEK else listed), "the page leaves entries out"


@pytest.mark.parametrize(("heading", "left"), [("The year ends", 7000), ("A loss waits for better weeks", 0)])
def test_what_is_left_to_share(heading: str, left: int) -> None:
    EXAMPLES[heading]()
    assert distributable("meals") == left


def test_one_example_may_follow_another() -> None:
    for heading in EXAMPLES:
        if heading != WHOLE_WEEK:
            EXAMPLES[heading]()
