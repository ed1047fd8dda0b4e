"""The tree of refusals: facts that carry data; templates and forms have the words.

CannotStart                      a setting, a key or a migration is missing
KeyGone                          what was sealed with this key was erased
Busy                             the write lock was not had in time
Refusal                          somebody asked for what the rules do not allow
├── OrderRefused
│   ├── NothingOrdered  QuantityOutOfRange  LineUnknown
│   ├── MenuFull(left)  QuotaReached(line_id, left)
│   ├── NotYetOpen(opens_at)  CycleClosed(closed_at)  WeekCancelled
│   ├── SlotUnknown  DeliveryNotOffered  FieldMissing(field)
│   ├── OrderFinal(state)  OrderUnknown  NothingOwed
│   └── SeveralRefusals(found)
├── MenuRefused
│   ├── CapBelowOrdered(ordered)  CapOutOfBounds(least, most)
│   ├── QuotaBelowOrdered(line_id, ordered)  LineOrdered(line_id)
│   ├── WeekNotReady(missing)  WeekOver  WrongTimes  SlotOrdered(slot_id)
│   ├── WeekExists(label)  WeekUnknown  DishUnknown
│   └── DishOnMenu(dish_id)  KindFixed  MenuTooLong
├── BooksRefused
│   ├── Unbalanced(activity, off_by)  EntryIncomplete(reason)  UnknownAccount(code)
│   ├── KeyReused(key)  EntryUnknown(seq)  AlreadyReversed(seq)  ReversalOfReversal(seq)
│   ├── PeriodLocked(until)  DayAhead(day)  DayNotOver(day)
│   ├── YearNotOver(year)  NothingToClose(year)  YearOutOfOrder(year)  EntryStays(reason)
│   └── BoxOverdrawn(account, missing)
├── ClosingRefused
│   └── OrdersOpen(count)  AlreadyClosed  WeekStillOpen  CashNotCounted
├── SharingRefused
│   ├── NothingToShare(distributable)  MoreThanDistributable(distributable)
│   ├── NoBeneficiary  WeeksOfTwoVersions  AlreadySettled  NotReversible(reason)
│   ├── MoreThanAllotted(left)  PayoutUnknown  NoPart
│   ├── MoreThanAdvanced(advanced)  MoreThanBound(left)  AdvancesNotDecided  AdvanceTakenBack
│   └── WeightOutOfRange
├── DecisionRefused
│   ├── ValueUnfit  FundsNotWhole(short)  WeekSettled
│   └── DecisionUnknown  DecisionContested  SecondMemberNeeded
├── MoneyRefused
│   ├── NotAnAmount  PiecesOutOfRange  AccountUnfit(account)
│   ├── CostUnknown  CostRepaid  CostUndone  NothingToRepay
│   ├── ReceiptUnreadable  ReceiptTooLarge  ReceiptTooLong(most)
│   ├── PerhapsTwice(cost_id, cents, spent_on, shop)  LinesOffBy(off_by)  TooManyLines(most)
│   ├── MovementUnknown  MoreThanOwed(owed)  CountUnknown  NothingBooked  DayTooOld(since)
│   └── OwedMoreThanHeld(missing)
├── SettingRefused
│   └── StillDelivering(label)  StillHeld(switch, account, cents)
└── MemberRefused
    ├── SignInFailed  LinkSpent  PassphraseTooShort  PassphraseTooLong
    ├── PseudonymTaken  PseudonymUnfit  EmblemTaken  MemberUnknown  OneMemberTwice
    └── LastAdmin
"""

from dataclasses import dataclass
from datetime import date, datetime


class CannotStart(Exception):
    """Say in one sentence why the shop does not start."""


class KeyGone(Exception):
    """Tell that what was sealed with this key can no longer be read."""


class Busy(Exception):
    """Tell that the write lock was not had in time; the same request may be sent again."""


class Refusal(Exception):
    """Refuse what the rules do not allow; the class is the fact, the fields its data."""

    @property
    def fact(self) -> str:
        """Name the fact, as pages mark it in `data-refusal`."""
        return type(self).__name__


class OrderRefused(Refusal):
    """Refuse an order or a change of one."""

    @property
    def every(self) -> "tuple[OrderRefused, ...]":
        """List the refusals one by one, so that each can be shown beside its field."""
        return (self,)


