"""What is sent to change dishes and weeks."""

from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    TimeField,
)
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from shop.errors import CapBelowOrdered, CapOutOfBounds, MenuRefused, SlotOrdered, WeekExists, WrongTimes
from shop.fields import EurosField, Rows, TextField, WholeField, whole
from shop.menu.models import Dish
from shop.menu.rules import ALLERGENS, COURSES, DIETS, HIGHEST_PRICE, DishKind, Plan, Slot
from shop.pages import LANGUAGES
from shop.settings.switches import Switch, uses
from shop.weeks import instant, local

FILL = InputRequired(_l("Remplissez ce champ."))
MOST_SLOTS = 4


def near(_form: object, field: DateField) -> None:
    """Refuse a year that is a slip of the finger."""
    if field.data and not 2000 <= field.data.year < 2100:
        raise ValidationError(_("Cette année semble fausse."))


class Ticks(SelectMultipleField):
    """Boxes to tick, of keys whose words the templates have."""

    widget = ListWidget()
    option_widget = CheckboxInput()


class DishForm(FlaskForm):
    """A dish's card; the fields `name_en`, `contents_en` … stand beside the French ones."""

    kind = RadioField(_l("C’est"), choices=[kind.value for kind in COURSES], default="main")
    name_fr = TextField(_l("Nom du plat"), 60, (FILL,))
    contents_fr = TextField(_l("Ce qu’il y a dedans"), 160)
    name_en = TextField(_l("Nom en anglais"), 60)
    contents_en = TextField(_l("Dedans, en anglais"), 160)
    name_ar = TextField(_l("Nom en arabe"), 60)
    contents_ar = TextField(_l("Dedans, en arabe"), 160)
    diets = Ticks(_l("Pour qui"), choices=list(DIETS))
    allergens = Ticks(_l("Allergènes"), choices=list(ALLERGENS))
    price = EurosField(
        _l("Prix"), validators=[FILL, NumberRange(max=HIGHEST_PRICE, message=_l("Au plus 999,99 €."))]
    )

    @classmethod
    def of(cls, dish: Dish) -> "DishForm":
        """Give the form filled with a card."""
        texts = {f"name_{code}": dish.names.get(code, "") for code in LANGUAGES}
        texts |= {f"contents_{code}": dish.contents.get(code, "") for code in LANGUAGES}
        marks = {"diets": dish.diets, "allergens": dish.allergens}
        form: DishForm = cls(kind=dish.kind.value, price=dish.price, **texts, **marks)
        return form

    def texts(self, what: str) -> dict[str, str]:
        """Give the names or contents that were typed, by language."""
        return {code: self[f"{what}_{code}"].data or "" for code in LANGUAGES}

    def ticked(self, what: str) -> list[str]:
        """Give the diets or allergens that were ticked, in the order of the law."""
        keys = DIETS if what == "diets" else ALLERGENS
        return [key for key in keys if key in self[what].data]

    def refuse_kind(self) -> None:
        """Say beside the kind that it stays."""
        self.kind.errors = [_("Ce plat est déjà paru sur un menu : il reste dans sa catégorie.")]

    @property
    def dish_kind(self) -> DishKind:
        """Give the course that was chosen."""
        return DishKind(self.kind.data)


class SlotForm(Form):
    """A pick-up slot: wholly filled, or wholly empty for none."""

    id = HiddenField()
    day = DateField(_l("Jour"), validators=[Optional(), near])
    starts = TimeField(_l("de"), validators=[Optional()])
    ends = TimeField(_l("à"), validators=[Optional()])

    def validate_ends(self, field: TimeField) -> None:
        """Refuse a slot that is half filled."""
        filled = [self.day.data, self.starts.data, field.data]
        if any(part is not None for part in filled) and None in filled:
            raise ValidationError(_("Écrivez le jour et les deux heures, ou rien."))

    @property
    def slot(self) -> Slot | None:
        """Give what was typed, or None."""
        if self.day.data is None:
            return None
        day: date = self.day.data
        return Slot(instant(day, self.starts.data), instant(day, self.ends.data), whole(self.id.data or ""))


