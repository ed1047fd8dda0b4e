"""What is sent to start a shop, and to change later what was said then."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Form, FormField, RadioField, SelectChoice, SelectMultipleField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from shop.collective.starting.money_fields import BeerMoney, MealsMoney
from shop.collective.starting.queries import House, Seller
from shop.collective.starting.rhythm_fields import AT_LEAST_ONE, FILL, RhythmFields, said
from shop.errors import PseudonymUnfit
from shop.fields import EurosField, Rows, TextField
from shop.members.forms import BEER_KEEPER, DOES
from shop.members.rules import clean_pseudonym
from shop.menu.forms import near
from shop.menu.rhythm import Rhythm
from shop.settings.naming import AidName
from shop.settings.regimes import Regime
from shop.settings.switches import Switch, uses

FIRST_MEMBERS = 3
USUAL = ("organiser", "cook", "treasurer")
"""What the first three members are proposed to do."""

REGIMES = {
    Regime.NOT_LIABLE: _l("Pas assujetti à la TVA"),
    Regime.FRANCHISE: _l("En franchise : pas de TVA sur vos prix, tant que vos ventes restent petites"),
    Regime.CHARGES: _l("Avec TVA sur vos prix"),
}
AID_NAMES = {
    AidName.AID: _l("Aide solidaire"),
    AidName.PART: _l("Part solidaire"),
    AidName.SUPPORT: _l("Soutien solidaire"),
    AidName.SOLIDARITY: _l("Solidarité"),
}
SWITCHES = {
    Switch.DELIVERY: _l("Livrer : apporter les plats à qui ne peut pas venir"),
    Switch.CREDIT: _l("Faire crédit : un client emporte, et paie une autre fois"),
    Switch.BANK: _l("Un compte bancaire : payer et recevoir par virement"),
    Switch.BILLS: _l("Des factures à payer plus tard"),
    Switch.RECEIPTS: _l("Des photos des tickets"),
    Switch.FUNDS: _l("Des fonds : des dons gardés à part, pour un but"),
    Switch.BEER: _l("La bière : un second vendeur, avec ses comptes à lui"),
    Switch.SOLIDARITY: _l("Des prix solidaires : fixer leurs bornes ; les choisir en commandant viendra"),
}


class Ticks(SelectMultipleField):
    """Boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _regime(label: object, **rest: Any) -> RadioField:
    choices = [SelectChoice(regime.value, words) for regime, words in REGIMES.items()]
    return RadioField(label, choices=choices, **rest)


class FrontFields(Form):
    """Who one is."""

    name = TextField(_l("Nom de la cuisine"), 60, (FILL,))
    contact = TextField(_l("Pour vous joindre"), 120)


class RegimeFields(Form):
    """How the law on VAT sees the meals."""

    regime = _regime(_l("Régime de TVA"), validators=[InputRequired(_l("Choisissez."))])

    @property
    def meals_regime(self) -> Regime:
        """Give what was chosen."""
        return Regime(self.regime.data)


class UsesFields(Form):
    """What the group uses beyond the week."""

    uses = Ticks(
        _l("Ce que nous utilisons"),
        choices=[SelectChoice(switch.value, words) for switch, words in SWITCHES.items()],
    )

    @property
    def switches(self) -> list[Switch]:
        """Give what was ticked of what there is."""
        return [Switch(one) for one in self.uses.data or () if one in SWITCHES]


class PersonForm(Form):
    """One of the first members; without a pseudonym, nobody."""

    pseudonym = TextField(_l("Pseudonyme"), 60)
    roles = Ticks(
        _l("Ce que fait ce membre"), choices=[SelectChoice(value, words) for value, words in DOES.items()]
    )

    def validate_pseudonym(self, field: TextField) -> None:
        """Refuse what is no pseudonym."""
        try:
            field.data = clean_pseudonym(field.data) if field.data else ""
        except PseudonymUnfit as error:
            raise ValidationError(_("De 2 à 24 lettres, sans chiffre.")) from error

    def validate_roles(self, field: Ticks) -> None:
        """Refuse a member who does nothing."""
        if self.pseudonym.data and not field.data:
            raise ValidationError(_("Cochez au moins un rôle."))


