"""Reads of the books. Sums come from `balance` or from one document's postings, never from the history."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import aliased

from shop.errors import EntryUnknown
from shop.extensions import db, read
from shop.ledger.books.models import Account, Balance, Count, JournalEntry, Posting
from shop.ledger.books.rules import (
    CLOSING,
    GENESIS,
    AccountType,
    Entry,
    EntryKind,
    Leg,
    next_generation,
)
from shop.members.models import Activity

REVERSAL = aliased(JournalEntry)
"""The entry that undoes another; one for all who ask what stands, because an alias costs more than a read."""

# Made once, as all that is read at every turn: building a statement costs ten times what running it does.
_HEAD = select(JournalEntry.seq, JournalEntry.hash).order_by(JournalEntry.seq.desc()).limit(1)
_BALANCES_OF = (
    select(Balance.account, func.sum(Balance.cents))
    .where(Balance.account.in_(bindparam("accounts", expanding=True)))
    .group_by(Balance.account)
)
_KEYED = (
    select(REVERSAL.seq)
    .select_from(JournalEntry)
    .outerjoin(REVERSAL, REVERSAL.reverses == JournalEntry.seq)
    .where(JournalEntry.idempotency_key == bindparam("key"))
)
# Kinds and order are chosen later: for them SQLite would walk an index of all entries of a kind.
_STANDING = (
    select(JournalEntry.seq, JournalEntry.kind)
    .outerjoin(REVERSAL, REVERSAL.reverses == JournalEntry.seq)
    # Not `reverses IS NULL`: SQLite would look that up in its index, and nearly all entries are there.
    .where(
        JournalEntry.document == bindparam("document"),
        JournalEntry.kind != EntryKind.REVERSAL,
        REVERSAL.seq.is_(None),
    )
)
_ON_DOCUMENTS = (
    select(JournalEntry.document, func.sum(Posting.cents))
    .join(Posting, Posting.entry == JournalEntry.seq)
    .where(
        JournalEntry.document.in_(bindparam("documents", expanding=True)),
        # An expression, because SQLite would rather walk a whole account than look up many documents.
        Posting.account.concat("").in_(bindparam("accounts", expanding=True)),
    )
    .group_by(JournalEntry.document)
)


@dataclass(frozen=True)
class AccountBalance:
    """A line of the trial balance; cents, debit > 0."""

    code: str
    label: str
    type: AccountType
    activity: str
    cents: int

    @property
    def debit(self) -> int:
        """Give the cents of the left column."""
        return max(self.cents, 0)

    @property
    def credit(self) -> int:
        """Give the cents of the right column."""
        return max(-self.cents, 0)


def head() -> tuple[int, str]:
    """Give the newest entry's number and hash; (0, GENESIS) in empty books."""
    found = read(_HEAD).first()
    return (found.seq, found.hash) if found else (0, GENESIS)


def balance(account: str, activity: str | None = None, subject: str | None = None) -> int:
    """Give an account's balance in cents, debit > 0; of one activity or one subject where named."""
    named = {"account": account, "activity": activity, "subject": subject}
    values = {name: value for name, value in named.items() if value is not None}
    return int(read(_balance(*values), values).scalar_one())


@cache
def _balance(*names: str) -> Select[int]:
    wanted = (getattr(Balance, name) == bindparam(name) for name in names)
    return select(func.coalesce(func.sum(Balance.cents), 0)).where(*wanted)


def balances_of(accounts: Collection[str]) -> dict[str, int]:
    """Give the balance in cents of each of these accounts, debit > 0; an unused one is 0."""
    found = read(_BALANCES_OF, {"accounts": list(accounts)})
    return dict.fromkeys(accounts, 0) | {account: int(cents) for account, cents in found}


def balances_by_subject(account: str) -> dict[str, int]:
    """Give an account's balance in cents for each subject that has one, debit > 0."""
    rows = select(Balance.subject, func.sum(Balance.cents)).where(Balance.account == account)
    found = db.session.execute(rows.group_by(Balance.subject).order_by(Balance.subject))
    return {subject: int(cents) for subject, cents in found if subject}


def distributable(activity: str) -> int:
    """Give what an activity has to share, in cents; below 0 it is a loss that the next share makes good.

    Minus its balances of income, expense and result accounts, so a late refund or a year end carries itself.
    """
    return -int(read(_earned(), {"seller": activity}).scalar_one())


@cache
def _earned() -> Select[int]:
    seller: BindParameter[str] = bindparam("seller")
    result = select(Activity.result_account).where(Activity.code == seller).scalar_subquery()
    earned = Account.type.in_([AccountType.INCOME, AccountType.EXPENSE]) | (Account.code == result)
    return (
        select(func.coalesce(func.sum(Balance.cents), 0))
        .join(Account, Account.code == Balance.account)
        .where(Balance.activity == seller, earned)
    )


