"""What `shop verify` proves of settlements. The division itself is proved where the vault is open."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from shop.checks import Check
from shop.decisions.models import Decision
from shop.extensions import db
from shop.ledger.books.models import Account, Cycle, JournalEntry, Posting
from shop.ledger.books.queries import balances_by_subject
from shop.ledger.books.rules import LIAISON, AccountType, EntryKind
from shop.ledger.sharing.models import Payout, Settlement, SettlementCycle
from shop.ledger.sharing.queries import parts_of, stands
from shop.ledger.sharing.rules import (
    ADVANCED,
    AID,
    ALLOTTED,
    BOX,
    JARS,
    SECU_JAR,
    TO_FUNDS,
    WEIGHTS,
    PayoutKind,
    read_weights,
    secu_share,
    settlement_label,
)
from shop.members.models import Activity
from shop.money import allocate

_PART, _MONEY, _AHEAD = aliased(Posting), aliased(Posting), aliased(Posting)

_LEGS = (
    (AID, None, 1),
    (ALLOTTED, None, -1),
    (TO_FUNDS, None, 1),
    (LIAISON, "meals", -1),
    (LIAISON, JARS, 1),
    (SECU_JAR, JARS, -1),
)
"""The legs of a settlement's entry: whose, and the sign that makes them what the settlement says."""

NEWEST = 20
"""Settlements and payouts that a quick look proves again."""


def _parts_sum_to_what_was_shared(quick: bool) -> Iterator[str]:
    """Find settlements whose entry does not allot what they shared, or gives the SECU something else."""
    for number, shared, secu, spent, allotted, *secured in db.session.execute(_allotted(quick)):
        if not shared == int(spent) == int(allotted):
            yield f"settlement {number} shared {shared}, its entry allots {int(allotted)}"
        if any(secu != int(cents) for cents in secured):
            yield f"settlement {number} gave the SECU {secu}, its entry says otherwise"


@cache
def _allotted(quick: bool) -> Select[*tuple[Any, ...]]:
    booked = (
        func.coalesce(func.sum(case((_is(account, seller), sign * Posting.cents), else_=0)), 0)
        for account, seller, sign in _LEGS
    )
    return (
        select(Settlement.id, Settlement.shared, Settlement.secu, *booked)
        .outerjoin(Posting, Posting.entry == Settlement.entry)
        .where(_looked_at(quick))
        .group_by(Settlement.id, Settlement.shared, Settlement.secu)
        .order_by(Settlement.id)
    )


def _is(account: str, seller: str | None) -> ColumnElement[bool]:
    return (Posting.account == account) & (Posting.activity == seller if seller else true())


def _settlements_are_what_their_entries_say(quick: bool) -> Iterator[str]:
    """Find settlements that name other weeks, another seller, day or entries than their entry was made of."""
    for row in db.session.execute(_said_and_booked(quick)):
        booked = (row.document, row.seller, row.date, row.entry)
        said = (f"settlement:{row.label}", row.activity, row.settled_on, row.until_seq + 1)
        if row.from_seq > row.until_seq + 1 or (row.entry and booked != said):
            yield f"settlement {row.id} is not what its entry says"


@cache
def _said_and_booked(quick: bool) -> Select[*tuple[Any, ...]]:
    return (
        select(Settlement.id, Settlement.label, Settlement.activity, Settlement.settled_on)
        .add_columns(Settlement.from_seq, Settlement.until_seq, Settlement.entry)
        .add_columns(JournalEntry.document, JournalEntry.date, Posting.activity.label("seller"))
        .outerjoin(JournalEntry, JournalEntry.seq == Settlement.entry)
        .outerjoin(Posting, (Posting.entry == Settlement.entry) & (Posting.account == AID))
        .where(_looked_at(quick))
        .order_by(Settlement.id)
    )