@dataclass(eq=False)
class SeveralRefusals(OrderRefused):
    """Several things stand against an order; `found` has them in the order of the form."""

    found: tuple[OrderRefused, ...]

    @property
    def every(self) -> tuple[OrderRefused, ...]:
        """List the refusals one by one."""
        return self.found

    @property
    def fact(self) -> str:
        """Name the first fact."""
        return self.found[0].fact


class NothingOrdered(OrderRefused):
    """No dish was chosen."""


class QuantityOutOfRange(OrderRefused):
    """A quantity is not a whole number from 0 to 999."""


class LineUnknown(OrderRefused):
    """A dish is not on this week's menu."""


@dataclass(eq=False)
class MenuFull(OrderRefused):
    """The week's cap of main portions would be passed; `left` portions can still be had."""

    left: int


@dataclass(eq=False)
class QuotaReached(OrderRefused):
    """A dish's own quota would be passed; `left` portions of it can still be had."""

    line_id: int
    left: int


@dataclass(eq=False)
class NotYetOpen(OrderRefused):
    """Ordering opens at `opens_at`."""

    opens_at: datetime


@dataclass(eq=False)
class CycleClosed(OrderRefused):
    """Ordering closed at `closed_at`."""

    closed_at: datetime


class WeekCancelled(OrderRefused):
    """Nobody cooks this week."""


class SlotUnknown(OrderRefused):
    """The pick-up slot is not one of this week's."""


class DeliveryNotOffered(OrderRefused):
    """Nothing is delivered this week."""


@dataclass(eq=False)
class FieldMissing(OrderRefused):
    """What this order needs was left empty; `field` is the form's name for it."""

    field: str


@dataclass(eq=False)
class OrderFinal(OrderRefused):
    """The order is in a state that does not allow this."""

    state: str


class OrderUnknown(OrderRefused):
    """There is no such order."""


class NothingOwed(OrderRefused):
    """There is nothing to pay, or no payment to undo."""


class MenuRefused(Refusal):
    """Refuse a change of a week or a dish."""


@dataclass(eq=False)
class CapOutOfBounds(MenuRefused):
    """The meeting decided that a week has from `least` to `most` main portions."""

    least: int
    most: int


@dataclass(eq=False)
class CapBelowOrdered(MenuRefused):
    """The cap cannot go below the `ordered` portions of mains."""

    ordered: int


@dataclass(eq=False)
class QuotaBelowOrdered(MenuRefused):
    """A quota cannot go below the `ordered` portions of its dish."""

    line_id: int
    ordered: int


@dataclass(eq=False)
class LineOrdered(MenuRefused):
    """Somebody ordered this dish: its price stays and it stays on the menu."""

    line_id: int


@dataclass(eq=False)
class WeekNotReady(MenuRefused):
    """The week cannot be published; `missing` names what it lacks: `main`, `slot` or `place`."""

    missing: str


class WeekOver(MenuRefused):
    """The week is closed or cancelled and changes no more."""


class WrongTimes(MenuRefused):
    """Opening, cutoff and slots do not follow each other."""


@dataclass(eq=False)
class DishOnMenu(MenuRefused):
    """The dish already stands on this menu."""

    dish_id: int


class KindFixed(MenuRefused):
    """The dish stood on a published menu: a main stays a main."""


class MenuTooLong(MenuRefused):
    """The alphabet has no letter left for another dish."""


@dataclass(eq=False)
class SlotOrdered(MenuRefused):
    """Somebody will come in this pick-up slot: it may move, and it stays."""

    slot_id: int


@dataclass(eq=False)
class WeekExists(MenuRefused):
    """There is a week with this label already."""

    label: str


class WeekUnknown(MenuRefused):
    """There is no such week."""


class DishUnknown(MenuRefused):
    """There is no such dish."""


class BooksRefused(Refusal):
    """Refuse an entry."""


@dataclass(eq=False)
class Unbalanced(BooksRefused):
    """The entry is off by `off_by` cents within an activity."""

    activity: str
    off_by: int


@dataclass(eq=False)
class EntryIncomplete(BooksRefused):
    """The entry lacks something: `legs`, `zero`, `label`, `key` or `document`."""

    reason: str


