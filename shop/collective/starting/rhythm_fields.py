"""The fields that say how a group's weeks run."""

from datetime import date, timedelta

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectChoice, SelectField, TimeField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from shop.fields import TextField, WholeField
from shop.menu.forms import MOST_SLOTS
from shop.menu.rhythm import Rhythm, Turn

FILL = InputRequired(_l("Remplissez ce champ."))
AT_LEAST_ONE = NumberRange(min=1, message=_l("Écrivez plus que 0."))

CUTS = ((0, _l("tous ensemble")), (60, _l("par heure")), (30, _l("par demi-heure")))
"""How long a slot may be, in minutes, and how that is said."""

A_MONDAY = date(2026, 11, 23)


def weekdays() -> list[SelectChoice]:
    """Give the days of the week in the reader's language, Monday being 0."""
    return [SelectChoice(day, format_date(A_MONDAY + timedelta(days=day), "EEEE")) for day in range(7)]


class RhythmFields(Form):
    """When orders open and close, when and where food is fetched, how many plates."""

    place = TextField(_l("Lieu du retrait"), 120)
    cap = WholeField(_l("Plats au plus par semaine"), validators=[FILL, AT_LEAST_ONE])
    opens_day = SelectField(_l("Les commandes ouvrent le"), coerce=int, choices=weekdays)
    opens_time = TimeField(_l("Heure"), validators=[FILL])
    closes_day = SelectField(_l("Elles ferment le"), coerce=int, choices=weekdays)
    closes_time = TimeField(_l("Heure"), validators=[FILL])
    fetched_day = SelectField(_l("On retire les plats le"), coerce=int, choices=weekdays)
    fetched_time = TimeField(_l("de"), validators=[FILL])
    until = TimeField(_l("à"), validators=[FILL])
    slot_minutes = SelectField(
        _l("Moments de retrait"),
        coerce=int,
        choices=[SelectChoice(*one) for one in CUTS],
    )

    def validate_until(self, field: TimeField) -> None:
        """Refuse a pick-up that ends before it starts, or has more slots than a week's plan."""
        read = self.fetched_time.data is not None and field.data is not None
        if not read or self.slot_minutes.data not in dict(CUTS):
            return
        if field.data <= self.fetched_time.data:
            raise ValidationError(_("Le retrait finit après avoir commencé."))
        if len(self.rhythm.slots) > MOST_SLOTS:
            raise ValidationError(_("Quatre moments au plus : choisissez-les plus longs."))

    @property
    def rhythm(self) -> Rhythm:
        """Give what was typed; only where every field was read."""
        return Rhythm(
            opens=Turn(self.opens_day.data, self.opens_time.data),
            closes=Turn(self.closes_day.data, self.closes_time.data),
            fetched=Turn(self.fetched_day.data, self.fetched_time.data),
            until=self.until.data,
            slot_minutes=self.slot_minutes.data,
            cap=self.cap.data or 0,
            place=self.place.data or "",
        )


def said(rhythm: Rhythm) -> dict[str, object]:
    """Give what the fields show of a rhythm."""
    turns = {"opens": rhythm.opens, "closes": rhythm.closes, "fetched": rhythm.fetched}
    return {
        **{f"{name}_day": turn.day for name, turn in turns.items()},
        **{f"{name}_time": turn.at for name, turn in turns.items()},
        "until": rhythm.until,
        "slot_minutes": rhythm.slot_minutes,
        "cap": rhythm.cap,
        "place": rhythm.place,
    }
