"""The Belgian cash book, derived from entries: a line for each that touches a seller's liquid money. Pure.

Source of the headings: royal decree of 26 June 2003 on the simplified books of associations, annexes A and B.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from shop.ledger.books.rules import EntryKind

LIQUID = "5"
"""With what the code of an account begins that holds liquid money: boxes, banks, Stripe."""

OTHER_SPENT, OTHER_RECEIVED = "Autres dépenses", "Autres recettes"
SPENT = ("Marchandises et services", "Rémunérations", "Services et biens divers", OTHER_SPENT)
RECEIVED = ("Cotisations", "Dons et legs", "Subsides", OTHER_RECEIVED)


@dataclass(frozen=True)
class Moved:
    """One seller's side of an entry: pairs of account and cents, debit > 0.

    `event` is the kind of the entry or, of a reversal, of the entry that it undoes; `shop` sold the goods
    that it paid, where it did.
    """

    seq: int
    date: date
    kind: EntryKind
    event: EntryKind
    document: str
    label: str
    legs: tuple[tuple[str, int], ...]
    shop: str = ""

    @property
    def touches_money(self) -> bool:
        """Say whether a box, a bank or Stripe is in it."""
        return any(is_liquid(account) for account, _ in self.legs)

    @property
    def opens(self) -> bool:
        """Say whether it states, or takes back, what was held before the books began."""
        return self.event == EntryKind.OPENING


@dataclass(frozen=True)
class Flow:
    """What one line does to a box, a bank or Stripe, in cents; `held` is what it holds afterwards."""

    came: int
    went: int
    held: int


@dataclass(frozen=True)
class CashLine:
    """A line of the cash book; cents by heading, by account in `flows`.

    `moved` went from one of the seller's boxes into another. Money that comes back stands below zero under
    the heading that it left by.
    """

    number: int
    entry: Moved
    spent: Mapping[str, int]
    received: Mapping[str, int]
    moved: int
    flows: Mapping[str, Flow]


def is_liquid(account: str) -> bool:
    """Say whether an account holds liquid money."""
    return account.startswith(LIQUID)


def cash_lines(
    entries: Iterable[Moved],
    headings: Mapping[str, str],
    held: Mapping[str, int],
    begun: tuple[int, int] = (0, 0),
) -> Iterator[CashLine]:
    """Turn entries, in the order of day and number, into lines; each year counts from 1 without a gap.

    `headings` are those of the accounts, `held` what each liquid account held before, `begun` a year and the
    last number that was given in it. An opening is no receipt: its line states what is held, and no more.
    So receipts - expenses = what came - what went, in any stretch of lines.
    """
    standing = Counter(held)
    year, number = begun
    for entry in entries:
        if not entry.touches_money:
            continue
        number = number + 1 if entry.date.year == year else 1
        year = entry.date.year
        spent, received = ({}, {}) if entry.opens else under_headings(entry.legs, headings)
        flows = dict(_flows(entry, standing))
        yield CashLine(number, entry, spent, received, _moved(flows), flows)


def under_headings(
    legs: Iterable[tuple[str, int]], headings: Mapping[str, str]
) -> tuple[dict[str, int], dict[str, int]]:
    """Put what is not liquid under headings: expenses and receipts in cents; none of them is 0.

    An account without a heading of the two stands under the other receipts.
    """
    spent: Counter[str] = Counter()
    received: Counter[str] = Counter()
    for account, cents in legs:
        if is_liquid(account):
            continue
        heading = headings.get(account, "")
        if heading in SPENT:
            spent[heading] += cents
        else:
            received[heading if heading in RECEIVED else OTHER_RECEIVED] -= cents
    return _without_zeros(spent), _without_zeros(received)


def _flows(entry: Moved, standing: Counter[str]) -> Iterator[tuple[str, Flow]]:
    came: Counter[str] = Counter()
    went: Counter[str] = Counter()
    for account, cents in entry.legs:
        if is_liquid(account):
            standing[account] += cents
            came[account] += 0 if entry.opens else max(cents, 0)
            went[account] += 0 if entry.opens else max(-cents, 0)
    for account in came:
        yield account, Flow(came[account], went[account], standing[account])


def _moved(flows: Mapping[str, Flow]) -> int:
    return min(sum(flow.came for flow in flows.values()), sum(flow.went for flow in flows.values()))


def _without_zeros(sums: Counter[str]) -> dict[str, int]:
    return {heading: cents for heading, cents in sums.items() if cents}


ASSETS = (
    *("Immeubles", "Machines", "Mobilier et matériel roulant", "Stocks", "Créances"),
    *("Placements de trésorerie", "Liquidités", "Autres avoirs"),
)
DEBTS = (
    *("Dettes financières", "Dettes envers les fournisseurs", "Dettes envers les membres"),
    *("Dettes fiscales, salariales et sociales", "Autres dettes"),
)
RIGHTS = ("Subsides promis", "Dons promis", "Autres droits")
PLEDGES = (
    "Hypothèques et promesses d’hypothèque",
    "Garanties données",
    "Fonds affectés",
    "Autres engagements",
)


def standing_under(heading: str, cents: int) -> tuple[str, int]:
    """Say under which heading of the statement of assets a balance stands, and its cents as shown there.

    The sign decides: money below zero is a debt to the bank, a claim below zero is a debt, and a debt
    that was paid twice is a claim.
    """
    if heading in ASSETS:
        other = "Dettes financières" if heading == "Liquidités" else "Autres dettes"
        return (heading, cents) if cents >= 0 else (other, -cents)
    if heading in DEBTS and cents > 0:
        return "Créances", cents
    return heading, -cents
