"""What costs, counts, openings and other movements of money are, and their entries. Pure."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shop.errors import (
    AccountUnfit,
    DayTooOld,
    LinesOffBy,
    NotAnAmount,
    OwedMoreThanHeld,
    PiecesOutOfRange,
    TooManyLines,
)
from shop.ledger.books.rules import MONEY, Entry, EntryKind, Leg, through_liaison

CASH = {seller: account for account, seller in MONEY.items() if account.startswith("57")}
BANKS = {seller: account for account, seller in MONEY.items() if account.startswith("55")}
"""The cash box and the bank account of each seller."""

BOX = CASH["meals"]
FLOAT = "100000"
POCKETS = "489200"
SUPPLIERS = "440000"
CREDITS = "489300"
UNPAID = "400000"
FOUND = "749900"
MISSING = "644900"
GIFTS = "731000"
TO_FUNDS = "691100"

OLD_DEBTS = (POCKETS, SUPPLIERS, CREDITS)
"""What a seller may owe to members, suppliers and customers as its books open."""

FUNDS = {"139500": "meals", **dict.fromkeys(("139100", "139200", "139300", "139400"), "beer")}
"""What money can be earmarked for, and the seller that keeps it: the four jars are the beer's."""

COUNTED = (20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5)
"""Notes and coins in cents that a box may hold; 1 and 2 cents are rounded away at the till."""

MOST_PIECES = 9999
MOST_LINES = 12

LONGEST_AGO = timedelta(days=400)
BEFORE_OPENING = timedelta(days=90)
"""A receipt comes late, but not by more than a year; or is of the weeks in which the group was starting."""


class CostKind(StrEnum):
    """What the money was spent on, in plain words."""

    INGREDIENTS = "ingredients"
    PACKAGING = "packaging"
    KITCHEN = "kitchen"
    TRANSPORT = "transport"
    VOLUNTEERS = "volunteers"
    BANK = "bank"


class MovementKind(StrEnum):
    """What moved money and was no cost; a debt is one from before the books, paid."""

    GIFT = "gift"
    TRANSFER = "transfer"
    LIAISON = "liaison"
    DEBT = "debt"


ACCOUNTS = {
    CostKind.INGREDIENTS: "600100",
    CostKind.PACKAGING: "600110",
    CostKind.KITCHEN: "610000",
    CostKind.TRANSPORT: "616100",
    CostKind.VOLUNTEERS: "618000",
    CostKind.BANK: "656000",
}


@dataclass(frozen=True)
class Line:
    """A line of a receipt in cents; `goods` are things, never people."""

    kind: CostKind
    cents: int
    goods: str = ""


@dataclass(frozen=True)
class Spent:
    """A cost as it was told, in cents, for the week `week`.

    `paid_from` is the account of a box, of a bank, of the pockets or of the suppliers; `payer` is the member
    whose pocket it was. `lines`, where there are any, sum to `cents`.
    """

    kind: CostKind
    paid_from: str
    cents: int
    spent_on: date
    week: str
    shop: str = ""
    regular: bool = False
    payer: int | None = None
    activity: str = "meals"
    lines: tuple[Line, ...] = ()

    @property
    def by_kind(self) -> dict[CostKind, int]:
        """Sum the lines in cents by kind, the largest sum first; the whole is of one kind without lines."""
        sums: Counter[CostKind] = Counter()
        for line in self.lines or (Line(self.kind, self.cents),):
            sums[line.kind] += line.cents
        return dict(sums.most_common())


@dataclass(frozen=True)
class Moved:
    """A movement as it was told, in cents, in the books of the seller `activity`."""

    kind: MovementKind
    activity: str
    cents: int
    happened_on: date
    from_account: str | None = None
    to_account: str | None = None
    fund: str | None = None


def check_day(day: date, opened_on: date | None, today: date) -> None:
    """Refuse a day so long ago, or so long before the books opened, that a finger slipped; never today.

    Raises DayTooOld.
    """
    since = today - LONGEST_AGO
    if opened_on:
        since = max(since, opened_on - BEFORE_OPENING)
    if day < min(since, today):
        raise DayTooOld(since)


