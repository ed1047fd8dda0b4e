"""Which days a file is about, as the page asks for them."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField
from wtforms.validators import Optional, ValidationError


class DaysForm(FlaskForm):
    """The first and the last day, both included; without one, as far as the books go."""

    class Meta:
        """It only asks, so it needs no token."""

        csrf = False

    start = DateField(_l("Du"), [Optional()], name="from")
    end = DateField(_l("Au"), [Optional()], name="to")

    def validate_end(self, field: DateField) -> None:
        """Refuse a last day before the first."""
        if self.start.data and field.data and field.data < self.start.data:
            raise ValidationError(_("Le dernier jour est avant le premier."))