class StartForm(FlaskForm, FrontFields, RhythmFields, RegimeFields, UsesFields):
    """All that a group says to begin; most of it is proposed."""

    meals = FormField(MealsMoney)
    beer_name = TextField(_l("Nom de la bière"), 60)
    beer_regime = _regime(_l("Régime de TVA de la bière"), default=Regime.NOT_LIABLE.value)
    beer = FormField(BeerMoney)
    people = Rows(FormField(PersonForm), min_entries=FIRST_MEMBERS, max_entries=FIRST_MEMBERS)

    @classmethod
    def fresh(cls) -> "StartForm":
        """Give the form as it is first shown."""
        form: StartForm = cls(people=[{"roles": [role]} for role in USUAL], **said(Rhythm()))
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then what only several of them say together."""
        fine = bool(super().validate(extra_validators))
        used = [switch.value for switch in self.switches]
        for money in (self.meals.form, self.beer.form):
            fine = money.refuse_unused(used) and fine
        return self._check_beer() and self._check_people() and fine

    @property
    def sells_beer(self) -> bool:
        """Say whether the beer was ticked."""
        return Switch.BEER in self.switches

    def _check_beer(self) -> bool:
        if self.sells_beer:
            return True
        typed = [field for field in self.beer.form if field.data]
        for field in typed:
            field.errors = [_("Cochez d’abord la bière, plus haut.")]
        return not typed

    def _check_people(self) -> bool:
        names = [entry.form.pseudonym.data for entry in self.people if entry.form.pseudonym.data]
        wrong = False
        for entry in self.people:
            person = entry.form
            if person.pseudonym.data and names.count(person.pseudonym.data) > 1:
                person.pseudonym.errors, wrong = [_("Deux membres, deux pseudonymes.")], True
            if person.pseudonym.data and BEER_KEEPER in person.roles.data and not self.sells_beer:
                person.roles.errors, wrong = [_("Cochez d’abord la bière, plus haut.")], True
        if wrong:
            self.people.errors = [entry.errors for entry in self.people]
        return not wrong


class HouseForm(FlaskForm, FrontFields, RhythmFields, RegimeFields):
    """What can be changed afterwards of what was said at the start, and how it is called."""

    aid_name = RadioField(
        _l("Ce que reçoivent celles et ceux qui cuisinent"),
        choices=[SelectChoice(name.value, words) for name, words in AID_NAMES.items()],
        validators=[InputRequired(_l("Choisissez."))],
    )
    beer_name = TextField(_l("Nom de la bière"), 60, (FILL,))
    beer_regime = _regime(_l("Régime de TVA de la bière"), validators=[InputRequired(_l("Choisissez."))])

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if not uses(Switch.BEER):
            del self.beer_name, self.beer_regime

    @property
    def house(self) -> House:
        """Give what was typed."""
        front = self.name.data or "", self.contact.data or ""
        return House(*front, self.rhythm, self.meals_regime, self.beer, AidName(self.aid_name.data))

    @property
    def beer(self) -> Seller | None:
        """Give what was typed of the beer, None where there is none."""
        if not self.beer_name:
            return None
        return Seller(self.beer_name.data or "", Regime(self.beer_regime.data))


class MealsOpeningForm(FlaskForm):
    """What the meals hold and owe, where that was not said at the start."""

    money = FormField(MealsMoney)


class BeerOpeningForm(FlaskForm):
    """What the beer holds and owes, where it is taken up later."""

    money = FormField(BeerMoney)


class SwitchesForm(FlaskForm, UsesFields):
    """What the group uses from today on."""


class ThresholdForm(FlaskForm):
    """Up to which turnover a seller may stay exempt from a day on."""

    holds_from = DateField(_l("À partir du"), validators=[FILL, near])
    cents = EurosField(_l("Ventes d’une année, au plus"), validators=[FILL, AT_LEAST_ONE])