def cost_entry(form_id: str, spent: Spent, day: date, role: str) -> Entry:
    """Make the entry of a cost: an account for each kind → a box, a bank, the pockets or the suppliers.

    Raises NotAnAmount, AccountUnfit, TooManyLines, LinesOffBy.
    """
    if len(spent.lines) > MOST_LINES:
        raise TooManyLines(MOST_LINES)
    if min(spent.cents, *(line.cents for line in spent.lines), 1) <= 0:
        raise NotAnAmount
    if spent.lines and sum(line.cents for line in spent.lines) != spent.cents:
        raise LinesOffBy(spent.cents - sum(line.cents for line in spent.lines))
    name = f"cost:{form_id}"
    bought = [Leg(ACCOUNTS[kind], cents, spent.activity) for kind, cents in spent.by_kind.items()]
    paid = _given(spent.paid_from, spent.cents, spent.activity, POCKETS, SUPPLIERS)
    return Entry(name, EntryKind.COST, day, name, "", role, through_liaison([*bought, paid]))


def repayment_entry(key: str, form_id: str, spent: Spent, paid_from: str, *, day: date, role: str) -> Entry:
    """Make the entry that pays back a pocket, or a supplier's bill: 489200 or 440000 → a box or a bank.

    Raises AccountUnfit.
    """
    kind = EntryKind.REIMBURSEMENT if spent.paid_from == POCKETS else EntryKind.BILL_PAID
    legs = _debt_legs(spent.paid_from, spent.cents, spent.activity, paid_from)
    return Entry(key, kind, day, f"cost:{form_id}", "", role, legs)


def gift(cents: int, day: date, to_account: str, fund: str | None = None) -> Moved:
    """Make a gift that lands in a box or a bank; it is its seller's, or that of the fund it is meant for.

    Raises AccountUnfit.
    """
    if to_account not in MONEY or not (fund is None or fund in FUNDS):
        raise AccountUnfit(to_account if to_account not in MONEY else str(fund))
    seller = FUNDS[fund] if fund else MONEY[to_account]
    return Moved(MovementKind.GIFT, seller, cents, day, to_account=to_account, fund=fund)


def passage(cents: int, day: date, from_account: str, to_account: str) -> Moved:
    """Make a movement between two places of money: of one seller, or from one to the other.

    Raises AccountUnfit.
    """
    for account in (from_account, to_account):
        if account not in MONEY:
            raise AccountUnfit(account)
    if from_account == to_account:
        raise AccountUnfit(to_account)
    within = MONEY[from_account] == MONEY[to_account]
    kind = MovementKind.TRANSFER if within else MovementKind.LIAISON
    return Moved(kind, MONEY[from_account], cents, day, from_account, to_account)


def old_debt(cents: int, day: date, activity: str, owed: str, paid_from: str) -> Moved:
    """Make the payment of what a seller owed a pocket or a supplier when its books opened."""
    return Moved(MovementKind.DEBT, activity, cents, day, paid_from, owed)


def movement_entry(form_id: str, moved: Moved, day: date, role: str) -> Entry:
    """Make the entry of a movement. Raises NotAnAmount, AccountUnfit."""
    if moved.cents <= 0:
        raise NotAnAmount
    kind, legs = _moved_legs(moved, moved.from_account or "", moved.to_account or "")
    name = f"movement:{form_id}"
    return Entry(name, kind, day, name, "", role, through_liaison(legs))


def _moved_legs(moved: Moved, source: str, target: str) -> tuple[EntryKind, tuple[Leg, ...]]:
    cents, seller = moved.cents, moved.activity
    if moved.kind is MovementKind.GIFT:
        legs: tuple[Leg, ...] = (_taken(target, cents), Leg(GIFTS, -cents, seller))
        if moved.fund:
            legs = (*legs, Leg(TO_FUNDS, cents, seller), Leg(moved.fund, -cents, seller))
        return EntryKind.GIFT, legs
    if moved.kind is MovementKind.DEBT:
        kind = EntryKind.BILL_PAID if target == SUPPLIERS else EntryKind.REIMBURSEMENT
        return kind, _debt_legs(target, cents, seller, source)
    kind = EntryKind.TRANSFER if moved.kind is MovementKind.TRANSFER else EntryKind.LIAISON
    return kind, (_taken(target, cents), _given(source, cents, seller))


