"""The promise of the cash book, held against the books: receipts less expenses is what money changed by."""

from datetime import date, timedelta

from sqlalchemy import func, select

from shop.extensions import db
from shop.ledger.books.models import JournalEntry, Posting
from shop.ledger.books.rules import EntryKind
from tests.ledger.exports.reading import cents, read


def assert_liquid(seller: str, first: date, last: date) -> int:
    """Prove it of some days of a seller, lines without a gap; give how many lines there were."""
    lines = [row for row in read("livre-journal.csv", seller, first=first, last=last) if row["N° pièce"]]
    received = sum(cents(row["Recettes : Total"]) for row in lines)
    spent = sum(cents(row["Dépenses : Total"]) for row in lines)
    assert received - spent == _held(seller, last) - _held(seller, first - timedelta(days=1)), (seller, first)
    numbers = [int(row["N° pièce"]) for row in lines]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True
    return len(lines)


def _held(seller: str, day: date) -> int:
    """Give what a seller's liquid accounts held at a day's end, in cents, as if none had opened with any."""
    opening = select(JournalEntry.seq).where(JournalEntry.kind == EntryKind.OPENING)
    held = (
        select(func.coalesce(func.sum(Posting.cents), 0))
        .join(JournalEntry, JournalEntry.seq == Posting.entry)
        .where(Posting.account.like("5%"), Posting.activity == seller, JournalEntry.date <= day)
        .where(JournalEntry.seq.not_in(opening), func.coalesce(JournalEntry.reverses, 0).not_in(opening))
    )
    return int(db.session.scalar(held) or 0)