def on_document(document: str, accounts: Iterable[str]) -> int:
    """Sum, in cents, the postings on these accounts whose entries cite a document."""
    return on_documents([document], accounts)[document]


def on_documents(documents: Collection[str], accounts: Iterable[str]) -> dict[str, int]:
    """Sum, in cents, the postings on these accounts for each document; 0 where there are none."""
    wanted = {"documents": list(documents), "accounts": list(accounts)}
    found = {document: int(cents) for document, cents in read(_ON_DOCUMENTS, wanted)}
    return {document: found.get(document, 0) for document in documents}


def no_year_end() -> ColumnElement[bool]:
    """Say in SQL that an entry neither closes a year nor undoes that: so something was earned or spent."""
    return JournalEntry.document.not_like(f"{CLOSING}%")


def as_entry(seq: int) -> Entry:
    """Give a sealed entry as it was posted, subjects included. Raises EntryUnknown."""
    booked = db.session.get(JournalEntry, seq)
    if booked is None:
        raise EntryUnknown(seq)
    legs = tuple(Leg(leg.account, leg.cents, leg.activity, leg.subject) for leg in booked.postings)
    return Entry(
        booked.idempotency_key,
        booked.kind,
        booked.date,
        booked.document,
        booked.label,
        booked.role,
        legs,
        booked.reverses,
    )


def current_key(base: str) -> str:
    """Give the key of an act that may be undone and done again: its standing entry's, else the next free one.

    `settlement:2026-W41`, then `settlement:2026-W41#2` once that is reversed. Never for keys from outside.
    """
    key = base
    while True:
        found = read(_KEYED, {"key": key}).first()
        if found is None or found.seq is None:
            return key
        key = next_generation(base, key)


def standing_entries(document: str, *kinds: EntryKind) -> list[int]:
    """Give the numbers of a document's entries that were not reversed and reverse nothing, oldest first."""
    found = read(_STANDING, {"document": document})
    return sorted(seq for seq, kind in found if not kinds or kind in kinds)


def last_count(account: str) -> Count | None:
    """Give the newest count of a cash box."""
    newest = select(Count).where(Count.account == account).order_by(Count.id.desc()).limit(1)
    return db.session.scalars(newest).first()


def trial_balance(activity: str | None = None) -> list[AccountBalance]:
    """List the accounts that hold something, by code, each activity apart."""
    sums = func.sum(Balance.cents)
    lines = (
        select(Account.code, Account.label, Account.type, Balance.activity, sums)
        .join(Balance, Balance.account == Account.code)
        .group_by(Account.code, Account.label, Account.type, Balance.activity)
        .having(sums != 0)
        .order_by(Account.code, Balance.activity)
    )
    if activity is not None:
        lines = lines.where(Balance.activity == activity)
    return [AccountBalance(*row[:-1], int(row[-1])) for row in db.session.execute(lines)]


def of_seller(activity: str) -> ColumnElement[bool]:
    """Say in SQL whose posting it is, where days narrow the search.

    Plainly compared, SQLite would take the index of activities, which holds all postings there ever were.
    """
    return Posting.activity.concat("") == activity


def sums_after(day: date, activity: str, *where: ColumnElement[bool]) -> dict[str, int]:
    """Sum what came onto a seller's accounts after a day, in cents by account; costs what those days do."""
    # Grouped by an expression, because in the accounts' own order SQLite would walk their whole index.
    account = Posting.account.concat("")
    later = (
        select(account, func.sum(Posting.cents))
        .join(JournalEntry, JournalEntry.seq == Posting.entry)
        .where(JournalEntry.date > day, of_seller(activity), *where)
        .group_by(account)
    )
    return {code: int(cents) for code, cents in db.session.execute(later)}


def balances_on(day: date, activity: str) -> list[AccountBalance]:
    """List what a seller's accounts held at the end of a day, by code, as `trial_balance` does for now.

    What they hold now less what was dated after: so the cost is that of what came since.
    """
    since = sums_after(day, activity)
    held = (
        select(Account.code, Account.label, Account.type, Balance.activity, func.sum(Balance.cents))
        .join(Balance, Balance.account == Account.code)
        .where(Balance.activity == activity)
        .group_by(Account.code, Account.label, Account.type, Balance.activity)
        .order_by(Account.code)
    )
    lines = [
        AccountBalance(*row[:-1], int(row[-1]) - since.get(row.code, 0)) for row in db.session.execute(held)
    ]
    return [line for line in lines if line.cents]


def by_type(lines: Iterable[AccountBalance]) -> dict[AccountType, list[AccountBalance]]:
    """Group the lines of a trial balance, in the order of the types."""
    groups: dict[AccountType, list[AccountBalance]] = {kind: [] for kind in AccountType}
    for line in lines:
        groups[line.type].append(line)
    return {kind: found for kind, found in groups.items() if found}