def _settlements_name_their_weeks(quick: bool) -> Iterator[str]:
    """Find settlements whose label is not that of the weeks that they divide."""
    labels: defaultdict[int, list[str]] = defaultdict(list)
    for number, label in db.session.execute(_OF_WEEKS):
        labels[number].append(label)
    for number, label in db.session.execute(_named(quick)):
        if not labels[number] or label != settlement_label(labels[number]):
            yield f"settlement {number} is named {label} and divides {', '.join(labels[number]) or 'nothing'}"


_OF_WEEKS = select(SettlementCycle.settlement_id, Cycle.label).join(
    Cycle, Cycle.id == SettlementCycle.cycle_id
)


@cache
def _named(quick: bool) -> Select[int, str]:
    return select(Settlement.id, Settlement.label).where(_looked_at(quick)).order_by(Settlement.id)


def _distributable_was_there(quick: bool) -> Iterator[str]:
    """Find settlements that shared out of another sum than the books had then; reads each posting once."""
    if quick:
        return
    for seller, result in db.session.execute(select(Activity.code, Activity.result_account)).all():
        earned = Account.type.in_([AccountType.INCOME, AccountType.EXPENSE]) | (Account.code == result)
        there, before = 0, 0
        of_seller = select(Settlement).where(Settlement.activity == seller).order_by(Settlement.until_seq)
        for settlement in db.session.scalars(of_seller):
            between = (Posting.entry > before) & (Posting.entry <= settlement.until_seq)
            since = select(func.sum(Posting.cents)).join(Account, Account.code == Posting.account)
            there -= int(db.session.scalar(since.where(between, Posting.activity == seller, earned)) or 0)
            before = settlement.until_seq
            if there != settlement.distributable:
                yield f"settlement {settlement.id} had {there} to share, not {settlement.distributable}"


def _weeks_are_settled_once(quick: bool) -> Iterator[str]:
    """Find closed weeks that two standing settlements divide."""
    for cycle in db.session.scalars(_settled_twice(quick)):
        yield f"cycle {cycle} is settled twice"


@cache
def _settled_twice(quick: bool) -> Select[int]:
    return (
        select(SettlementCycle.cycle_id)
        .join(Settlement, Settlement.id == SettlementCycle.settlement_id)
        .where(stands(), _looked_at(quick))
        .group_by(SettlementCycle.cycle_id)
        .having(func.count() > 1)
    )


def _parts_follow_from_the_frozen_inputs(quick: bool) -> Iterator[str]:
    """Find settlements whose parts are not what their weights and carry give, or the SECU's not its rate."""
    for settlement in db.session.scalars(_newest_first(quick)):
        inputs = settlement.inputs.value
        if inputs is None:
            continue
        short = {who: Fraction(cents) for who, cents in inputs["carry"].items()}
        rate = inputs.get("secu", {}).get("rate", 0)
        if settlement.secu != secu_share(settlement.shared + settlement.secu, rate):
            yield f"settlement {settlement.id} did not give the SECU its rate"
        due = allocate(settlement.shared, inputs["weights"], short)
        if {who: cents for who, cents in due.items() if cents} != parts_of(settlement):
            yield f"settlement {settlement.id} does not follow from its weights"
        if not _decided(settlement.decision_id, inputs["weights"]):
            yield f"settlement {settlement.id} cites a decision on something else"


def _decided(number: int, weights: Mapping[str, int]) -> bool:
    """Say whether a decision was on such weights; not whose, because that is not for everyone who proves."""
    decision = db.session.get(Decision, number)
    if decision is None or decision.key != WEIGHTS:
        return False
    if decision.value.value is None:
        return True
    return sorted(read_weights(decision.value.value).values()) == sorted(weights.values())


@cache
def _newest_first(quick: bool) -> Select[Settlement]:
    return select(Settlement).order_by(Settlement.id.desc()).limit(NEWEST if quick else None)


