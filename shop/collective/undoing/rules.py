"""What will be so once an entry is undone, told from the postings that undo it. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from shop.ledger.books.rules import LIAISON

RESULTS = ("140100", "140200")
POCKETS, BILLS, CUSTOMERS, FLOAT = "489200", "440000", "400000", "100000"
PARTS, ADVANCED = "489110", "416100"

Sums = Mapping[tuple[str, str], int]
"""Cents by account and seller, debit > 0."""


class What(StrEnum):
    """What there will be more or less of."""

    MONEY = "money"
    POCKETS = "pockets"
    BILLS = "bills"
    CUSTOMER = "customer"
    PREPAID = "prepaid"
    PARTS = "parts"
    ADVANCED = "advanced"
    LIAISON = "liaison"
    FUND = "fund"
    FLOAT = "float"
    TO_SHARE = "to_share"


@dataclass(frozen=True)
class Effect:
    """So many cents more, or below 0 less, of something on an account of a seller."""

    what: What
    cents: int
    seller: str
    account: str = ""


BY_START = (("5", What.MONEY), ("460", What.PREPAID), ("139", What.FUND))
BY_CODE = {
    POCKETS: What.POCKETS,
    BILLS: What.BILLS,
    CUSTOMERS: What.CUSTOMER,
    PARTS: What.PARTS,
    ADVANCED: What.ADVANCED,
    LIAISON: What.LIAISON,
    FLOAT: What.FLOAT,
}
HELD = {What.MONEY, What.CUSTOMER, What.LIAISON, What.ADVANCED}
"""What grows by a debit; the rest is owed or set aside, and grows by a credit."""


def effects(sums: Sums, sellers: Collection[str]) -> list[Effect]:
    """Tell what these postings change for some sellers: money first, last what there is to share."""
    found = [
        Effect(what, cents if what in HELD else -cents, seller, account)
        for (account, seller), cents in sums.items()
        if (what := _what(account))
        and cents
        and seller in sellers
        # What speaks for one speaks against the other: who keeps both books reads it once.
        and not (what is What.LIAISON and cents < 0 and len(sellers) > 1)
    ]
    earned: Counter[str] = Counter()
    for (account, seller), cents in sums.items():
        if seller in sellers and _earned(account):
            earned[seller] -= cents
    found += [Effect(What.TO_SHARE, cents, seller) for seller, cents in earned.items() if cents]
    return sorted(found, key=lambda one: (list(What).index(one.what), one.seller, one.account))


def owners(legs: Iterable[tuple[str, str]]) -> set[str]:
    """Name the sellers whose entry it is, from its accounts and sellers: who spent, sold or was given.

    A box that only lent its money does not own the entry; where money only moved, each box does.
    """
    places = list(legs)
    own = {seller for account, seller in places if not account.startswith("5") and account != LIAISON}
    return own or {seller for _account, seller in places}


def _what(account: str) -> What | None:
    by_start = (what for start, what in BY_START if account.startswith(start))
    return BY_CODE.get(account) or next(by_start, None)


def _earned(account: str) -> bool:
    return account[0] in "67" or account in RESULTS