@dataclass(eq=False)
class UnknownAccount(BooksRefused):
    """No open account has this code."""

    code: str


@dataclass(eq=False)
class KeyReused(BooksRefused):
    """An entry with this key exists and says something else."""

    key: str


@dataclass(eq=False)
class EntryUnknown(BooksRefused):
    """No entry has this number."""

    seq: int


@dataclass(eq=False)
class AlreadyReversed(BooksRefused):
    """The entry was reversed before."""

    seq: int


@dataclass(eq=False)
class ReversalOfReversal(BooksRefused):
    """A reversal is never reversed: book anew."""

    seq: int


@dataclass(eq=False)
class PeriodLocked(BooksRefused):
    """The day lies in a locked period that ends on `until`."""

    until: date


@dataclass(eq=False)
class DayAhead(BooksRefused):
    """The day has not come yet."""

    day: date


@dataclass(eq=False)
class DayNotOver(BooksRefused):
    """Only days that are over can be locked, so that today is always open."""

    day: date


@dataclass(eq=False)
class YearNotOver(BooksRefused):
    """The year has not ended."""

    year: int


@dataclass(eq=False)
class NothingToClose(BooksRefused):
    """No account of income or expense holds anything from this year or before."""

    year: int


@dataclass(eq=False)
class YearOutOfOrder(BooksRefused):
    """The earlier `year` is closed first."""

    year: int


@dataclass(eq=False)
class EntryStays(BooksRefused):
    """The entry cannot be undone; `reason`: `reversal`, `newer_payment`, `other_seller`, `no_source`."""

    reason: str


@dataclass(eq=False)
class BoxOverdrawn(BooksRefused):
    """The account would be `missing` cents short."""

    account: str
    missing: int


class ClosingRefused(Refusal):
    """Refuse to close a week."""


@dataclass(eq=False)
class OrdersOpen(ClosingRefused):
    """`count` orders are neither handed over nor no-shows nor cancelled."""

    count: int


class AlreadyClosed(ClosingRefused):
    """The week was closed before."""


class WeekStillOpen(ClosingRefused):
    """Customers can still order."""


class CashNotCounted(ClosingRefused):
    """The cash was not counted since the last sale."""


class SharingRefused(Refusal):
    """Refuse a settlement or weights."""


@dataclass(eq=False)
class NothingToShare(SharingRefused):
    """There is nothing to share; `distributable` cents, 0 or less."""

    distributable: int


@dataclass(eq=False)
class MoreThanDistributable(SharingRefused):
    """More was asked than the `distributable` cents."""

    distributable: int


class NoBeneficiary(SharingRefused):
    """Nobody has a weight."""


class WeeksOfTwoVersions(SharingRefused):
    """The weeks fall under two versions of the weights: settle them apart."""


class AlreadySettled(SharingRefused):
    """One of the weeks is settled."""


@dataclass(eq=False)
class NotReversible(SharingRefused):
    """The settlement cannot be reversed; `reason` says why."""

    reason: str


@dataclass(eq=False)
class MoreThanAllotted(SharingRefused):
    """Only `left` cents of this part are still there."""

    left: int


@dataclass(eq=False)
class MoreThanAdvanced(SharingRefused):
    """Only `advanced` cents of advances are still to be taken back."""

    advanced: int


@dataclass(eq=False)
class MoreThanBound(SharingRefused):
    """Only `left` cents more may be advanced; a decision sets the bound."""

    left: int


class AdvancesNotDecided(SharingRefused):
    """The meeting has not decided up to how much may be advanced."""


class AdvanceTakenBack(SharingRefused):
    """A part paid this advance back already: undo that payout first."""


class PayoutUnknown(SharingRefused):
    """There is no such payout."""


class NoPart(SharingRefused):
    """This member never had a part."""


class WeightOutOfRange(SharingRefused):
    """A weight has two decimals at most, and lies from 0.01 to 99.99."""


class DecisionRefused(Refusal):
    """What was to be decided cannot be."""


class ValueUnfit(DecisionRefused):
    """Such a value cannot be decided, or nothing can be decided about this at all."""


@dataclass(eq=False)
class FundsNotWhole(DecisionRefused):
    """The percentages of the funds do not sum to 100: `short` hundredths are missing, below 0 too many."""

    short: int