def _payouts_are_what_their_entries_book(quick: bool) -> Iterator[str]:
    """Find payouts whose entry takes another amount from another part, or from elsewhere than the box."""
    for row in db.session.execute(_paid_and_booked(quick)):
        advanced = row.kind is PayoutKind.ADVANCE
        kind = EntryKind.ADVANCE if advanced else EntryKind.PAYOUT
        moved = (0, row.cents) if advanced else (row.cents + row.taken_back, -row.taken_back)
        booked = (row.document, row.booked_as, row.of, row.paid, row.taken, row.ahead)
        stray = (advanced and row.taken_back) or row.date != row.paid_on
        if stray or booked != (f"payout:{row.form_id}", kind, row.subject, -row.cents, *moved):
            yield f"payout {row.id} is not what its entry books"


@cache
def _paid_and_booked(quick: bool) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Payout.id, Payout.form_id, Payout.subject, Payout.kind, Payout.cents, Payout.taken_back,
            Payout.paid_on, JournalEntry.date, JournalEntry.document, JournalEntry.kind.label("booked_as"),
            func.coalesce(_PART.subject, _AHEAD.subject).label("of"),
            func.coalesce(_MONEY.cents, 0).label("paid"),
            func.coalesce(_PART.cents, 0).label("taken"),
            func.coalesce(_AHEAD.cents, 0).label("ahead"),
        )
        .outerjoin(JournalEntry, JournalEntry.seq == Payout.entry)
        .outerjoin(_PART, (_PART.entry == Payout.entry) & (_PART.account == ALLOTTED))
        .outerjoin(_MONEY, (_MONEY.entry == Payout.entry) & (_MONEY.account == BOX))
        .outerjoin(_AHEAD, (_AHEAD.entry == Payout.entry) & (_AHEAD.account == ADVANCED))
        .where(Payout.id.in_(_newest(Payout.id)) if quick else true())
        .order_by(Payout.id)
    )  # fmt: skip


def _parts_come_and_go_by_settlements_and_payouts(quick: bool) -> Iterator[str]:
    """Find what was put on a part, or taken off, by no settlement, no payout and no reversal of one."""
    if quick:
        return
    known = select(Settlement.entry).where(Settlement.entry.is_not(None)).union(select(Payout.entry))
    rows = db.session.execute(
        select(Posting.entry)
        .join(JournalEntry, JournalEntry.seq == Posting.entry)
        .where(
            Posting.account.in_([ALLOTTED, ADVANCED]),
            func.coalesce(JournalEntry.reverses, JournalEntry.seq).not_in(known),
        )
        .distinct()
        .order_by(Posting.entry)
    )
    for (entry,) in rows:
        yield f"entry {entry} changes parts and is no settlement and no payout"


def _nobody_paid_back_more_than_was_advanced(_quick: bool) -> Iterator[str]:
    """Find advances below zero: more was taken back of a part than had been advanced."""
    for cents in balances_by_subject(ADVANCED).values():
        if cents < 0:
            yield f"{-cents} cents more taken back than advanced"


def _looked_at(quick: bool) -> ColumnElement[bool]:
    """Say in SQL that a settlement is looked at: where quick, one of the newest."""
    return Settlement.id.in_(_newest(Settlement.id)) if quick else true()


def _newest(number: InstrumentedAttribute[int]) -> Select[int]:
    return select(number).order_by(number.desc()).limit(NEWEST)


CHECKS = (
    Check("the parts of each settlement are what it shared", _parts_sum_to_what_was_shared),
    Check("each settlement is what its entry says", _settlements_are_what_their_entries_say),
    Check("each settlement is named after its weeks", _settlements_name_their_weeks),
    Check("what was shared was there", _distributable_was_there),
    Check("no week is settled twice", _weeks_are_settled_once),
    Check("each part follows from the frozen weights", _parts_follow_from_the_frozen_inputs),
    Check("each payout is what its entry books", _payouts_are_what_their_entries_book),
    Check("parts come and go by settlements and payouts", _parts_come_and_go_by_settlements_and_payouts),
    Check("no more is taken back than was advanced", _nobody_paid_back_more_than_was_advanced),
)
