"""What is sent to sign in, to choose a passphrase, and to change members."""

from collections.abc import Collection, Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, RadioField, SelectChoice, SelectMultipleField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from shop import errors
from shop.fields import TextField
from shop.members.rules import PASSPHRASE_MOST
from shop.pages import Role
from shop.settings.switches import Switch, used

EMPTY = InputRequired(message=_l("Remplissez ce champ."))
TOO_LONG = Length(max=PASSPHRASE_MOST, message=_l("Au plus %(max)d caractères."))

ROLES = {
    Role.ORGANISER: _l("organisation"),
    Role.COOK: _l("cuisine"),
    Role.COURIER: _l("livraison"),
    Role.TREASURER: _l("trésorerie"),
    Role.ADMIN: _l("administration"),
}

BEER_KEEPER = "beer-treasurer"
DOES: dict[str, Any] = {role.value: words for role, words in ROLES.items()} | {
    BEER_KEEPER: _l("trésorerie de la bière")
}
"""What a member may do, as forms send it."""

NEEDS = {Role.COURIER.value: Switch.DELIVERY, BEER_KEEPER: Switch.BEER}
"""What the group must use for a role to be offered."""

EMBLEM_WORDS = {
    "basil": _l("basilic"),
    "mint": _l("menthe"),
    "thyme": _l("thym"),
    "rosemary": _l("romarin"),
    "sage": _l("sauge"),
    "bay": _l("laurier"),
    "parsley": _l("persil"),
    "coriander": _l("coriandre"),
    "dill": _l("aneth"),
    "chive": _l("ciboulette"),
    "saffron": _l("safran"),
    "pepper": _l("poivre"),
    "chilli": _l("piment"),
    "cinnamon": _l("cannelle"),
    "star-anise": _l("anis étoilé"),
    "clove": _l("girofle"),
    "nutmeg": _l("muscade"),
    "ginger": _l("gingembre"),
    "turmeric": _l("curcuma"),
    "vanilla": _l("vanille"),
    "cardamom": _l("cardamome"),
    "cumin": _l("cumin"),
    "garlic": _l("ail"),
    "lemongrass": _l("citronnelle"),
}

NOT_YOURS = _l("Ce n’est pas votre phrase de passe.")


def emblem_of(pseudonym: str, taken: Collection[str]) -> str | None:
    """Name the free emblem of the herb or spice that somebody is called after, in the reader's language."""
    called = pseudonym.strip().casefold()
    named = [key for key, words in EMBLEM_WORDS.items() if str(words).casefold() == called]
    return next((key for key in named if key not in taken), None)


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


class SignInForm(FlaskForm):
    """A pseudonym and its passphrase; `next` is the page to go on to."""

    pseudonym = TextField(_l("Pseudonyme"), 60, (EMPTY,))
    passphrase = PasswordField(_l("Phrase de passe"), validators=[EMPTY, TOO_LONG])
    next = HiddenField()


class AgainForm(FlaskForm):
    """One's passphrase once more; `next` is the page to go on to."""

    passphrase = PasswordField(_l("Phrase de passe"), validators=[EMPTY, TOO_LONG])
    next = HiddenField()


class WelcomeForm(FlaskForm):
    """The passphrase that a one-time link lets one choose."""

    passphrase = PasswordField(_l("Phrase de passe"), validators=[EMPTY, TOO_LONG])


class RolesForm(FlaskForm):
    """What a member does."""

    roles = SelectMultipleField(
        _l("Ce que fait ce membre"),
        validators=[InputRequired(message=_l("Cochez au moins un rôle."))],
        choices=[SelectChoice(value, words) for value, words in DOES.items()],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def pairs(self) -> list[tuple[str, Role]]:
        """Give what was ticked as pairs of activity and role."""
        return as_pairs(self.roles.data or (), used())


def as_pairs(ticked: Iterable[str], used: Collection[str]) -> list[tuple[str, Role]]:
    """Give ticked roles as pairs of activity and role, as far as the group uses what they are for."""
    allowed = [one for one in ticked if one not in NEEDS or NEEDS[one] in used]
    return [("beer", Role.TREASURER) if one == BEER_KEEPER else ("meals", Role(one)) for one in allowed]


class NewMemberForm(RolesForm):
    """A new member."""

    pseudonym = TextField(_l("Pseudonyme"), 60, (EMPTY,))


class EmblemForm(FlaskForm):
    """One of the drawn herbs and spices."""

    emblem = RadioField(
        _l("Emblème"), choices=[SelectChoice(key, words) for key, words in EMBLEM_WORDS.items()]
    )
