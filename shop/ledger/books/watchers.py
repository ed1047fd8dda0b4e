"""What `verify` proves of the books entry by entry, all of it in one reading of their history.

Where a proof is quick, the chain looks at the newest entries, and floors and sums at the stored balances.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy import String, cast, func, literal, select

from shop.checks import Watcher
from shop.extensions import db
from shop.ledger.books import queries
from shop.ledger.books.history import PostingRow
from shop.ledger.books.models import Account, Balance, Count, JournalEntry, Posting
from shop.ledger.books.rules import (
    GENESIS,
    HASH_VERSION,
    LONGEST,
    EntryKind,
    Kept,
    event_hash,
    in_natural_sign,
    link_hash,
)

GUARANTEES = ("139300", "415100")
"""The fund for guarantees, and what of it is advanced."""

CASH = "57"
KINDS = {kind.value for kind in EntryKind}

Legs = list[PostingRow]
Place = tuple[str, str, str]
"""An account, an activity and a subject, '' for none."""


# Made once: building a statement costs ten times what running it does.
_FLOORS = select(Account.code, Account.type, Account.never_negative)
_COUNTS = select(Count).order_by(Count.id)
_BALANCES = select(Balance.account, Balance.activity, Balance.subject, Balance.cents)
_BOOKED = (
    select(Count.id, func.sum(Posting.cents))
    .join(JournalEntry, JournalEntry.seq == Count.entry)
    .join(Posting, (Posting.entry == Count.entry) & (Posting.account == Count.account))
    .where(JournalEntry.document == literal("count:") + cast(Count.id, String))
    .group_by(Count.id)
)


class EntriesBalance(Watcher):
    """Each entry is whole, has two legs or more, none of them zero, and sums to 0 in each activity."""

    name = "entries balance, in each activity"

    def see(self, entry: Kept, legs: Legs) -> Iterable[str]:
        """Look at an entry."""
        sums: dict[str, int] = {}
        for _, _, _, cents, activity, _ in legs:
            sums[activity] = sums.get(activity, 0) + cents
            if not cents or not isinstance(cents, int):
                yield f"entry {entry.seq}: a leg of {cents}"
        if len(legs) < 2 or any(sums.values()):
            yield f"entry {entry.seq}: does not balance"
        if not (0 < len(entry.key) <= LONGEST["key"] and 0 < len(entry.document) <= LONGEST["document"]):
            yield f"entry {entry.seq}: no key or no document"
        if not (len(entry.label) <= LONGEST["label"] and 0 < len(entry.role) <= LONGEST["role"]):
            yield f"entry {entry.seq}: a label too long or no role"
        if entry.kind not in KINDS:
            yield f"entry {entry.seq}: of a kind that is not known"


class ChainHolds(Watcher):
    """Numbers have no gap, everything is sealed, and each hash is right from the first entry on."""

    name = "the chain of hashes holds, without a gap"

    def __init__(self, quick: bool) -> None:
        super().__init__(quick)
        self.seq, self.link = 0, GENESIS

    def see(self, entry: Kept, legs: Legs) -> Iterable[str]:
        """Look at an entry, and at the one before."""
        seq, link = self.seq, self.link
        if self.quick and seq == 0:
            seq, link = entry.seq - 1, entry.prev_hash
        self.seq, self.link = entry.seq, entry.hash
        if entry.seq != seq + 1:
            yield f"entry {entry.seq}: a gap before it"
        if entry.prev_hash != link:
            yield f"entry {entry.seq}: not chained to the one before"
        if entry.hash_version != HASH_VERSION or entry.sealed != 1:
            yield f"entry {entry.seq}: not sealed"
        if [leg[1] for leg in legs] != list(range(1, len(legs) + 1)):
            yield f"entry {entry.seq}: a line is missing"
        rows = [leg[2:] for leg in legs]
        if entry.fingerprint != event_hash(entry.kind, entry.document, entry.reverses, rows):
            yield f"entry {entry.seq}: the fingerprint of another"
        if entry.hash != link_hash(entry, rows):
            yield f"entry {entry.seq}: the hash of another"


class FloorsHold(Watcher):
    """Accounts that are never negative never were, nor the fund of guarantees less what it advanced."""

    name = "no account is below its floor"

    def __init__(self, quick: bool) -> None:
        super().__init__(quick)
        rows = db.session.execute(_FLOORS)
        self.signs = {code: in_natural_sign(kind, 1) for code, kind, never in rows if never}
        self.held: Counter[Place] = Counter()
        self.seq = 0

    def see(self, entry: Kept, legs: Legs) -> Iterable[str]:
        """Replay an entry."""
        self.seq = entry.seq
        if self.quick:
            return ()
        touched: set[Place] = set()
        for _, _, account, cents, activity, subject in legs:
            if account in self.signs or account in GUARANTEES:
                place = (account, activity, subject or "")
                self.held[place] += cents
                touched.add(place)
        return self._below(touched)

    def end(self) -> Iterable[str]:
        """Look at the stored balances, where there was no replay."""
        if self.quick:
            self.held = Counter(stored())
            yield from self._below(set(self.held))

    def _below(self, touched: set[Place]) -> Iterator[str]:
        for place in touched:
            if self.held[place] * self.signs.get(place[0], 0) < 0:
                yield f"account {place[0]} below zero at entry {self.seq}"
        if any(place[0] in GUARANTEES for place in touched) and self._guarantees() > 0:
            yield f"guarantees above their fund at entry {self.seq}"

    def _guarantees(self) -> int:
        return sum(cents for place, cents in self.held.items() if place[0] in GUARANTEES)


class BalancesAreRight(Watcher):
    """All postings sum to 0, and replaying them from zero gives each stored balance."""

    name = "balances are what the postings sum to"

    def __init__(self, quick: bool) -> None:
        super().__init__(quick)
        self.held: dict[Place, int] = defaultdict(int)

    def see(self, _entry: Kept, legs: Legs) -> Iterable[str]:
        """Replay an entry."""
        for _, _, account, cents, activity, subject in legs:
            self.held[account, activity, subject or ""] += cents
        return ()

    def end(self) -> Iterable[str]:
        """Compare with what is stored."""
        kept = stored()
        sums: Counter[str] = Counter()
        for (_, activity, _), cents in kept.items():
            sums[activity] += cents
        for activity, cents in sums.items():
            if cents:
                yield f"{activity} is off by {cents} cents"
        for place in () if self.quick else sorted(kept.keys() | self.held.keys()):
            said, found = kept.get(place), self.held.get(place)
            if said != found:
                yield f"balance of {place[0]} is {said}, its postings sum to {found}"


class CountsAreRight(Watcher):
    """Each count adds up, its difference was booked, and it expected what the books held then."""

    name = "cash counts and checks of the bank are right"

    def __init__(self, quick: bool) -> None:
        super().__init__(quick)
        self.taken: dict[int, list[Count]] = defaultdict(list)
        for count in db.session.scalars(_COUNTS):
            self.taken[count.at_seq].append(count)
        counted = {count.account for counts in self.taken.values() for count in counts}
        # By account and day, as text: a bank is compared with what was dated up to the statement's day.
        self.days: dict[str, Counter[str]] = {account: Counter() for account in counted}

    def see(self, entry: Kept, legs: Legs) -> Iterable[str]:
        """Replay an entry, and look at the counts that were taken after it."""
        if self.quick or not self.taken:
            return
        for _, _, account, cents, _, _ in legs:
            if account in self.days:
                self.days[account][str(entry.date)] += cents
        for count in self.taken.get(entry.seq, ()):
            yield from self._compare(count)

    def _compare(self, count: Count) -> Iterator[str]:
        cash, last = count.account.startswith(CASH), count.counted_on.isoformat()
        held = sum(cents for day, cents in self.days[count.account].items() if cash or day <= last)
        if count.expected != held:
            yield f"count {count.id}: the books held something else"

    def end(self) -> Iterable[str]:
        """Look at each count by itself, and at those taken before the first entry."""
        booked = _booked_by_counts()
        newest = queries.head()[0]
        for count in (one for counts in self.taken.values() for one in counts):
            cash = count.account.startswith(CASH)
            pieces = sum(int(value) * many for value, many in count.pieces.items())
            if pieces != count.counted if cash else count.pieces:
                yield f"count {count.id}: its pieces do not add up"
            difference = count.counted - count.expected if cash else 0
            if booked.get(count.id, 0) != difference or bool(count.entry) != bool(difference):
                yield f"count {count.id}: its difference was not booked"
            if not 0 <= count.at_seq <= newest:
                yield f"count {count.id}: taken at an entry that is not there"
            if count.at_seq == 0 and count.expected:
                yield f"count {count.id}: the books held nothing yet"


def _booked_by_counts() -> dict[int, int]:
    """Give what each count's own entry booked on its account, in cents."""
    return {number: int(cents) for number, cents in db.session.execute(_BOOKED)}


def stored() -> dict[Place, int]:
    """Give the stored balances in cents."""
    rows = db.session.execute(_BALANCES)
    return {(account, activity, subject): cents for account, activity, subject, cents in rows}


WATCHERS = (EntriesBalance, ChainHolds, FloorsHold, BalancesAreRight, CountsAreRight)
