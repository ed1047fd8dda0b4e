"""The sums with which a seller's books open: what is held and owed today."""

from collections.abc import Collection, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form

from shop.collective.starting.rules import HELD, float_of, switch_of
from shop.fields import EurosField
from shop.ledger.books.label_views import account_label


class MoneyFields(Form):
    """One field an account, named by it; an empty one is 0 cents."""

    seller = ""

    def held(self) -> dict[str, int]:
        """Give what was typed: cents by account, sums of 0 left out."""
        return {account_of(field): field.data for field in self if field.data}

    @property
    def boxes(self) -> list[Field]:
        """Give the fields of what is held."""
        return [field for field in self if account_of(field) in HELD[self.seller]]

    @property
    def debts(self) -> list[Field]:
        """Give the fields of what is owed, set aside or left to share."""
        return [field for field in self if account_of(field) not in HELD[self.seller]]

    @property
    def rest(self) -> int:
        """Give the working float that remains, in cents."""
        return float_of(self.seller, self.held())

    def needs(self, field: Field) -> str | None:
        """Name the switch without which a sum is not asked for."""
        return switch_of(account_of(field))

    def name_accounts(self, names: Mapping[str, str]) -> None:
        """Give the funds the names that they have in the books."""
        for field in self:
            if name := names.get(account_of(field)):
                field.label.text = account_label(name)

    def ask_only(self, used: Collection[str]) -> None:
        """Ask for no sum whose switch is off."""
        for field in [field for field in self if self.needs(field) not in {*used, None}]:
            del self[field.short_name]

    def refuse_unused(self, used: Collection[str]) -> bool:
        """Say beside each sum that something must be ticked first; say whether there was none."""
        wrong = [field for field in self if field.data and self.needs(field) not in {*used, None}]
        for field in wrong:
            field.errors = [_("Cochez d’abord ce que vous utilisez, plus haut.")]
        return not wrong


def account_of(field: Field) -> str:
    """Name the account of a sum's field."""
    return str(field.short_name).removeprefix("a")


class MealsMoney(MoneyFields):
    """What the meals hold and owe."""

    seller = "meals"

    a570100 = EurosField(_l("Dans la caisse"))
    a550100 = EurosField(_l("À la banque"))
    a140100 = EurosField(_l("Reste à partager des semaines passées"))
    a489200 = EurosField(_l("À rendre à des membres"))
    a440000 = EurosField(_l("À payer à des fournisseurs"))
    a489300 = EurosField(_l("Payé d’avance par des clients"))
    a139500 = EurosField("")


class BeerMoney(MoneyFields):
    """What the beer holds and owes."""

    seller = "beer"

    a570200 = EurosField(_l("Dans la caisse"))
    a550200 = EurosField(_l("À la banque"))
    a140200 = EurosField(_l("Marge des mois passés, pas encore attribuée"))
    a489200 = EurosField(_l("À rendre à des membres"))
    a440000 = EurosField(_l("À payer à des fournisseurs"))
    a139100 = EurosField("")
    a139200 = EurosField("")
    a139300 = EurosField("")
    a139400 = EurosField("")
