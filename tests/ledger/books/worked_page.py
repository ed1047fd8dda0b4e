"""The page of worked examples, read as headings with what each says is booked and held."""

import re
from pathlib import Path

from sqlalchemy import select

from config import ROOT
from shop.extensions import db
from shop.ledger.books import queries
from shop.members.models import Member
from shop.money import decimal

PAGE = Path(ROOT) / "docs" / "worked-examples.md"
ENTRY = re.compile(r"^\d{4}-", re.MULTILINE)


def told() -> dict[str, str]:
    """Give what stands in the block under each heading."""
    return dict(re.findall(r"^## (.+?)$.*?^```\n(.*?)\n```$", PAGE.read_text(), re.MULTILINE | re.DOTALL))


def written(entries: int) -> str:
    """Write the books as the page does: so many entries, the newest last, then what each account holds."""
    newest = queries.head()[0]
    lines = [line for seq in range(max(newest - entries, 0) + 1, newest + 1) for line in _entry(seq)]
    held = [
        f"{_place(one.code, one.activity)} = {decimal(one.cents, '.')}" for one in queries.trial_balance()
    ]
    return "\n".join([*lines, "held", *(f"    {line}" for line in held)])


def _entry(seq: int) -> list[str]:
    entry = queries.as_entry(seq)
    who = {one.subject.value: one.pseudonym for one in db.session.scalars(select(Member)) if one.subject}
    legs = [(leg, who.get(leg.subject, "")) for leg in entry.legs]
    legs.sort(key=lambda one: (one[0].cents < 0, one[0].account, one[0].activity, one[1]))
    return [
        f"{entry.date} {entry.kind} of {entry.document}",
        *(f"    {_place(leg.account, leg.activity, name)} {decimal(leg.cents, '.')}" for leg, name in legs),
    ]


def _place(account: str, activity: str, who: str = "") -> str:
    return " ".join(part for part in (account, "" if activity == "meals" else activity, who) if part)
