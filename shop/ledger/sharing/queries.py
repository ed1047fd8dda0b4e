"""Which weeks wait to be settled, by which weights, and what past settlements gave."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select

from shop.decisions.models import Decision
from shop.decisions.queries import in_force
from shop.errors import NoBeneficiary, WeeksOfTwoVersions
from shop.extensions import db
from shop.ledger.books.models import Cycle, JournalEntry, Posting
from shop.ledger.books.queries import REVERSAL
from shop.ledger.sharing.models import Settlement, SettlementCycle
from shop.ledger.sharing.rules import (
    ALLOTTED,
    EQUAL_FUNDS,
    FUND_SHARES,
    SECU,
    WEIGHTS,
    Past,
    Secu,
    read_fund_shares,
    read_rate,
    read_weights,
)
from shop.members.models import Member


def stands() -> ColumnElement[bool]:
    """Say in SQL that a settlement was not reversed."""
    return or_(Settlement.entry.is_(None), ~exists().where(REVERSAL.reverses == Settlement.entry))


def unsettled_cycles(activity: str = "meals") -> list[Cycle]:
    """List the closed weeks that no settlement divides yet, the oldest first."""
    settled = (
        select(SettlementCycle.cycle_id)
        .join(Settlement, Settlement.id == SettlementCycle.settlement_id)
        .where(Settlement.activity == activity, stands())
    )
    return list(
        db.session.scalars(
            select(Cycle)
            .where(Cycle.activity == activity, Cycle.id.not_in(settled))
            .order_by(Cycle.starts_on, Cycle.id)
        )
    )


def due_with(cycle: Cycle) -> list[Cycle]:
    """List what is settled together with a week: the weeks waiting under the same weights, and itself."""
    waiting = [one for one in unsettled_cycles(cycle.activity) if one.label != cycle.label]
    return [*(one for one in waiting if versions_of(one) == versions_of(cycle)), cycle]


def versions_of(cycle: Cycle) -> tuple[Decision | None, Decision | None]:
    """Give the versions that a week is settled under: of the weights, and of what the SECU gets."""
    return in_force(WEIGHTS, cycle.starts_on), _secu_of(cycle)


def fund_shares(day: date) -> dict[str, int]:
    """Give how the beer's margin is divided on a day: hundredths of a hundred by fund, equal by default."""
    version = in_force(FUND_SHARES, day)
    return read_fund_shares(version.value.value) if version and version.value.value else dict(EQUAL_FUNDS)


def cycle_of(label: str) -> Cycle | None:
    """Give the closed week of this label, or None."""
    return db.session.scalars(select(Cycle).where(Cycle.label == label)).first()


def settlement_of(cycle_id: int) -> Settlement | None:
    """Give the settlement that divides this closed week and stands, or None."""
    return db.session.scalars(
        select(Settlement)
        .join(SettlementCycle, SettlementCycle.settlement_id == Settlement.id)
        .where(SettlementCycle.cycle_id == cycle_id, stands())
    ).first()


def is_standing(settlement: Settlement) -> bool:
    """Say whether a settlement was not reversed."""
    return (
        db.session.scalar(select(Settlement.id).where(Settlement.id == settlement.id, stands())) is not None
    )


def standing(activity: str = "meals") -> list[Settlement]:
    """List the settlements that stand, the newest first."""
    return list(
        db.session.scalars(
            select(Settlement).where(Settlement.activity == activity, stands()).order_by(Settlement.id.desc())
        )
    )


def first_open_day(today: date, activity: str = "meals") -> date:
    """Give the first day of the first week that is not settled yet: from when a new decision holds."""
    waiting = unsettled_cycles(activity)
    if waiting:
        return waiting[0].starts_on
    last = db.session.scalar(select(func.max(Cycle.starts_on)).where(Cycle.activity == activity))
    if last:
        return last + timedelta(days=7)
    begun = min(db.session.scalar(select(func.min(JournalEntry.date))) or today, today)
    return begun - timedelta(days=begun.weekday())


def version_for(cycles: Sequence[Cycle]) -> Decision:
    """Give the weights that hold for all these weeks. Raises NoBeneficiary, WeeksOfTwoVersions."""
    version = _one([in_force(WEIGHTS, cycle.starts_on) for cycle in cycles])
    if version is None or not version.value.value:
        raise NoBeneficiary
    return version


def secu_for(cycles: Sequence[Cycle]) -> Secu:
    """Give what goes to the SECU first of all these weeks. Raises WeeksOfTwoVersions."""
    version = _one([_secu_of(cycle) for cycle in cycles])
    return Secu(read_rate(version.value.value), version.id) if version and version.value.value else Secu()


def _secu_of(cycle: Cycle) -> Decision | None:
    # Who sells for the ASBL decides of its funds elsewhere.
    return in_force(SECU, cycle.starts_on) if cycle.activity == "meals" else None


def _one(versions: Sequence[Decision | None]) -> Decision | None:
    if any(version is not versions[0] for version in versions):
        raise WeeksOfTwoVersions
    return versions[0] if versions else None


def members_of(decision: Decision) -> dict[Member, int]:
    """Give the beneficiaries of a version of the weights with their weight in hundredths, by pseudonym."""
    weights = read_weights(decision.value.value or {})
    found = db.session.scalars(select(Member).where(Member.id.in_(weights)).order_by(Member.pseudonym))
    return {member: weights[member.id] for member in found}


def next_seq(activity: str) -> int:
    """Give the number of the first entry that no settlement looked at."""
    last = select(func.max(Settlement.until_seq)).where(Settlement.activity == activity, stands())
    return (db.session.scalar(last) or 0) + 1


def pasts(activity: str = "meals", before: int | None = None) -> list[Past]:
    """Give the settlements that stand, oldest first, up to and without the one with the id `before`."""
    chosen = select(Settlement).where(Settlement.activity == activity, stands())
    if before is not None:
        chosen = chosen.where(Settlement.id < before)
    settlements = list(db.session.scalars(chosen.order_by(Settlement.id)))
    parts = _parts([one.entry for one in settlements if one.entry])
    return [
        Past(one.shared, (one.inputs.value or {}).get("weights", {}), parts.get(one.entry, {}))
        for one in settlements
    ]


def parts_of(settlement: Settlement) -> dict[str, int]:
    """Give the cents of each part of a settlement, by subject."""
    return _parts([settlement.entry]).get(settlement.entry, {}) if settlement.entry else {}


def received(past: Iterable[Past]) -> dict[str, int]:
    """Sum what each subject got in these settlements, in cents."""
    sums: dict[str, int] = defaultdict(int)
    for one in past:
        for subject, cents in one.got.items():
            sums[subject] += cents
    return dict(sums)


def _parts(entries: Sequence[int]) -> dict[int | None, dict[str, int]]:
    parts: dict[int | None, dict[str, int]] = defaultdict(dict)
    rows = db.session.execute(
        select(Posting.entry, Posting.subject, Posting.cents).where(
            Posting.account == ALLOTTED, Posting.entry.in_(entries)
        )
    )
    for entry, subject, cents in rows:
        parts[entry][subject or ""] = -cents
    return parts
