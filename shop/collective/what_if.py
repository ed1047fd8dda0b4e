"""What other weights would give: read from what was typed, nothing saved."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shop.decisions.queries import history
from shop.errors import NotAnAmount, WeightOutOfRange
from shop.ledger.books.queries import distributable
from shop.ledger.sharing.queries import standing
from shop.ledger.sharing.rules import WEIGHTS, envelope, parse_weight, read_weights
from shop.members.models import Member
from shop.members.queries import members
from shop.money import allocate, decimal, notes_and_coins, parse_euros
from shop.pages import Role


@dataclass(frozen=True)
class Row:
    """A member who has, or could have, a weight; `text` as typed, empty for none. Money in cents."""

    member: Member
    text: str
    wrong: bool
    cents: int

    @property
    def pieces(self) -> list[tuple[int, int]]:
        """Give the notes and coins of the whole euros, largest first."""
        return list(notes_and_coins(envelope(0, self.cents)).items())


@dataclass(frozen=True)
class WhatIf:
    """Rows by pseudonym, the amount as typed, and the weights in hundredths by member id."""

    rows: list[Row]
    amount_text: str
    amount_wrong: bool
    weights: Mapping[int, int] = field(default_factory=dict)

    @property
    def wrong(self) -> bool:
        """Say whether something typed cannot be read."""
        return self.amount_wrong or any(row.wrong for row in self.rows)

    @property
    def shared(self) -> int:
        """Sum the parts, in cents."""
        return sum(row.cents for row in self.rows)


def what_if(typed: Mapping[str, str]) -> WhatIf:
    """Divide the amount typed, else last week's money, by the weights typed, else those decided last."""
    decided = _decided()
    people = [one for one in members() if one.id in decided or _cooks(one)]
    texts = {one.id: _text(typed, one.id, decided) for one in people}
    weights: dict[int, int] = {}
    wrong: set[int] = set()
    for member_id, text in texts.items():
        if text in {"", "0"}:
            continue
        try:
            weights[member_id] = parse_weight(text)
        except WeightOutOfRange:
            wrong.add(member_id)
    amount_text = typed.get("amount", "").strip() or decimal(last_money())
    try:
        amount, amount_wrong = parse_euros(amount_text), False
    except NotAnAmount:
        amount, amount_wrong = 0, True
    parts = allocate(amount, {str(one): weight for one, weight in weights.items()})
    rows = [Row(one, texts[one.id], one.id in wrong, parts.get(str(one.id), 0)) for one in people]
    return WhatIf(rows, amount_text, amount_wrong, weights)


def _cooks(member: Member) -> bool:
    return any(held.activity == "meals" and held.role is Role.COOK for held in member.roles)


def _decided() -> dict[int, int]:
    versions = history(WEIGHTS)
    return read_weights(versions[0].value.value or {}) if versions else {}


def _text(typed: Mapping[str, str], member_id: int, decided: Mapping[int, int]) -> str:
    if any(name.startswith("w-") for name in typed):
        return typed.get(f"w-{member_id}", "").strip()
    return decimal(decided[member_id]).rstrip("0").rstrip(",") if member_id in decided else ""


def last_money() -> int:
    """Give what waits to be shared, in cents, else what was shared last."""
    waiting = distributable("meals")
    if waiting > 0:
        return waiting
    return next((one.shared for one in standing() if one.shared), 0)
