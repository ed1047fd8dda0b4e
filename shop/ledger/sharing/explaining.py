"""How a settlement comes about, or would: every figure that the pages show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import gcd

from sqlalchemy import ColumnElement, func, select

from shop.decisions.models import Decision
from shop.extensions import db
from shop.ledger.books.legs import weights_shown
from shop.ledger.books.models import Account, Cycle, JournalEntry, Posting
from shop.ledger.books.queries import distributable, head, no_year_end
from shop.ledger.books.rules import AccountType
from shop.ledger.sharing.models import Settlement
from shop.ledger.sharing.purses import step_on
from shop.ledger.sharing.queries import (
    members_of,
    next_seq,
    parts_of,
    pasts,
    received,
    secu_for,
    version_for,
)
from shop.ledger.sharing.rules import Secu, carry, divide, envelope, exact_share, secu_share, taken
from shop.ledger.sharing.telling import Explained, Part, Sums, pieces_of
from shop.members.models import Member
from shop.members.queries import by_subject


@dataclass(frozen=True)
class _Divided:
    """What a division was made of and gave, by subject; cents, weights in hundredths, carry in fractions."""

    cents: Mapping[str, int]
    weights: Mapping[str, int]
    short: Mapping[str, Fraction]
    before: Mapping[str, int]
    members: Mapping[str, Member]


def preview(cycles: Sequence[Cycle], amount: int | None = None) -> Explained:
    """Tell what settling these closed weeks would give; nothing is written.

    Raises NothingToShare, MoreThanDistributable, NoBeneficiary, WeeksOfTwoVersions.
    """
    decision, secu = version_for(cycles), secu_for(cycles)
    activity = cycles[0].activity
    # Who has no subject yet gets one when the settlement is made; until then any unlike name will do.
    people = {_subject(member): (member, weight) for member, weight in members_of(decision).items()}
    weights = {subject: weight for subject, (_, weight) in people.items()}
    past = pasts(activity)
    short = {who: cents for who, cents in carry(past).items() if who in weights}
    available = distributable(activity)
    divided = _Divided(
        divide(amount, available, weights, short, secu.rate),
        weights,
        short,
        received(past),
        {subject: member for subject, (member, _) in people.items()},
    )
    would = Settlement(
        activity=activity,
        distributable=available,
        shared=sum(divided.cents.values()),
        secu=secu_share(taken(amount, available), secu.rate),
        from_seq=next_seq(activity),
        until_seq=head()[0],
    )
    return _tell(would, cycles, decision, secu, divided)


def explain(settlement: Settlement) -> Explained:
    """Tell how a settlement came about, from what was frozen with it and from the books."""
    inputs = settlement.inputs.value or {"weights": {}, "carry": {}}
    divided = _Divided(
        parts_of(settlement),
        inputs["weights"],
        {who: Fraction(cents) for who, cents in inputs["carry"].items()},
        received(pasts(settlement.activity, before=settlement.id)),
        by_subject(),
    )
    decision = db.session.get_one(Decision, settlement.decision_id)
    return _tell(settlement, settlement.cycles, decision, Secu(**inputs.get("secu", {})), divided)


def seen_by(told: Explained, member_id: int | None) -> Explained:
    """Give what a member may see of it: all, or their own line where the group hides the weights."""
    return told if weights_shown() else told.for_one(member_id)


def _tell(
    one: Settlement, cycles: Sequence[Cycle], decision: Decision, secu: Secu, divided: _Divided
) -> Explained:
    # Before it is made, the step is the one chosen last.
    step = step_on(one.settled_on or date.max)
    parts = _parts(divided, one.shared, step)
    sealed = select(JournalEntry.hash).where(JournalEntry.seq == (one.entry or one.until_seq))
    return Explained(
        id=one.id,
        entry=one.entry,
        seal=(db.session.scalar(sealed) or "") if one.id else "",
        weeks=tuple(cycle.starts_on for cycle in cycles),
        settled_on=one.settled_on,
        decision_id=decision.id,
        decided_at=decision.decided_at,
        holds_from=decision.holds_from,
        first=one.from_seq,
        last=one.until_seq,
        sums=_sums(one.activity, one.from_seq, one.until_seq, one.distributable),
        shared=one.shared,
        secu=one.secu,
        rate=secu.rate,
        secu_decision=secu.decision,
        parts=parts,
        pieces=pieces_of(parts),
        in_envelopes=sum(part.envelope for part in parts),
        step=step,
    )


def _subject(member: Member) -> str:
    return str(member.subject.value) if member.subject else f"~{member.id}"


def _parts(divided: _Divided, shared: int, step: int) -> tuple[Part, ...]:
    weights, cents = divided.weights, divided.cents
    subjects = sorted(weights.keys() | cents.keys())
    unit = gcd(*weights.values()) or 1
    found = []
    for turn, who in enumerate(subjects, start=1):
        member = divided.members.get(who)
        found.append(
            Part(
                member_id=member.id if member else None,
                pseudonym=member.pseudonym if member else "",
                emblem=member.emblem if member else "",
                weight=weights.get(who, 0),
                shares=weights.get(who, 0) // unit,
                of=sum(weights.values()) // unit,
                cents=cents.get(who, 0),
                exact=exact_share(shared, weights, who),
                carried=divided.short.get(who, Fraction(0)),
                turn=turn,
                envelope=envelope(divided.before.get(who, 0), cents.get(who, 0), step),
            )
        )
    return tuple(sorted(found, key=lambda part: (part.weight, part.pseudonym)))


def of_no_settlement() -> ColumnElement[bool]:
    """Say in SQL that an entry neither settles nor undoes that: so something was earned or spent."""
    shared = select(Settlement.entry).where(Settlement.entry.is_not(None))
    return func.coalesce(JournalEntry.reverses, JournalEntry.seq).not_in(shared)


def _sums(activity: str, first: int, last: int, available: int) -> Sums:
    """Sum income and costs between two entries; shares are neither, nor is a year end."""
    rows = db.session.execute(
        select(Account.type, Account.label, func.sum(Posting.cents))
        .join(Posting, Posting.account == Account.code)
        .join(JournalEntry, JournalEntry.seq == Posting.entry)
        .where(
            Posting.entry.between(first, last),
            no_year_end(),
            of_no_settlement(),
            Posting.activity == activity,
            Account.type.in_([AccountType.INCOME, AccountType.EXPENSE]),
        )
        .group_by(Account.type, Account.code, Account.label)
        .having(func.sum(Posting.cents) != 0)
        .order_by(Account.code)
    ).all()
    income = tuple((label, -int(cents)) for kind, label, cents in rows if kind is AccountType.INCOME)
    costs = tuple((label, int(cents)) for kind, label, cents in rows if kind is AccountType.EXPENSE)
    return Sums(income, costs, available)