def _debt_legs(owed: str, cents: int, seller: str, paid_from: str) -> tuple[Leg, ...]:
    if owed not in OLD_DEBTS:
        raise AccountUnfit(owed)
    return through_liaison([Leg(owed, cents, seller), _given(paid_from, cents, seller)])


def _taken(account: str, cents: int) -> Leg:
    if account not in MONEY:
        raise AccountUnfit(account)
    return Leg(account, cents, MONEY[account])


def _given(account: str, cents: int, seller: str, *others: str) -> Leg:
    """Make the leg of who gives: a place of money with its own seller, or another account of this one's."""
    if account not in MONEY and account not in others:
        raise AccountUnfit(account)
    return Leg(account, -cents, MONEY.get(account, seller))


def opening_entry(
    key: str, activity: str, held: Mapping[str, int], result: str, *, day: date, role: str
) -> Entry:
    """Make the entry with which a seller's books open, from what is held and owed, in cents by account.

    Money is debited; debts, funds and, on the `result` account, what earlier weeks left to share are
    credited. The rest is the working float, never income and never shared (ledger.md: "Opening").
    Raises NotAnAmount, AccountUnfit, OwedMoreThanHeld.
    """
    owed = {*OLD_DEBTS, result, *(fund for fund, keeper in FUNDS.items() if keeper == activity)}
    for account, cents in held.items():
        if MONEY.get(account) != activity and account not in owed:
            raise AccountUnfit(account)
        if cents < 0:
            raise NotAnAmount
    signed = {account: cents if account in MONEY else -cents for account, cents in sorted(held.items())}
    rest = sum(signed.values())
    if rest < 0:
        raise OwedMoreThanHeld(-rest)
    legs = [Leg(account, cents, activity) for account, cents in signed.items() if cents > 0]
    legs += [Leg(account, cents, activity) for account, cents in signed.items() if cents < 0]
    if not legs:
        raise NotAnAmount
    return Entry(
        key,
        EntryKind.OPENING,
        day,
        opening_document(activity),
        "",
        role,
        (*legs, *([Leg(FLOAT, -rest, activity)] if rest else ())),
    )


def opening_document(activity: str) -> str:
    """Name the opening of a seller's books, as its entries cite it and as their first key."""
    return f"opening:{activity}"


def sum_pieces(pieces: Mapping[int, int]) -> int:
    """Add up how many there are of each note and coin, in cents. Raises PiecesOutOfRange."""
    if any(value not in COUNTED or not 0 <= many <= MOST_PIECES for value, many in pieces.items()):
        raise PiecesOutOfRange
    return sum(value * many for value, many in pieces.items())


def parse_pieces(texts: Mapping[int, str]) -> dict[int, int]:
    """Read how many there are of each piece; an empty text is none.

    Raises PiecesOutOfRange, also where all are empty: that a box holds nothing is said by a 0, or a form sent
    by mistake would book all of its cash as missing.
    """
    if not any(texts.values()) or not all(
        re.fullmatch(r"[0-9]{0,4}", text, re.ASCII) for text in texts.values()
    ):
        raise PiecesOutOfRange
    return {value: int(text) for value, text in texts.items() if text and int(text)}


def count_entry(count_id: int, account: str, difference: int, day: date, role: str) -> Entry:
    """Make the entry of a count whose box holds `difference` cents more (or, below 0, less) than expected."""
    other, seller = FOUND if difference > 0 else MISSING, MONEY[account]
    legs = (Leg(account, difference, seller), Leg(other, -difference, seller))
    name = f"count:{count_id}"
    return Entry(name, EntryKind.COUNT, day, name, "", role, legs)
