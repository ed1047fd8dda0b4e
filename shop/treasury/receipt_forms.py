"""The picture of a receipt in a form: drawn anew as it comes in."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import SelectMultipleField
from wtforms.validators import ValidationError

from shop import errors
from shop.transaction import transaction
from shop.treasury import receipts
from shop.treasury.drawing import MOST_PAGES, Drawn, draw

MOST_BYTES = 8 * 1024 * 1024
"""Of a form with pictures: two or three photos as telephones take them."""

PICTURES = "image/jpeg,image/png,image/webp,application/pdf"
"""An iPhone that is asked for these sends a JPEG instead of its own HEIC."""

REFUSALS: dict[type[errors.Refusal], Any] = {
    errors.ReceiptUnreadable: _l(
        "Ce fichier ne se laisse pas lire. Envoyez une photo (JPEG, PNG, WebP) ou un PDF ; pas de HEIC."
    ),
    errors.ReceiptTooLarge: _l("Cette image est trop grande pour être lue. Prenez une photo ordinaire."),
    errors.ReceiptTooLong: _l("Un ticket a au plus 5 pages."),
    errors.CostUnknown: _l("Ceci n’existe plus. Rechargez la page."),
}
"""What each refusal of a picture says."""


class ReceiptField(MultipleFileField):
    """One picture or more; `pages` are drawn anew, and the files that came are not kept."""

    pages: Sequence[Drawn] = ()

    def pre_validate(self, form: Any) -> None:
        """Draw the pages, beside whatever else is wrong with the form."""
        files = self.data or ()
        try:
            if len(files) > MOST_PAGES:
                raise errors.ReceiptTooLong(MOST_PAGES)
            self.pages = [page for file in files for page in draw(file.read())]
        except errors.MoneyRefused as refusal:
            raise ValidationError(REFUSALS[type(refusal)]) from refusal


class ReceiptForm(FlaskForm):
    """What shows a cost: pages to keep, and pages that are there to take away; a cost's form has this too."""

    receipt = ReceiptField(_l("Photo du ticket"), render_kw={"accept": PICTURES, "data-shrink": "1600"})
    without = SelectMultipleField(_l("Retirer"), validate_choice=False)

    def keep_pictures(self, form_id: str, seller: str, today: date) -> bool:
        """Validate the form and keep its pictures whatever else is wrong with it; say whether it is right."""
        right, gone = bool(self.validate()), self.without.data or []
        if "form_id" in self.errors or not (self.receipt.pages or gone):
            return right
        try:
            with transaction():
                receipts.take_away(form_id, seller, gone)
                receipts.keep(form_id, seller, self.receipt.pages, today)
        except errors.MoneyRefused as refusal:
            self.receipt.errors = [REFUSALS[type(refusal)]]
            return False
        return right
