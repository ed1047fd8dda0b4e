"""The fields of a menu's lines: a price and a quota for each."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from shop.errors import LineOrdered, NotAnAmount, QuotaBelowOrdered, Refusal
from shop.fields import clean
from shop.menu.rules import HIGHEST_PRICE, Line
from shop.money import decimal, parse_euros


@dataclass
class LineEntry:
    """A menu line as it was typed: `price` in cents and `quota` in portions once read, else None."""

    price_text: str
    quota_text: str
    price: int | None = None
    quota: int | None = None
    error: str = ""


class LinesForm:
    """The fields `price-<line id>` and `quota-<line id>` of a menu; an empty quota is none."""

    def __init__(self, lines: Iterable[Line], sent: Mapping[str, str] | None = None) -> None:
        self.entries = {line.id: _shown(line) if sent is None else _read(line, sent) for line in lines}

    @property
    def valid(self) -> bool:
        """Say whether every field was understood."""
        return not any(entry.error for entry in self.entries.values())

    def refuse(self, refusal: Refusal) -> None:
        """Say a refusal beside the line it is about."""
        if isinstance(refusal, LineOrdered):
            self.entries[refusal.line_id].error = _("Quelqu’un l’a commandé : le prix reste.")
        elif isinstance(refusal, QuotaBelowOrdered):
            self.entries[refusal.line_id].error = ngettext(
                "%(num)s déjà commandé.", "%(num)s déjà commandés.", refusal.ordered
            )


def _shown(line: Line) -> LineEntry:
    return LineEntry(decimal(line.price), "" if line.quota is None else str(line.quota))


def _read(line: Line, sent: Mapping[str, str]) -> LineEntry:
    entry = LineEntry(
        clean(sent.get(f"price-{line.id}", ""))[:20], clean(sent.get(f"quota-{line.id}", ""))[:20]
    )
    try:
        entry.price = parse_euros(entry.price_text)
    except NotAnAmount:
        entry.error = _("Écrivez un montant comme 12,50.")
    if (entry.price or 0) > HIGHEST_PRICE:
        entry.price, entry.error = None, _("Au plus 999,99 €.")
    if entry.quota_text:
        if re.fullmatch(r"[0-9]{1,3}", entry.quota_text, re.ASCII):
            entry.quota = int(entry.quota_text)
        else:
            entry.error = _("Écrivez un nombre entier.")
    return entry
