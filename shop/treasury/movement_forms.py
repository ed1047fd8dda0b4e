"""What is sent to record a gift, a transfer, or one seller paying the other."""

from collections.abc import Mapping
from datetime import date
from secrets import token_hex

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Regexp, ValidationError

from shop.fields import EurosField
from shop.ledger.books.rules import MONEY
from shop.settings.switches import Switch, uses
from shop.treasury.forms import FILL, near
from shop.treasury.rules import BANKS, CASH, CREDITS, POCKETS, SUPPLIERS, Moved, gift, old_debt, passage

TO_BANK, FROM_BANK = "to_bank", "from_bank"
DIRECTIONS = {TO_BANK: _l("De la caisse à la banque"), FROM_BANK: _l("De la banque à la caisse")}
WHOM = {
    POCKETS: _l("À des membres"),
    SUPPLIERS: _l("À des fournisseurs"),
    CREDITS: _l("À des clients"),
}


class MovementForm(FlaskForm):
    """An amount that moved on a day."""

    cents = EurosField(_l("Montant"), validators=[FILL])
    happened_on = DateField(_l("Le"), validators=[FILL, near])
    form_id = HiddenField(validators=[InputRequired(), Regexp(r"[0-9a-f]{24}\Z")])

    def begin(self, today: date) -> None:
        """Give a fresh form its day and its own id."""
        if not self.is_submitted():
            self.happened_on.data, self.form_id.data = today, token_hex(12)


class GiftForm(MovementForm):
    """A gift: how much, where it lies now, and, where the group keeps funds, what it is for."""

    to_account = RadioField(_l("Où est l’argent"))
    fund = RadioField(_l("Pour"), default="")

    def prepare(self, places: Mapping[str, str], funds: Mapping[str, str], today: date) -> "GiftForm":
        """Offer these places and these funds, by account."""
        self.to_account.choices = [SelectChoice(account, words) for account, words in places.items()]
        free = SelectChoice("", _l("Rien de particulier"))
        self.fund.choices = [free, *(SelectChoice(*one) for one in funds.items())]
        if not uses(Switch.FUNDS):
            del self.fund
        if not self.is_submitted():
            self.to_account.data = next(iter(places), None)
        self.begin(today)
        return self

    def moved(self) -> Moved:
        """Give what was typed as a gift."""
        fund = self.fund.data if "fund" in self else None
        return gift(self.cents.data or 0, self.happened_on.data, self.to_account.data, fund or None)


class TransferForm(MovementForm):
    """Cash that goes to the bank, or comes from it."""

    direction = RadioField(
        _l("Sens"), choices=[SelectChoice(*one) for one in DIRECTIONS.items()], default=TO_BANK
    )

    def moved(self, seller: str) -> Moved:
        """Give what was typed as a movement of this seller's money."""
        way = (CASH[seller], BANKS[seller])
        source, target = way if self.direction.data == TO_BANK else way[::-1]
        return passage(self.cents.data or 0, self.happened_on.data, source, target)


class LiaisonForm(MovementForm):
    """What one seller pays the other, whole or in part."""

    from_account = RadioField(_l("De"))
    to_account = RadioField(_l("Vers"))

    def prepare(
        self, sources: Mapping[str, str], targets: Mapping[str, str], owed: int, today: date
    ) -> "LiaisonForm":
        """Offer the places of who owes and of whom it is owed; propose all of it."""
        for field, places in ((self.from_account, sources), (self.to_account, targets)):
            # Once it is paid, who owes may be the other one, and the same form must still be the same.
            offered = {**sources, **targets} if self.is_submitted() else places
            field.choices = [SelectChoice(account, words) for account, words in offered.items()]
            if not self.is_submitted():
                field.data = next(iter(places), None)
        if not self.is_submitted():
            self.cents.data = owed
        self.begin(today)
        return self

    def validate_to_account(self, field: RadioField) -> None:
        """Refuse money that stays with the same seller."""
        if MONEY.get(field.data) == MONEY.get(self.from_account.data):
            raise ValidationError(_("Choisissez une caisse de chacun."))

    def moved(self) -> Moved:
        """Give what was typed as a payment from one seller to the other."""
        return passage(
            self.cents.data or 0, self.happened_on.data, self.from_account.data, self.to_account.data
        )


class DebtForm(MovementForm):
    """What is paid of a debt from before the books."""

    owed = RadioField(_l("À qui"))
    paid_from = RadioField(_l("Payé par"))

    def prepare(self, left: Mapping[str, int], places: Mapping[str, str], today: date) -> "DebtForm":
        """Offer these places and the debts that are left, in cents by account."""
        # What was sent stays offered: it may be the same form again, after it paid the last of a debt.
        waiting = [account for account in WHOM if left[account] or account == self.owed.data]
        self.owed.choices = [SelectChoice(account, WHOM[account]) for account in waiting]
        self.paid_from.choices = [SelectChoice(account, words) for account, words in places.items()]
        if not self.is_submitted():
            self.owed.data, self.paid_from.data = next(iter(waiting), None), next(iter(places), None)
            self.cents.data = left[waiting[0]] if waiting else None
        self.begin(today)
        return self

    def moved(self, seller: str) -> Moved:
        """Give what was typed as the payment of a seller's old debt."""
        return old_debt(
            self.cents.data or 0, self.happened_on.data, seller, self.owed.data, self.paid_from.data
        )
