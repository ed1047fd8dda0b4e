"""How a settlement comes about, or would: every figure that the pages show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import func, select

from shop.decisions.models import Decision
from shop.extensions import db
from shop.ledger.books.models import Account, Cycle, JournalEntry, Posting
from shop.ledger.books.queries import distributable, head, no_year_end
from shop.ledger.books.rules import AccountType
from shop.ledger.sharing.models import Settlement
from shop.ledger.sharing.queries import members_of, next_seq, parts_of, pasts, received, version_for
from shop.ledger.sharing.rules import AID, carry, divide, envelope, exact_share
from shop.members.models import Member
from shop.members.queries import by_subject
from shop.money import decimal, notes_and_coins


@dataclass(frozen=True)
class Part:
    """A beneficiary's part: weight in hundredths, money in cents; `exact` and `carried` in fractions.

    `carried` is what they were short of before; `envelope` is the part in whole euros, with what earlier
    envelopes left over. `pseudonym` is empty where the tie to a member can no longer be read.
    """

    pseudonym: str
    emblem: str
    weight: int
    cents: int
    exact: Fraction
    carried: Fraction
    envelope: int

    @property
    def exact_text(self) -> str:
        """Write the exact share in cents to two more decimals, with a comma."""
        return decimal(round(self.exact * 100))

    @property
    def carried_text(self) -> str:
        """Write what was carried in cents to two more decimals, with a comma."""
        return decimal(round(self.carried * 100))

    @property
    def pieces(self) -> list[tuple[int, int]]:
        """Give the notes and coins of the envelope, largest first, as (cents, how many)."""
        return list(notes_and_coins(self.envelope).items())


@dataclass(frozen=True)
class Sums:
    """What came in and went out since the settlement before, by account label; all in cents."""

    income: tuple[tuple[str, int], ...]
    costs: tuple[tuple[str, int], ...]
    distributable: int

    @property
    def earned(self) -> int:
        """Give what came in."""
        return sum(cents for _, cents in self.income)

    @property
    def spent(self) -> int:
        """Give what went out."""
        return sum(cents for _, cents in self.costs)

    @property
    def left_over(self) -> int:
        """Give what earlier weeks left to share; below 0 it is their loss."""
        return self.distributable - self.earned + self.spent


@dataclass(frozen=True)
class Explained:
    """A settlement, made or to be made, told from the sales to each envelope; money in cents.

    `weeks` has the first day of each week. `id` and `entry` are None before it is made; `entry` stays None
    where nothing was shared.
    """

    id: int | None
    entry: int | None
    weeks: tuple[date, ...]
    settled_on: date | None
    decided_at: datetime
    holds_from: date
    sums: Sums
    shared: int
    parts: tuple[Part, ...]

    @property
    def kept(self) -> int:
        """Give what waits for the next time."""
        return self.sums.distributable - self.shared

    @property
    def pieces(self) -> list[tuple[int, int]]:
        """Give the notes and coins of all the envelopes together, largest first."""
        total: dict[int, int] = {}
        for part in self.parts:
            for value, many in part.pieces:
                total[value] = total.get(value, 0) + many
        return sorted(total.items(), reverse=True)

    @property
    def in_envelopes(self) -> int:
        """Give what the envelopes hold together."""
        return sum(part.envelope for part in self.parts)


def preview(cycles: Sequence[Cycle], amount: int | None = None) -> Explained:
    """Tell what settling these closed weeks would give; nothing is written.

    Raises NothingToShare, MoreThanDistributable, NoBeneficiary, WeeksOfTwoVersions.
    """
    decision = version_for(cycles)
    activity = cycles[0].activity
    # Who has no subject yet gets one when the settlement is made; until then any unlike name will do.
    people = {_subject(member): (member, weight) for member, weight in members_of(decision).items()}
    weights = {subject: weight for subject, (_, weight) in people.items()}
    past = pasts(activity)
    short = {who: cents for who, cents in carry(past).items() if who in weights}
    available = distributable(activity)
    parts = divide(amount, available, weights, short)
    sums = _sums(activity, next_seq(activity), head()[0], available)
    who = {subject: member for subject, (member, _) in people.items()}
    starts = tuple(cycle.starts_on for cycle in cycles)
    return Explained(
        None,
        None,
        starts,
        None,
        decision.decided_at,
        decision.holds_from,
        sums,
        sum(parts.values()),
        _parts(parts, weights, short, received(past), who),
    )


def explain(settlement: Settlement) -> Explained:
    """Tell how a settlement came about, from what was frozen with it and from the books."""
    decision = db.session.get_one(Decision, settlement.decision_id)
    inputs = settlement.inputs.value or {"weights": {}, "carry": {}}
    short = {who: Fraction(cents) for who, cents in inputs["carry"].items()}
    before = received(pasts(settlement.activity, before=settlement.id))
    return Explained(
        settlement.id,
        settlement.entry,
        tuple(cycle.starts_on for cycle in settlement.cycles),
        settlement.settled_on,
        decision.decided_at,
        decision.holds_from,
        _sums(settlement.activity, settlement.from_seq, settlement.until_seq, settlement.distributable),
        settlement.shared,
        _parts(parts_of(settlement), inputs["weights"], short, before, by_subject()),
    )


def _subject(member: Member) -> str:
    return str(member.subject.value) if member.subject else f"~{member.id}"


def _parts(
    cents: Mapping[str, int],
    weights: Mapping[str, int],
    short: Mapping[str, Fraction],
    before: Mapping[str, int],
    members: Mapping[str, Member],
) -> tuple[Part, ...]:
    shared = sum(cents.values())
    found = [
        Part(
            members[who].pseudonym if who in members else "",
            members[who].emblem if who in members else "",
            weights.get(who, 0),
            cents.get(who, 0),
            exact_share(shared, weights, who),
            short.get(who, Fraction(0)),
            envelope(before.get(who, 0), cents.get(who, 0)),
        )
        for who in weights.keys() | cents.keys()
    ]
    return tuple(sorted(found, key=lambda part: (part.weight, part.pseudonym)))


def _sums(activity: str, first: int, last: int, available: int) -> Sums:
    """Sum income and costs between two entries; shares are neither, nor is a year end."""
    rows = db.session.execute(
        select(Account.type, Account.label, func.sum(Posting.cents))
        .join(Posting, Posting.account == Account.code)
        .join(JournalEntry, JournalEntry.seq == Posting.entry)
        .where(
            Posting.entry.between(first, last),
            no_year_end(),
            Posting.activity == activity,
            Account.type.in_([AccountType.INCOME, AccountType.EXPENSE]),
            Account.code != AID,
        )
        .group_by(Account.type, Account.code, Account.label)
        .having(func.sum(Posting.cents) != 0)
        .order_by(Account.code)
    ).all()
    income = tuple((label, -int(cents)) for kind, label, cents in rows if kind is AccountType.INCOME)
    costs = tuple((label, int(cents)) for kind, label, cents in rows if kind is AccountType.EXPENSE)
    return Sums(income, costs, available)