class WeekSettled(DecisionRefused):
    """A decision holds from a week on that is not settled yet."""


class DecisionUnknown(DecisionRefused):
    """There is no such decision."""


class DecisionContested(DecisionRefused):
    """A member disagreed: it is talked about again."""


class SecondMemberNeeded(DecisionRefused):
    """Who wrote it down cannot confirm it too."""


class MoneyRefused(Refusal):
    """Refuse what is typed as money."""


class NotAnAmount(MoneyRefused):
    """The text is not an amount with at most two decimals."""


class PiecesOutOfRange(MoneyRefused):
    """A count of notes or coins is not a whole number from 0 to 9999."""


class ReceiptUnreadable(MoneyRefused):
    """The file is no JPEG, PNG, WebP or PDF, or a damaged one."""


class ReceiptTooLarge(MoneyRefused):
    """The picture has too many pixels, or takes too much memory or time to draw."""


@dataclass(eq=False)
class ReceiptTooLong(MoneyRefused):
    """A receipt has at most `most` pages."""

    most: int


@dataclass(eq=False)
class DayTooOld(MoneyRefused):
    """The day is so long ago that it is a slip of the finger; `since` is the first that is none."""

    since: date


class CostUnknown(MoneyRefused):
    """There is no such cost."""


class CostRepaid(MoneyRefused):
    """The cost was repaid to the member and stays."""


class CostUndone(MoneyRefused):
    """The cost was undone before."""


class NothingToRepay(MoneyRefused):
    """The cost was paid from a box or a bank: nobody waits for it."""


@dataclass(eq=False)
class AccountUnfit(MoneyRefused):
    """Money of this event cannot come from or go to this account."""

    account: str


@dataclass(eq=False)
class PerhapsTwice(MoneyRefused):
    """The cost `cost_id`, of the same seller, day and `cents`, stands; it was bought in this `shop`."""

    cost_id: int
    cents: int
    spent_on: date
    shop: str


@dataclass(eq=False)
class LinesOffBy(MoneyRefused):
    """The lines of a receipt are `off_by` cents short of its amount, or, below 0, too much."""

    off_by: int


@dataclass(eq=False)
class TooManyLines(MoneyRefused):
    """A receipt has at most so many lines."""

    most: int


class MovementUnknown(MoneyRefused):
    """There is no such movement of money."""


@dataclass(eq=False)
class MoreThanOwed(MoneyRefused):
    """Only `owed` cents are owed."""

    owed: int


class CountUnknown(MoneyRefused):
    """There is no such count."""


class NothingBooked(MoneyRefused):
    """The count was right and booked nothing, so that there is nothing to undo."""


@dataclass(eq=False)
class OwedMoreThanHeld(MoneyRefused):
    """A seller's books cannot open with `missing` cents more owed and earmarked than held."""

    missing: int


class SettingRefused(Refusal):
    """Tell that the group cannot stop using something yet."""


@dataclass(eq=False)
class StillDelivering(SettingRefused):
    """Food is to be brought in the week `label`."""

    label: str


@dataclass(eq=False)
class StillHeld(SettingRefused):
    """What a switch is about still holds money: an account's `cents`, whatever its side."""

    switch: str
    account: str
    cents: int


class MemberRefused(Refusal):
    """Refuse a sign-in or a change of a member."""


class SignInFailed(MemberRefused):
    """Pseudonym and passphrase do not fit; which of them is not said."""


class LinkSpent(MemberRefused):
    """The one-time link was used, withdrawn or is too old."""


class PassphraseTooShort(MemberRefused):
    """A passphrase has 12 characters or more."""


class PassphraseTooLong(MemberRefused):
    """A passphrase has 200 characters at most."""


class PseudonymTaken(MemberRefused):
    """Another member has this pseudonym."""


class PseudonymUnfit(MemberRefused):
    """A pseudonym has 2 to 24 letters, and no digits, so that it is no phone number."""


class EmblemTaken(MemberRefused):
    """Another member has this emblem, or none is left."""


class MemberUnknown(MemberRefused):
    """No member has this pseudonym."""


class OneMemberTwice(MemberRefused):
    """A second member must confirm, and not the one whose passphrase is lost."""


class LastAdmin(MemberRefused):
    """Somebody must stay admin."""
