"""What a text journal says, whichever program will read it: openings, entries and closing assertions.

What an account holds at a month's end is not summed from what is listed before: it is what the sealing keeps,
less what came after. So postings that were damaged stand against assertions of the books as they were, and
each entry is held against its own seal besides.
"""

import re
import unicodedata
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, case, extract, func, select
from sqlalchemy.orm import aliased

from shop.ledger.books.legs import told_cents
from shop.ledger.books.models import JournalEntry, Posting
from shop.ledger.books.rules import AccountType, Entry, Leg, chain_hash, fingerprint
from shop.ledger.exports import reads
from shop.ledger.exports.reads import ChartLine, Scope
from shop.ledger.exports.words import entry_words

ROOTS = {
    AccountType.ASSET: "Assets",
    AccountType.LIABILITY: "Liabilities",
    AccountType.EQUITY: "Equity",
    AccountType.INCOME: "Income",
    AccountType.EXPENSE: "Expenses",
}
OPENING = "Soldes d'ouverture"
BEFORE, AFTER = 0, 999_999
"""In place of a month: what lies before the scope, and after it."""

Place = tuple[str, str]
"""An account and a seller."""


@dataclass(frozen=True)
class Listed:
    """An entry to write: pairs of the account's name and cents; number 0 is the opening balances.

    `broken` says that it is not what was sealed.
    """

    seq: int
    date: date
    words: str
    legs: tuple[tuple[str, int], ...]
    broken: bool = False


@dataclass(frozen=True)
class Closing:
    """What every account holds at the end of a day: pairs of its name and cents."""

    date: date
    balances: tuple[tuple[str, int], ...]


class PlainText:
    """The books of some sellers as accounts' names, entries and closings."""

    def __init__(self, connection: Connection, scope: Scope) -> None:
        self.connection, self.scope = connection, scope
        self.stored = reads.stored_balances(connection, scope.activities)
        self.moves = _moves(connection, scope)
        places = {*self.stored, *(place for sums in self.moves.values() for place in sums)}
        chart = reads.chart(connection)
        self.names = {place: account_name(chart[place[0]], place[1]) for place in sorted(places)}

    def blocks(self) -> Iterator[Listed | Closing]:
        """Give the opening balances, then all entries by day, and after each month the closing."""
        closings = _closing_days(self.scope, max(self.moves.keys() - {AFTER}, default=BEFORE))
        before = self.moves.get(BEFORE, {})
        legs = tuple((self.names[place], cents) for place, cents in sorted(before.items()) if cents)
        if legs:
            yield Listed(0, self.scope.first, OPENING, legs)
        due = next(closings)
        for listed in self._entries():
            while due < listed.date:
                yield self._closing(due)
                due = next(closings)
            yield listed
        yield self._closing(due)
        for day in closings:
            yield self._closing(day)

    def _closing(self, day: date) -> Closing:
        """Walk back from what is stored to the end of a day."""
        until = AFTER - 1 if day == self.scope.last else month_number(day)
        held = dict.fromkeys(self.names, 0) | self.stored
        for month, sums in self.moves.items():
            if month > until:
                for place, cents in sums.items():
                    held[place] -= cents
        return Closing(day, tuple((self.names[place], cents) for place, cents in sorted(held.items())))

    def _entries(self) -> Iterator[Listed]:
        for _, rows in groupby(reads.stream(self.connection, _wanted(self.scope)), key=lambda row: row.seq):
            legs = list(rows)
            mine = tuple(
                (self.names[leg.account, leg.activity], int(leg.told))
                for leg in legs
                if leg.activity in self.scope.activities and leg.told is not None
            )
            row = legs[0]
            words = ascii_words(entry_words(row.kind, row.event, row.document, row.label))
            if mine:
                yield Listed(row.seq, row.date, words, mine, not _is_as_sealed(legs))


