"""Undoing an entry by the verb of the feature that made it, so that its source stays right."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from shop.collective.undoing.rules import Effect, effects
from shop.errors import EntryStays
from shop.extensions import db
from shop.ledger.books import services as books
from shop.ledger.books.models import JournalEntry, Posting
from shop.ledger.books.queries import head, standing_entries
from shop.ledger.books.rules import EntryKind
from shop.ledger.sharing.models import Payout, Settlement
from shop.ledger.sharing.paying import undo_payout
from shop.ledger.sharing.services import reverse_settlement
from shop.orders import services as orders
from shop.transaction import transaction
from shop.treasury import services as treasury
from shop.treasury.models import Cost, Movement
from shop.weeks import local_day


@dataclass(frozen=True)
class Act:
    """Undoing entry `seq`, which cites `document`: when, in which role, and why (a ReversalReason).

    `payer` is the member whose pocket waits again once its repayment is undone.
    """

    seq: int
    document: str
    now: datetime
    role: str
    reason: str
    payer: int | None = None

    @property
    def which(self) -> str:
        """Give what stands behind the colon of the document."""
        return self.document.partition(":")[2]

    @property
    def number(self) -> int:
        """Give the number behind the colon. Raises EntryStays where the entry cites something else."""
        if not self.which.isdecimal():
            raise EntryStays("no_source")
        return int(self.which)

    @property
    def today(self) -> date:
        """Give the local day."""
        return local_day(self.now)


@dataclass(frozen=True)
class Preview:
    """What follows: the entries that are undone together, the newest first, and what changes."""

    undone: tuple[int, ...]
    effects: tuple[Effect, ...]


def undo(seq: int, now: datetime, role: str, reason: str, payer: int | None = None) -> int:
    """Undo an entry with all that hangs on it; give the number of its reversal, the same when asked again.

    `payer` says whose pocket a repayment that is undone was for. Raises what its feature raises, and
    EntryStays where nothing can be undone.
    """
    entry = db.session.get_one(JournalEntry, seq)
    verb = VERBS.get(entry.kind)
    if verb is None:
        raise EntryStays("reversal")
    before = reversal_of(seq)
    if before is None:
        try:
            verb(Act(seq, entry.document, now, role, reason, payer))
        except NoResultFound as error:
            raise EntryStays("no_source") from error
    done = before or reversal_of(seq)
    assert done is not None, f"entry {seq} was not undone"
    return done


def rehearse(seq: int, sellers: Collection[str], now: datetime, role: str, reason: str) -> Preview:
    """Tell what undoing an entry would change for these sellers: it is done, looked at and taken back.

    So the preview cannot promise what the act then refuses. Raises what `undo` raises.
    """
    try:
        with transaction():
            before = head()[0]
            undo(seq, now, role, reason)
            raise _TakenBack(_since(before, sellers))
    except _TakenBack as rehearsal:
        return rehearsal.preview


def reversal_of(seq: int) -> int | None:
    """Give the number of the entry that reverses this one, or None."""
    return db.session.scalar(select(JournalEntry.seq).where(JournalEntry.reverses == seq))


class _TakenBack(Exception):
    def __init__(self, preview: Preview) -> None:
        self.preview = preview


def _since(before: int, sellers: Collection[str]) -> Preview:
    undone = select(JournalEntry.reverses).where(JournalEntry.seq > before).order_by(JournalEntry.seq)
    # Summed here: to group them, SQLite would walk an index of all postings.
    rows = select(Posting.account, Posting.activity, Posting.cents).where(Posting.entry > before)
    sums: Counter[tuple[str, str]] = Counter()
    for account, seller, cents in db.session.execute(rows):
        sums[account, seller] += cents
    return Preview(tuple(seq for seq in db.session.scalars(undone) if seq), tuple(effects(sums, sellers)))


def _plain(act: Act) -> None:
    books.reverse(act.seq, act.today, act.today, act.role, act.reason)


def _cost(act: Act) -> None:
    cost = db.session.scalars(select(Cost).where(Cost.form_id == act.which)).one()
    if cost.entry == act.seq:
        treasury.undo_cost(cost.id, act.today, act.role, act.reason)
    else:
        treasury.undo_repayment(cost.id, act.today, act.role, act.reason, act.payer)


def _paid_back(act: Act) -> None:
    """Undo what paid a pocket or a bill: of a cost, or of what was owed when the books opened."""
    (_cost if act.document.startswith("cost:") else _movement)(act)


def _movement(act: Act) -> None:
    movement = db.session.scalars(select(Movement.id).where(Movement.entry == act.seq)).one()
    treasury.undo_movement(movement, act.today, act.role, act.reason)


def _count(act: Act) -> None:
    treasury.undo_count(act.number, act.today, act.role, act.reason)


def _settlement(act: Act) -> None:
    settlement = db.session.scalars(select(Settlement.id).where(Settlement.entry == act.seq)).one()
    reverse_settlement(settlement, act.today, act.role, act.reason)


def _payout(act: Act) -> None:
    payout = db.session.scalars(select(Payout.id).where(Payout.entry == act.seq)).one()
    undo_payout(payout, act.today, act.role, act.reason)


def _hand_over(act: Act) -> None:
    orders.undo_hand_over(act.number, act.now, act.role, act.reason)


def _no_show(act: Act) -> None:
    orders.undo_no_show(act.number, act.now, act.role, act.reason)


def _payment(act: Act) -> None:
    if standing_entries(act.document, EntryKind.PAYMENT)[-1] != act.seq:
        raise EntryStays("newer_payment")
    orders.undo_payment(act.number, act.now, act.role, act.reason)


VERBS: dict[EntryKind, Callable[[Act], None]] = {
    EntryKind.OPENING: _plain,
    EntryKind.CLOSING: _plain,
    EntryKind.COST: _cost,
    EntryKind.REIMBURSEMENT: _paid_back,
    EntryKind.BILL_PAID: _paid_back,
    EntryKind.GIFT: _movement,
    EntryKind.TRANSFER: _movement,
    EntryKind.LIAISON: _movement,
    EntryKind.COUNT: _count,
    EntryKind.SETTLEMENT: _settlement,
    EntryKind.PAYOUT: _payout,
    EntryKind.ADVANCE: _payout,
    EntryKind.HAND_OVER: _hand_over,
    EntryKind.NO_SHOW: _no_show,
    EntryKind.PAYMENT: _payment,
}
"""By what made the entry; a reversal has none, because it is never reversed."""
