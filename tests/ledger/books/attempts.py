"""What somebody who holds the database may try on four entries: an opening, a sale, a sale undone."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, insert, text

from shop.ledger.books.models import JournalEntry, Posting
from shop.ledger.books.rules import Entry, EntryKind, Leg, chain_hash, fingerprint
from tests.ledger.books.entries import BOX, DAY, FOOD, SALES

BOTH = ("sqlite", "postgresql")
Work = Callable[[Connection], None]


@dataclass(frozen=True)
class Attempt:
    """A damage; `triggers` are the guards in its way, on `dialects`.

    `seen`: verify can tell afterwards. `hidden`: it cannot, where the balances were made to fit as well.
    """

    name: str
    work: Work
    triggers: tuple[str, ...]
    dialects: tuple[str, ...] = BOTH
    seen: bool = True
    hidden: bool = False


def sql(*statements: str) -> Work:
    """Run plain statements."""

    def work(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement))

    return work


def entry(
    *legs: tuple[str, float, str], seal: str = "sealed = true", before: str = "", **changes: object
) -> Work:
    """Write a fifth entry by hand, rightly chained but for `changes`; `legs` are account, cents, activity."""

    def work(connection: Connection) -> None:
        if before:
            connection.execute(text(before))
        last = connection.execute(text("SELECT hash FROM journal_entry WHERE seq = 4")).scalar_one()
        row = chained(legs, last, changes)
        connection.execute(insert(JournalEntry.__table__).values(row))
        for line, (account, cents, activity) in enumerate(legs, 1):
            posting = {"account": account, "cents": cents, "activity": activity}
            connection.execute(insert(Posting.__table__).values(entry=row["seq"], line=line, **posting))
        if seal:
            connection.execute(text(f"UPDATE journal_entry SET {seal} WHERE seq = {row['seq']}"))

    return work


def chained(
    legs: Iterable[tuple[str, float, str]], last: str, changes: Mapping[str, object]
) -> dict[str, object]:
    """Make the row of an entry as a clever hand would, its hashes right."""
    row = {
        "seq": 5,
        "idempotency_key": "by hand",
        "date": DAY,
        "reverses": None,
        "prev_hash": last,
        **changes,
    }
    postings = tuple(Leg(account, cents, activity) for account, cents, activity in legs)
    value = Entry(
        row["idempotency_key"], EntryKind.GIFT, row["date"], "hand", "", "nobody", postings, row["reverses"]
    )
    stated = fingerprint(value)
    kept = {"kind": "gift", "document": "hand", "label": "", "role": "nobody", "recorded_on": DAY}
    own_hash = chain_hash(row["seq"], value, stated, DAY, row["prev_hash"])
    rest = {"fingerprint": stated, "hash": own_hash, "hash_version": 1, "sealed": False}
    return {**kept, **rest, **row}


def changed(what: str) -> Work:
    """Change a column of the sale."""
    return sql(f"UPDATE journal_entry SET {what} WHERE seq = 2")


FINE = ((BOX, 100, "meals"), (SALES, -100, "meals"))
REPLACED = "INSERT OR REPLACE INTO journal_entry SELECT {} FROM journal_entry WHERE seq = 2"
COLUMNS = tuple(column.name for column in JournalEntry.__table__.columns)


def replaced(**changes: str) -> Work:
    """Write the second entry again over a sealed one, with some columns changed."""
    return sql(REPLACED.format(", ".join(changes.get(column, column) for column in COLUMNS)))


LOCK = "INSERT INTO period (id, starts_on, ends_on) VALUES (1, '2026-10-01', '2026-10-31')"
CLOSE = f"UPDATE account SET closed_on = '2026-10-31' WHERE code = '{BOX}'"
NEXT = {"seq": "5", "prev_hash": "(SELECT hash FROM journal_entry WHERE seq = 4)", "sealed": "0"}

ATTEMPTS = (
    Attempt("unbalanced", entry((BOX, 100, "meals"), (SALES, -90, "meals")), ("entry_is_sealed",)),
    Attempt("two activities", entry((BOX, 100, "meals"), ("700200", -100, "beer")), ("entry_is_sealed",)),
    Attempt("no leg", entry(), ("entry_is_sealed",)),
    Attempt("one leg", entry((BOX, 100, "meals")), ("entry_is_sealed",)),
    Attempt("overdrawn box", entry((BOX, -99999, "meals"), (FOOD, 99999, "meals")), ("entry_is_sealed",)),
    Attempt(
        "guarantees above their fund",
        entry(("415100", 500, "beer"), ("550200", -500, "beer")),
        ("entry_is_sealed",),
    ),
    Attempt("sealed with a change", entry(*FINE, seal="sealed = true, label = 'x'"), ("entry_is_sealed",)),
    Attempt(
        "begun sealed",
        entry(*FINE, sealed=True, seal=""),
        ("entry_begins", "posting_begins"),
        hidden=True,
    ),
    Attempt("a gap", entry(*FINE, seq=6), ("entry_begins",)),
    Attempt("another chain", entry(*FINE, prev_hash="0" * 64), ("entry_begins",)),
    Attempt("a reversal reversed", entry(*FINE, reverses=4), ("entry_begins",)),
    Attempt("a locked day", entry(*FINE, date=date(2026, 10, 7), before=LOCK), ("entry_begins",), seen=False),
    Attempt("a closed account", entry(*FINE, before=CLOSE), ("posting_begins",), seen=False),
    Attempt(
        "a leg more",
        sql(f"INSERT INTO posting VALUES (2, 3, '{BOX}', 5, 'meals', NULL)"),
        ("posting_begins",),
    ),
    Attempt("never sealed", entry(*FINE, seal=""), ("entry_ends_sealed",), ("postgresql",)),
    Attempt("a label", changed("label = 'x'"), ("entry_is_sealed",)),
    Attempt("a key", changed("idempotency_key = 'x'"), ("entry_is_sealed",)),
    Attempt("a document", changed("document = 'x'"), ("entry_is_sealed",)),
    Attempt("a role", changed("role = 'x'"), ("entry_is_sealed",)),
    Attempt("a kind", changed("kind = 'gift'"), ("entry_is_sealed",)),
    Attempt("a day of record", changed("recorded_on = '2026-12-24'"), ("entry_is_sealed",)),
    Attempt("what it reverses", changed("reverses = 1"), ("entry_is_sealed",)),
    Attempt("a fingerprint", changed("fingerprint = hash"), ("entry_is_sealed",)),
    Attempt("a hash", changed("hash = prev_hash"), ("entry_is_sealed",)),
    Attempt("a hash before", changed("prev_hash = hash"), ("entry_is_sealed",)),
    Attempt("a version", changed("hash_version = 2"), ("entry_is_sealed",)),
    Attempt("a date", changed("date = '2026-11-01'"), ("entry_is_sealed",)),
    Attempt("unsealed again", changed("sealed = false"), ("entry_is_sealed",)),
    Attempt("a subject", sql("UPDATE posting SET subject = '' WHERE entry = 2"), ("posting_is_fixed",)),
    Attempt(
        "a line",
        sql("UPDATE posting SET line = line + 1 WHERE entry = 2 AND line = 2"),
        ("posting_is_fixed",),
    ),
    Attempt("an amount", sql("UPDATE posting SET cents = 2 * cents WHERE entry = 2"), ("posting_is_fixed",)),
    Attempt(
        "an account",
        sql("UPDATE posting SET account = '731000' WHERE entry = 2 AND line = 2"),
        ("posting_is_fixed",),
    ),
    Attempt("a leg less", sql("DELETE FROM posting WHERE entry = 2 AND line = 2"), ("posting_stays",)),
    Attempt(
        "an entry less",
        sql("DELETE FROM posting WHERE entry = 4", "DELETE FROM journal_entry WHERE seq = 4"),
        ("posting_stays", "entry_stays"),
        hidden=True,
    ),
    Attempt("a balance", sql("UPDATE balance SET cents = cents + 1"), ("balance_moves",), hidden=True),
    Attempt(
        "a balance less", sql(f"DELETE FROM balance WHERE account = '{BOX}'"), ("balance_stays",), hidden=True
    ),
    Attempt(
        "a balance more",
        sql("INSERT INTO balance (account, activity, subject, cents) VALUES ('731000', 'meals', '', 0)"),
        ("balance_begins", "balance_moves"),
        hidden=True,
    ),
    Attempt("emptied", sql("TRUNCATE posting"), ("posting_is_not_emptied",), ("postgresql",)),
    Attempt(
        "balances emptied", sql("TRUNCATE balance"), ("balance_is_not_emptied",), ("postgresql",), hidden=True
    ),
    Attempt(
        "all emptied",
        sql("TRUNCATE journal_entry CASCADE"),
        ("entry_is_not_emptied", "posting_is_not_emptied"),
        ("postgresql",),
        hidden=True,
    ),
    Attempt("replaced", replaced(label="'x'"), ("entry_begins", "entry_stays"), ("sqlite",)),
    Attempt("replaced by its key", replaced(**NEXT), ("entry_begins", "entry_stays"), ("sqlite",)),
    Attempt(
        "replaced by what it reverses",
        replaced(**NEXT, idempotency_key="'x'", reverses="3"),
        ("entry_begins", "entry_stays"),
        ("sqlite",),
    ),
    Attempt(
        "moved over another",
        sql("UPDATE OR REPLACE journal_entry SET seq = 1 WHERE seq = 2"),
        ("entry_is_sealed", "entry_stays"),
        ("sqlite",),
    ),
    Attempt(
        "a leg replaced",
        sql(f"INSERT OR REPLACE INTO posting VALUES (2, 1, '{BOX}', 5, 'meals', NULL)"),
        ("posting_begins", "posting_stays"),
        ("sqlite",),
    ),
    Attempt(
        "a leg moved over another",
        sql("UPDATE OR REPLACE posting SET entry = 1 WHERE entry = 2"),
        ("posting_is_fixed", "posting_stays"),
        ("sqlite",),
    ),
    Attempt(
        "a balance replaced",
        sql(f"INSERT OR REPLACE INTO balance VALUES ('{BOX}', 'meals', '', 5)"),
        ("balance_begins", "balance_stays"),
        ("sqlite",),
        hidden=True,
    ),
    Attempt(
        "half a cent", entry((BOX, 0.5, "meals"), (SALES, -0.5, "meals")), ("posting_begins",), ("sqlite",)
    ),
)
