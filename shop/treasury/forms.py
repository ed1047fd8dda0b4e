"""What is sent to record a cost."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Form, FormField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Regexp, ValidationError

from shop.fields import EurosField, Rows, TextField
from shop.members.models import Member
from shop.settings.switches import Switch, uses
from shop.treasury.receipt_forms import ReceiptForm
from shop.treasury.rules import CASH, MOST_LINES, POCKETS, SUPPLIERS, CostKind, Line, Spent

KINDS = {
    CostKind.INGREDIENTS: _l("Ingrédients"),
    CostKind.PACKAGING: _l("Emballages"),
    CostKind.KITCHEN: _l("Cuisine"),
    CostKind.TRANSPORT: _l("Transport"),
    CostKind.VOLUNTEERS: _l("Frais de bénévoles"),
    CostKind.BANK: _l("Frais bancaires"),
}
FILL = InputRequired(_l("Remplissez ce champ."))


def kinds() -> list[SelectChoice]:
    """List what a cost can be for; what a bank takes only where one is used."""
    return [
        SelectChoice(kind.value, words)
        for kind, words in KINDS.items()
        if kind is not CostKind.BANK or uses(Switch.BANK)
    ]


def near(_form: object, field: DateField) -> None:
    """Refuse a year that is a slip of the finger; a day ahead is the books' to refuse."""
    if field.data and field.data.year < 2000:
        raise ValidationError(_("Cette année semble fausse."))


class LineForm(Form):
    """A line of a receipt; an empty one is none."""

    goods = TextField(_l("Quoi"), 40)
    kind = SelectField(
        _l("Pour"),
        choices=kinds,
        default=CostKind.INGREDIENTS.value,
        invalid_choice_message=_l("Choisissez."),  # a form within a form has no words of its own but English
    )
    cents = EurosField(_l("Montant"))

    def validate_cents(self, field: EurosField) -> None:
        """Ask for the amount of what is named."""
        if self.goods.data and field.data is None and not field.errors:
            raise ValidationError(_("Remplissez ce champ."))


class CostForm(ReceiptForm):
    """A cost in few taps: the amount, the shop and who paid; the rest is filled in as it mostly is."""

    cents = EurosField(_l("Montant"), validators=[FILL])
    shop = TextField(_l("Magasin"), 40)
    paid_from = RadioField(_l("Payé par"))
    payer = SelectField(_l("De quelle poche"), coerce=int)
    kind = RadioField(_l("Pour"), choices=kinds, default=CostKind.INGREDIENTS.value)
    spent_on = DateField(_l("Le"), validators=[FILL, near])
    regular = BooleanField(_l("Chaque semaine : proposer à nouveau"))
    lines = Rows(FormField(LineForm), min_entries=MOST_LINES, max_entries=MOST_LINES)
    another = BooleanField(_l("C’est un autre achat"))
    form_id = HiddenField(validators=[InputRequired(), Regexp(r"[0-9a-f]{32}\Z")])

    seller = "meals"

    def prepare(
        self, seller: str, people: list[Member], payer: int, places: Mapping[str, str], today: date
    ) -> "CostForm":
        """Offer these boxes and these members' pockets, the own one first; give a fresh form its defaults."""
        self.seller = seller
        sources: dict[str, Any] = {**places, POCKETS: _l("Une poche")}
        if uses(Switch.BILLS):
            sources[SUPPLIERS] = _l("À payer plus tard")
        self.paid_from.choices = [SelectChoice(account, words) for account, words in sources.items()]
        self.payer.choices = [SelectChoice(one.id, one.pseudonym) for one in people]
        if not self.is_submitted():
            self.paid_from.data, self.payer.data = CASH[seller], payer
            self.spent_on.data, self.form_id.data = today, uuid4().hex
        return self

    def propose(self, last: Spent) -> None:
        """Fill a fresh form as a cost was told the last time."""
        self.cents.data, self.shop.data, self.kind.data = last.cents, last.shop, last.kind.value
        self.regular.data = last.regular
        if last.paid_from in [choice.value for choice in self.paid_from.choices]:
            self.paid_from.data = last.paid_from
        self.payer.data = last.payer or self.payer.data

    @property
    def unusual(self) -> bool:
        """Say whether something is wrong or otherwise in what is mostly left as it is."""
        folded = (self.kind, self.spent_on, self.regular, self.lines)
        return any(field.errors for field in folded) or bool(self.typed_lines)

    @property
    def typed_lines(self) -> tuple[Line, ...]:
        """Give the lines that have an amount."""
        return tuple(
            Line(CostKind(row.form.kind.data), row.form.cents.data, row.form.goods.data or "")
            for row in self.lines
            if row.form.cents.data is not None and row.form.kind.data in KINDS
        )

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
            self.seller,
            self.typed_lines,
        )
