"""Settling closed weeks, undoing it, and deciding weights."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import select

from shop import weeks
from shop.decisions.models import Decision
from shop.decisions.services import decide
from shop.errors import AlreadySettled, NoBeneficiary, NotReversible
from shop.extensions import db
from shop.ledger.books import services as books
from shop.ledger.books.models import Cycle, JournalEntry
from shop.ledger.books.queries import balance, current_key, distributable, head
from shop.ledger.sharing.models import Settlement
from shop.ledger.sharing.queries import (
    first_open_day,
    members_of,
    next_seq,
    parts_of,
    pasts,
    secu_for,
    settlement_of,
    version_for,
)
from shop.ledger.sharing.rules import (
    ALLOTTED,
    JARS,
    SECU_JAR,
    WEIGHTS,
    Secu,
    carry,
    divide,
    parse_weight,
    secu_share,
    settlement_entry,
    settlement_label,
    taken,
    write_weight,
)
from shop.members.models import Member
from shop.members.services import subject_of
from shop.vault import HOUSE, Sealed


def decide_weights(weights: Mapping[int, int], now: datetime) -> Decision:
    """Write the weights, in hundredths by member id, that hold from the first week not settled yet.

    Raises NoBeneficiary, WeightOutOfRange.
    """
    return decide(WEIGHTS, weights_value(weights), first_open_day(weeks.local_day(now)), now)


def weights_value(weights: Mapping[int, int]) -> dict[str, str]:
    """Write weights, in hundredths by member id, as a decision keeps them; who gets one gets a part.

    Raises NoBeneficiary, WeightOutOfRange.
    """
    members = db.session.scalars(select(Member).where(Member.id.in_(weights), Member.left_on.is_(None))).all()
    if not weights or len(members) != len(weights):
        raise NoBeneficiary
    for member in members:
        parse_weight(write_weight(weights[member.id]))
        subject_of(member)
    return {str(member): write_weight(weight) for member, weight in sorted(weights.items())}


def settle(cycle_ids: Sequence[int], amount: int | None, today: date, role: str) -> Settlement:
    """Share `amount` cents, or all there is where it is None, among the beneficiaries of closed weeks.

    Where the group decided so, a share of it goes to the SECU first. An amount of 0 settles the weeks and
    leaves the money, or the loss, to the next time. The same weeks and amount again give the settlement that
    stands. Raises NothingToShare, MoreThanDistributable, NoBeneficiary, WeeksOfTwoVersions, AlreadySettled.
    """
    cycles = db.session.scalars(select(Cycle).where(Cycle.id.in_(cycle_ids)).order_by(Cycle.starts_on)).all()
    if before := _settled_before(cycles, amount):
        return before
    decision = version_for(cycles)
    activity = cycles[0].activity
    weights = {subject_of(member): weight for member, weight in members_of(decision).items()}
    short = {who: cents for who, cents in carry(pasts(activity)).items() if who in weights}
    available, secu = distributable(activity), secu_for(cycles)
    parts = divide(amount, available, weights, short, secu.rate)
    label = settlement_label([cycle.label for cycle in cycles])
    settlement = Settlement(
        activity=activity,
        label=label,
        settled_on=today,
        distributable=available,
        shared=sum(parts.values()),
        secu=secu_share(taken(amount, available), secu.rate),
        from_seq=next_seq(activity),
        decision_id=decision.id,
        inputs=_frozen(weights, short, secu),
        until_seq=head()[0],
        cycles=list(cycles),
    )
    if settlement.shared:
        key = current_key(f"settlement:{label}")
        entry = settlement_entry(key, parts, activity, today, role, secu=settlement.secu)
        settlement.entry = books.post(entry, today)
    db.session.add(settlement)
    db.session.flush()
    return settlement


def reverse_settlement(settlement_id: int, today: date, role: str, reason: str = "") -> int:
    """Undo a settlement whose parts all stand whole; give the reversal's number.

    `reason` is a ReversalReason. Asked again, it gives the same. Raises NotReversible.
    """
    settlement = db.session.get_one(Settlement, settlement_id)
    if settlement.entry is None:
        raise NotReversible("nothing_shared")
    undone = db.session.scalar(select(JournalEntry.seq).where(JournalEntry.reverses == settlement.entry))
    if undone:
        return undone
    parts = parts_of(settlement)
    if any(-balance(ALLOTTED, settlement.activity, who) < cents for who, cents in parts.items()):
        raise NotReversible("paid_out")
    if -balance(SECU_JAR, JARS) < settlement.secu:
        raise NotReversible("secu_spent")
    return books.reverse(settlement.entry, today, today, role, reason)


def _frozen(weights: Mapping[str, int], short: Mapping[str, Fraction], secu: Secu) -> Sealed:
    frozen: dict[str, object] = {
        "weights": weights,
        "carry": {who: str(cents) for who, cents in short.items()},
    }
    if secu.decision:
        frozen["secu"] = {"rate": secu.rate, "decision": secu.decision}
    return Sealed(HOUSE, frozen)


def _settled_before(cycles: Sequence[Cycle], amount: int | None) -> Settlement | None:
    """Give the settlement of exactly these weeks and this amount. Raises AlreadySettled for any other."""
    found = {one.id: one for cycle in cycles if (one := settlement_of(cycle.id))}
    if not found:
        return None
    settlement = found.popitem()[1]
    same = {cycle.id for cycle in settlement.cycles} == {cycle.id for cycle in cycles}
    wanted = settlement.distributable if amount is None else amount
    if found or not same or settlement.shared + settlement.secu != wanted:
        raise AlreadySettled
    return settlement
