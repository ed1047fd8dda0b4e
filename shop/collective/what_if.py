"""What other weights would give: read from what was typed, nothing saved."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select

from shop.decisions.queries import history
from shop.errors import NotAnAmount, WeightOutOfRange
from shop.extensions import db
from shop.fields import whole
from shop.ledger.books.legs import weights_shown
from shop.ledger.books.models import Account, JournalEntry, Posting
from shop.ledger.books.queries import distributable, head, no_year_end
from shop.ledger.books.rules import AccountType
from shop.ledger.sharing.queries import next_seq, secu_for, standing, unsettled_cycles
from shop.ledger.sharing.rules import AID, TO_FUNDS, WEIGHTS, envelope, parse_weight, read_weights, secu_share
from shop.members.models import Member
from shop.members.queries import members
from shop.money import allocate, decimal, notes_and_coins, parse_euros
from shop.pages import Role, viewer

MOST_DEARER = 300
"""Percent by which costs can be imagined to be higher."""


@dataclass(frozen=True)
class Row:
    """A member who has, or could have, a weight; `text` as typed, empty for none. Money in cents.

    `cents_today` is what the weights decided last give of today's amount.
    """

    member: Member
    text: str
    wrong: bool
    cents: int
    cents_today: int

    @property
    def pieces(self) -> list[tuple[int, int]]:
        """Give the notes and coins of the whole euros, largest first."""
        return list(notes_and_coins(envelope(0, self.cents)).items())


@dataclass(frozen=True)
class WhatIf:
    """Rows by pseudonym, the amount as typed, and the weights in hundredths by member id.

    `dearer` is by how many percent the week's costs are imagined to be higher; `others` is what all who
    have no row of their own get together, in cents.
    """

    rows: list[Row]
    amount_text: str
    amount_wrong: bool
    dearer: int
    others: int
    weights: Mapping[int, int] = field(default_factory=dict)

    @property
    def wrong(self) -> bool:
        """Say whether something typed cannot be read."""
        return self.amount_wrong or any(row.wrong for row in self.rows)

    @property
    def shared(self) -> int:
        """Sum the parts, in cents."""
        return sum(row.cents for row in self.rows) + self.others


def what_if(typed: Mapping[str, str], only: int | None = None) -> WhatIf:
    """Divide the amount typed, else last week's money, by the weights typed, else those decided last.

    With costs that are dearer, last week's money is what they would have left of it. Where everybody sees
    their own weight alone, `only` is whose that is: the others keep theirs, and have no rows.
    """
    decided, today = _decided(), last_money()
    people = [one for one in members() if one.id in decided or _cooks(one)]
    own = (
        typed
        if only is None
        else {f"w-{only}": text for text in [typed.get(f"w-{only}")] if text is not None}
    )
    texts = {one.id: _text(own, one.id, decided, only) for one in people}
    weights: dict[int, int] = {}
    wrong: set[int] = set()
    for member_id, text in texts.items():
        if text in {"", "0"}:
            continue
        try:
            weights[member_id] = parse_weight(text)
        except WeightOutOfRange:
            wrong.add(member_id)
    dearer = min(whole(typed.get("dearer", "")) or 0, MOST_DEARER)
    left = last_money(dearer) if dearer else today
    amount_text = decimal(left) if dearer else typed.get("amount", "").strip() or decimal(left)
    try:
        amount, amount_wrong = parse_euros(amount_text), False
    except NotAnAmount:
        amount, amount_wrong = 0, True
    if only is not None:
        weights, decided = _against_all(weights, only), _against_all(decided, only)
    parts, before = _divided(amount, weights), _divided(today, decided)
    rows = [
        Row(one, texts[one.id], one.id in wrong, parts.get(one.id, 0), before.get(one.id, 0))
        for one in people
        if only in {None, one.id}
    ]
    others = sum(parts.values()) - sum(row.cents for row in rows)
    return WhatIf(rows, amount_text, amount_wrong, dearer, others, weights)


def own_only() -> int | None:
    """Give who looks, where the group decided that everybody sees their own weight alone; else None."""
    who = viewer()
    return None if weights_shown() or who is None else who.id


def _against_all(weights: Mapping[int, int], own: int) -> dict[int, int]:
    """Take all others for one, under 0: else an odd cent of some amount would tell their weights."""
    mine = weights.get(own, 0)
    return {own: mine, 0: sum(weights.values()) - mine}


def _divided(amount: int, weights: Mapping[int, int]) -> dict[int, int]:
    parts = allocate(amount, {str(one): weight for one, weight in weights.items()})
    return {int(one): cents for one, cents in parts.items()}


def _cooks(member: Member) -> bool:
    return any(held.activity == "meals" and held.role is Role.COOK for held in member.roles)


def _decided() -> dict[int, int]:
    versions = history(WEIGHTS)
    return read_weights(versions[0].value.value or {}) if versions else {}


def _text(typed: Mapping[str, str], member_id: int, decided: Mapping[int, int], only: int | None) -> str:
    if "equal" in typed:
        return "1" if typed.get(f"w-{member_id}", "").strip() not in {"", "0"} else ""
    if only in {None, member_id} and any(name.startswith("w-") for name in typed):
        return typed.get(f"w-{member_id}", "").strip()
    return decimal(decided[member_id]).rstrip("0").rstrip(",") if member_id in decided else ""


def last_money(dearer: int = 0) -> int:
    """Give in cents what waits to be shared, else what was shared last, once the SECU has its share.

    `dearer`: had the costs been so many percent higher.
    """
    there, rate = distributable("meals"), secu_for(unsettled_cycles()[-1:]).rate
    if there <= 0:
        newest = next((one for one in standing() if one.shared), None)
        if newest is None:
            return 0
        there, rate = newest.shared + newest.secu, (newest.inputs.value or {}).get("secu", {}).get("rate", 0)
    left = max(there - (last_costs() * dearer // 100 if dearer else 0), 0)
    return left - secu_share(left, rate)


def last_costs() -> int:
    """Give the costs in cents of the week that waits to be shared, else of what was shared last."""
    newest = next((one for one in standing() if one.shared), None)
    first, last = next_seq("meals"), head()[0]
    if distributable("meals") <= 0 and newest:
        first, last = newest.from_seq, newest.until_seq
    spent = (
        select(func.coalesce(func.sum(Posting.cents), 0))
        .join(Account, Account.code == Posting.account)
        .join(JournalEntry, JournalEntry.seq == Posting.entry)
        .where(
            Posting.entry.between(first, last),
            Posting.activity == "meals",
            Account.type == AccountType.EXPENSE,
            Account.code.not_in([AID, TO_FUNDS]),
            no_year_end(),
        )
    )
    return int(db.session.execute(spent).scalar_one())
