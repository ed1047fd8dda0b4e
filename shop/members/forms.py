"""What is sent to sign in, to choose a passphrase, and to change members."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from shop import errors
from shop.fields import TextField
from shop.members.rules import EMBLEMS, PASSPHRASE_MOST
from shop.pages import Role

EMPTY = InputRequired(message=_l("Remplissez ce champ."))
TOO_LONG = Length(max=PASSPHRASE_MOST, message=_l("Au plus %(max)d caractères."))

ROLES = [
    (Role.ORGANISER.value, _l("organisation : menu, commandes, comptoir")),
    (Role.COOK.value, _l("cuisine : fiche de cuisine, partage, décisions")),
    (Role.COURIER.value, _l("livraison : la tournée du jour")),
    (Role.TREASURER.value, _l("trésorerie : la caisse et les comptes")),
    (Role.ADMIN.value, _l("administration : membres et réglages")),
]

REFUSALS = {
    errors.SignInFailed: _l("Ce pseudonyme et cette phrase de passe ne vont pas ensemble."),
    errors.LinkSpent: _l("Ce lien a déjà servi, ou il est trop vieux. Demandez-en un autre à deux membres."),
    errors.PassphraseTooShort: _l("Il faut au moins 12 caractères : trois mots suffisent."),
    errors.PassphraseTooLong: _l("Au plus 200 caractères."),
    errors.PseudonymTaken: _l("Quelqu’un porte déjà ce pseudonyme."),
    errors.PseudonymUnfit: _l("De 2 à 24 lettres, sans chiffre."),
    errors.EmblemTaken: _l("Cet emblème est déjà pris."),
    errors.MemberUnknown: _l("Ce membre n’est plus là."),
    errors.OneMemberTwice: _l("Il faut deux autres membres : un qui demande, un autre qui confirme."),
    errors.LastAdmin: _l("Il doit rester quelqu’un à l’administration."),
}
"""What each refusal says to a member."""


class SignInForm(FlaskForm):  # type: ignore[misc]
    """A pseudonym and its passphrase; `next` is the page to go on to."""

    pseudonym = TextField(_l("Pseudonyme"), 60, (EMPTY,))
    passphrase = PasswordField(_l("Phrase de passe"), validators=[EMPTY, TOO_LONG])
    next = HiddenField()


class WelcomeForm(FlaskForm):  # type: ignore[misc]
    """The passphrase that a one-time link lets one choose."""

    passphrase = PasswordField(_l("Phrase de passe"), validators=[EMPTY, TOO_LONG])


class RolesForm(FlaskForm):  # type: ignore[misc]
    """What a member does."""

    roles = SelectMultipleField(
        _l("Ce que fait ce membre"), choices=ROLES, widget=ListWidget(), option_widget=CheckboxInput()
    )


class NewMemberForm(RolesForm):
    """A new member."""

    pseudonym = TextField(_l("Pseudonyme"), 60, (EMPTY,))


class EmblemForm(FlaskForm):  # type: ignore[misc]
    """One of the drawn herbs and spices."""

    emblem = RadioField(_l("Emblème"), choices=EMBLEMS)
