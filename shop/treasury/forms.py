"""What is sent to record a cost."""

from datetime import date
from uuid import uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Regexp, ValidationError

from shop.fields import EurosField, TextField
from shop.members.models import Member
from shop.treasury.rules import BOX, POCKETS, CostKind, Spent

KINDS = {
    CostKind.INGREDIENTS: _l("Ingrédients"),
    CostKind.PACKAGING: _l("Emballages"),
    CostKind.KITCHEN: _l("Cuisine"),
    CostKind.TRANSPORT: _l("Transport"),
    CostKind.VOLUNTEERS: _l("Frais de bénévoles"),
    CostKind.BANK: _l("Frais bancaires"),
}
SOURCES = {BOX: _l("La caisse"), POCKETS: _l("La poche d’un membre")}
FILL = InputRequired(_l("Remplissez ce champ."))


class CostForm(FlaskForm):
    """A cost in few taps: the amount, and what it was for; the rest is filled in as it mostly is."""

    cents = EurosField(_l("Montant"), validators=[FILL])
    kind = RadioField(
        _l("Pour"), choices=[SelectChoice(*one) for one in KINDS.items()], default=CostKind.INGREDIENTS.value
    )
    paid_from = RadioField(
        _l("Payé par"), choices=[SelectChoice(*one) for one in SOURCES.items()], default=BOX
    )
    payer = SelectField(_l("Quelle poche"), coerce=int)
    shop = TextField(_l("Magasin"), 40)
    spent_on = DateField(_l("Le"), validators=[FILL])
    regular = BooleanField(_l("Chaque semaine : proposer à nouveau"))
    form_id = HiddenField(validators=[InputRequired(), Regexp(r"[0-9a-f]{32}\Z")])

    def validate_spent_on(self, field: DateField) -> None:
        """Refuse a year that is a slip of the finger; a day ahead is the books' to refuse."""
        if field.data and field.data.year < 2000:
            raise ValidationError(_("Cette année semble fausse."))

    def prepare(self, people: list[Member], today: date, payer: int) -> "CostForm":
        """Offer these members' pockets, the own one first, and give a fresh form its defaults."""
        self.payer.choices = [SelectChoice(one.id, one.pseudonym) for one in people]
        if not self.is_submitted():
            self.payer.data, self.spent_on.data, self.form_id.data = payer, today, uuid4().hex
        return self

    def spent(self, week: str) -> Spent:
        """Give what was typed as a cost of this week."""
        return Spent(
            CostKind(self.kind.data),
            self.paid_from.data,
            self.cents.data or 0,
            self.spent_on.data,
            week,
            self.shop.data or "",
            self.regular.data,
            self.payer.data if self.paid_from.data == POCKETS else None,
        )


class FloatForm(FlaskForm):
    """The working float that a new shop's box starts with."""

    cents = EurosField(_l("Fonds de roulement"), validators=[FILL])