class PlanForm(FlaskForm):
    """When a week opens and closes, when and where food is fetched, for what fee brought, how many plates."""

    opens_day = DateField(_l("Ouverture"), validators=[FILL, near])
    opens_time = TimeField(_l("Heure"), validators=[FILL])
    closes_day = DateField(_l("Fin des commandes"), validators=[FILL, near])
    closes_time = TimeField(_l("Heure"), validators=[FILL])
    slots = Rows(FormField(SlotForm), max_entries=MOST_SLOTS)
    cap = WholeField(_l("Nombre de plats au plus"), validators=[FILL])
    delivers = BooleanField(_l("On livre aussi"))
    delivery_fee = EurosField(_l("Frais de livraison"))
    place = TextField(_l("Lieu du retrait"), 120)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if not uses(Switch.DELIVERY):
            del self.delivers, self.delivery_fee

    @classmethod
    def of(cls, plan: Plan) -> "PlanForm":
        """Give the form filled with a plan, and room for another slot."""
        slots = [{"id": slot.id or "", **_when(slot.starts_at, slot.ends_at)} for slot in plan.slots]
        form: PlanForm = cls(
            opens_day=local(plan.opens_at).date(),
            opens_time=local(plan.opens_at).time(),
            closes_day=local(plan.closes_at).date(),
            closes_time=local(plan.closes_at).time(),
            slots=[*slots, {}][:MOST_SLOTS],
            cap=plan.cap,
            delivers=plan.delivery_fee is not None,
            delivery_fee=plan.delivery_fee,
            place=plan.place,
        )
        return form

    def plan(self) -> Plan:
        """Give what was typed as a plan; a fee left empty is 0 cents."""
        return Plan(
            opens_at=_instant(self.opens_day, self.opens_time),
            closes_at=_instant(self.closes_day, self.closes_time),
            slots=tuple(slot for entry in self.slots if (slot := entry.form.slot)),
            cap=self.cap.data or 0,
            delivery_fee=self.fee,
            place=self.place.data or "",
        )

    @property
    def fee(self) -> int | None:
        """Give the fee in cents, None where nothing is brought."""
        if not self.delivers or not self.delivers.data:
            return None
        return self.delivery_fee.data or 0

    def refuse(self, refusal: MenuRefused) -> None:
        """Say a refusal beside the field it is about."""
        if isinstance(refusal, CapBelowOrdered):
            words = ngettext(
                "%(num)s plat est déjà commandé.", "%(num)s plats sont déjà commandés.", refusal.ordered
            )
            self.cap.errors = [words]
        elif isinstance(refusal, CapOutOfBounds):
            self.cap.errors = [
                _(
                    "La réunion a décidé : de %(least)s à %(most)s plats.",
                    least=refusal.least,
                    most=refusal.most,
                )
            ]
        elif isinstance(refusal, WrongTimes):
            self.closes_day.errors = [_("Dans l’ordre : l’ouverture, la fin des commandes, puis le retrait.")]
        elif isinstance(refusal, SlotOrdered):
            self.closes_day.errors = [
                _("Quelqu’un vient à un moment que vous enlevez : changez l’heure, gardez-le.")
            ]
        elif isinstance(refusal, WeekExists):
            self.closes_day.errors = [_("Il y a déjà une semaine à ces dates.")]


class CutoffForm(FlaskForm):
    """Another cutoff."""

    day = DateField(_l("Jour"), validators=[FILL, near])
    time = TimeField(_l("Heure"), validators=[FILL])

    @classmethod
    def of(cls, closes_at: datetime) -> "CutoffForm":
        """Give the form filled with the cutoff as it is."""
        form: CutoffForm = cls(day=local(closes_at).date(), time=local(closes_at).time())
        return form

    def refuse(self, refusal: MenuRefused) -> None:
        """Say beside the day that the cutoff lies between the opening and the first slot."""
        if isinstance(refusal, WrongTimes):
            self.day.errors = [_("Entre l’ouverture et le premier retrait.")]

    @property
    def instant(self) -> datetime:
        """Give what was typed as an instant."""
        return _instant(self.day, self.time)


def _when(starts_at: datetime, ends_at: datetime) -> dict[str, date | time]:
    start, end = local(starts_at), local(ends_at)
    return {"day": start.date(), "starts": start.time(), "ends": end.time()}


def _instant(day: DateField, at: TimeField) -> datetime:
    return instant(day.data, at.data)