def account_name(account: ChartLine, activity: str) -> str:
    """Name an account for all three programs: ASCII, words joined by dashes, the seller as the last part."""
    words = re.sub(r"[^A-Za-z0-9]+", "-", _bare(account.label)).strip("-")
    seller = re.sub(r"[^A-Za-z0-9]+", "-", _bare(activity)).strip("-")
    return f"{ROOTS[account.type]}:{account.code}-{words}:{seller[:1].upper()}{seller[1:]}"


def ascii_words(words: str) -> str:
    """Write words without any letter or sign that one of the programs reads otherwise."""
    plain = _bare(words.replace("’", "'"))
    return re.sub(r"[^A-Za-z0-9.,:'/()#+-]+", " ", plain).strip()


def month_number(day: date) -> int:
    """Number the months, one after the other."""
    return day.year * 12 + day.month


def _bare(words: str) -> str:
    apart = unicodedata.normalize("NFKD", words.replace("œ", "oe").replace("Œ", "OE"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _closing_days(scope: Scope, newest: int) -> Iterator[date]:
    """Give the last days of the months up to the newest, and at last the scope's own last day."""
    for month in range(month_number(scope.first), newest + 1):
        year, number = divmod(month - 1, 12)
        day = date(year, number + 1, monthrange(year, number + 1)[1])
        if day < scope.last:
            yield day
    yield scope.last


def _moves(connection: Connection, scope: Scope) -> dict[int, dict[Place, int]]:
    """Sum the postings by month, account and seller, in cents."""
    month = extract("year", JournalEntry.date) * 12 + extract("month", JournalEntry.date)
    slot = case(
        (JournalEntry.date < scope.first, BEFORE), (JournalEntry.date > scope.last, AFTER), else_=month
    )
    wanted = (
        select(slot, Posting.account, Posting.activity, func.sum(Posting.cents))
        .join(JournalEntry, JournalEntry.seq == Posting.entry)
        .where(Posting.activity.in_(scope.activities))
        .group_by(slot, Posting.account, Posting.activity)
    )
    found: defaultdict[int, dict[Place, int]] = defaultdict(dict)
    for when, account, activity, cents in connection.execute(wanted):
        found[int(when)][account, activity] = int(cents)
    return found


def _wanted(scope: Scope) -> Any:
    entry, leg, undone = JournalEntry.__table__.c, Posting.__table__.c, aliased(JournalEntry)
    return (
        select(*entry, func.coalesce(undone.kind, entry.kind).label("event"))
        .add_columns(leg.account, leg.cents, leg.activity, leg.subject, told_cents().label("told"))
        .join(Posting, Posting.entry == entry.seq)
        .outerjoin(undone, undone.seq == entry.reverses)
        .where(entry.date.between(scope.first, scope.last))
        .order_by(entry.date, entry.seq, leg.line)
    )


def _is_as_sealed(legs: list[Row[Any]]) -> bool:
    row = legs[0]
    stated = tuple(Leg(leg.account, leg.cents, leg.activity, leg.subject) for leg in legs)
    entry = Entry(
        *(row.idempotency_key, row.kind, row.date, row.document, row.label, row.role), stated, row.reverses
    )
    seal = chain_hash(row.seq, entry, row.fingerprint, row.recorded_on, row.prev_hash)
    return bool(row.hash == seal and row.fingerprint == fingerprint(entry))


def in_lines(blocks: Iterator[list[str]], at_once: int = reads.AT_ONCE) -> Iterator[str]:
    """Join blocks of lines into pieces of a file; the first block comes by itself, at once."""
    yield "\n".join([*next(blocks), "", ""])
    waiting: list[str] = []
    for block in blocks:
        waiting += [*block, ""]
        if len(waiting) > at_once:
            yield "\n".join([*waiting, ""])
            waiting = []
    yield "\n".join([*waiting, ""])


def broken_name(listed: Listed) -> str:
    """Name an account that is declared nowhere, so that each program refuses the file and shows why."""
    return f"Equity:Sceau-rompu:Ecriture-{listed.seq}"
