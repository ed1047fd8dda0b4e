"""Fields that clean what is typed before anything looks at it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import Field, FieldList, StringField
from wtforms.validators import Length, ValidationError
from wtforms.widgets import TextInput

from shop import money
from shop.errors import NotAnAmount

INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Marks that turn or hide what is read. Phones paste them around numbers: they are dropped, not refused."""


def clean(text: str) -> str:
    """Give text in NFC, on one line, without control, invisible or direction-turning characters."""
    text = unicodedata.normalize("NFC", INVISIBLE.sub("", text))
    text = "".join(" " if unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} else sign for sign in text)
    return " ".join(text.split())


def whole(text: str) -> int | None:
    """Read at most nine plain digits, or give None; Python's int() also takes `1_000` and Arabic digits."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) else None


class TextField(StringField):
    """A line of text, cleaned; `most` bounds its length in characters."""

    def __init__(self, label: object, most: int, validators: tuple[object, ...] = (), **rest: Any) -> None:
        bound = Length(max=most, message=lazy_gettext("Au plus %(max)d caractères."))
        rest["render_kw"] = {"maxlength": most, **(rest.get("render_kw") or {})}
        super().__init__(label, validators=[*validators, bound], **rest)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was sent, cleaned."""
        if valuelist:
            self.data = clean(valuelist[0])
            self.raw_data = [self.data]  # InputRequired looks here, and a space is nothing typed.


class EurosField(Field):
    """An amount typed with comma or point; `data` is cents or None, and what was typed is shown again."""

    widget = TextInput()
    raw_data: list[str] | None

    def __init__(self, label: object, **rest: Any) -> None:
        super().__init__(label, render_kw={"inputmode": "decimal", "autocomplete": "off"}, **rest)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return money.decimal(self.data) if self.data is not None else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed as cents."""
        self.data = None
        if not valuelist or not clean(valuelist[0]):
            self.raw_data = []
            return
        try:
            self.data = money.parse_euros(clean(valuelist[0]))
        except NotAnAmount as error:
            raise ValidationError(_("Écrivez un montant comme 12,50.")) from error


class WholeField(Field):
    """A whole number of at most three digits; `data` is it or None, and what was typed is shown again."""

    widget = TextInput()
    raw_data: list[str] | None

    def __init__(self, label: object, **rest: Any) -> None:
        super().__init__(label, render_kw={"inputmode": "numeric", "autocomplete": "off"}, **rest)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return str(self.data) if self.data is not None else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; Python's own int() takes `1_000` and Arabic digits too."""
        self.data = None
        text = clean(valuelist[0]) if valuelist else ""
        if not text:
            self.raw_data = []
            return
        if not re.fullmatch(r"[0-9]{1,3}", text, re.ASCII):
            raise ValidationError(_("Écrivez un nombre entier."))
        self.data = int(text)


class Rows(FieldList):
    """Forms one below the other, numbered by at most three plain digits; any other number is no row."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        """Find the rows that were sent; Python's own int() fails on `²` and on five thousand figures."""
        own = re.compile(re.escape(prefix) + "-[0-9]{1,3}-")
        yield from super()._extract_indices(prefix, filter(own.match, formdata))
