"""What is sent to search the journal, to lock days and to close a year."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional, ValidationError

from shop.fields import EurosField, TextField
from shop.ledger.books.rules import EntryKind
from shop.ledger.books.searching import Search

FILL = InputRequired(_l("Remplissez ce champ."))


class JournalForm(FlaskForm):
    """What to look for in the journal; it comes with the address, and changes nothing."""

    class Meta(FlaskForm.Meta):
        """No token: nothing is written."""

        csrf = False

    text = TextField(_l("N° d’écriture, de commande ou de pièce"), 40)
    since = DateField(_l("Du"), validators=[Optional()])
    until = DateField(_l("Au"), validators=[Optional()])
    kind = SelectField(_l("Évènement"), validators=[Optional()])
    account = SelectField(_l("Compte"), validators=[Optional()])
    cents = EurosField(_l("Montant"))

    def validate_cents(self, field: EurosField) -> None:
        """Refuse 0: no leg is."""
        if field.data == 0:
            raise ValidationError(_("Écrivez un montant comme 12,50."))

    def offer(self, kinds: dict[str, str], accounts: dict[str, str]) -> "JournalForm":
        """Offer these kinds and accounts, and none."""
        for field, choices in ((self.kind, kinds), (self.account, accounts)):
            field.choices = [SelectChoice("", ""), *(SelectChoice(*one) for one in choices.items())]
        return self

    def search(self, seller: str) -> Search:
        """Give what is looked for in this seller's books."""
        kind = EntryKind(self.kind.data) if self.kind.data else None
        found = (self.since.data, self.until.data, kind, self.account.data or None, self.cents.data)
        return Search(seller, *found, self.text.data or "")


class LockForm(FlaskForm):
    """The last day to lock, and that one means it."""

    until = DateField(_l("Verrouiller jusqu’au"), validators=[FILL])
    for_good = BooleanField(_l("Oui, pour de bon"), validators=[FILL])
