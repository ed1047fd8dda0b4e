"""What may be sent about an order: the order form's fields and nothing else."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField
from wtforms.validators import Email, InputRequired, Optional, Regexp, ValidationError

from shop.errors import NotAnAmount
from shop.fields import EurosField, TextField, clean
from shop.menu.rules import ALLERGENS
from shop.money import parse_euros
from shop.orders.handing import Mark
from shop.orders.queries import Ticket
from shop.orders.rules import Delivery, Handover, PickUp
from shop.settings.switches import Switch, uses
from shop.vault import new_token

LINE_FIELD = re.compile(r"q-[0-9]{1,9}", re.ASCII)
DIGITS = re.compile(r"[0-9]{1,3}", re.ASCII)
"""Python's int() also takes `1_000`, Arabic digits and thirty figures; a form does not."""

DELIVERY = "delivery"


class OrderForm(FlaskForm):
    """The order form without its dishes, whose fields are `q-<line id>` (see read_quantities)."""

    name = TextField(_l("Prénom ou surnom"), 40, (InputRequired(_l("Écrivez un prénom ou un surnom.")),))
    phone = TextField(
        _l("Téléphone"),
        24,
        (Optional(), Regexp(r"^\+?[0-9][0-9 ./()-]{5,}$", message=_l("Ce numéro semble incomplet."))),
    )
    email = TextField(_l("E-mail"), 120, (Optional(), Email(_l("Cette adresse semble incomplète."))))
    handover = RadioField(_l("Retrait ou livraison"), validate_choice=False)
    street = TextField(_l("Rue et numéro"), 120)
    postcode = TextField(_l("Code postal"), 40)
    bell = TextField(_l("Sonnette"), 40)
    note = TextField(_l("Un mot pour nous"), 200)
    without = SelectMultipleField(_l("Sans"), validate_choice=False)
    form_id = HiddenField()

    @property
    def status(self) -> int:
        """Give the status of a refused form: 400 for a page that is not ours or too old, else 422."""
        return 400 if self.csrf_token.errors else 422

    @property
    def delivered(self) -> bool:
        """Say whether a delivery is asked for."""
        return bool(self.handover.data == DELIVERY)

    @property
    def slot_id(self) -> int | None:
        """Give the id of the chosen pick-up slot, or None."""
        found = re.fullmatch(r"pickup-([0-9]{1,9})", self.handover.data or "", re.ASCII)
        return int(found[1]) if found else None

    @property
    def wanted_handover(self) -> Handover:
        """Give the chosen way; a slot that cannot be read is one that no week has."""
        return Delivery() if self.delivered else PickUp(self.slot_id or 0)

    def contact(self) -> dict[str, str]:
        """Give what is sealed of who orders; an address only where it is needed."""
        fields = ["name", "phone", "email", "note"] + (
            ["street", "postcode", "bell"] if self.delivered else []
        )
        texts = {name: self[name].data for name in fields if self[name].data}
        without = [key for key in ALLERGENS if key in (self.without.data or ())]
        return texts | ({"without": " ".join(without)} if without else {})

    def validate_form_id(self, field: HiddenField) -> None:
        """Refuse a form that lost its mark: a double click could not be told from two orders."""
        if not form_mark({"form_id": field.data or ""}):
            raise ValidationError(_("Rechargez la page, puis renvoyez."))


@dataclass(frozen=True)
class Quantities:
    """What was typed into the dishes' fields: `wanted` portions by line id, and what cannot be read.

    `typed` is each line's text as it was sent, to show it again.
    """

    wanted: dict[int, int]
    typed: dict[int, str]
    wrong: frozenset[int]


def read_quantities(sent: Mapping[str, str], line_ids: frozenset[int]) -> Quantities:
    """Read the fields `q-<line id>`; an empty field is 0.

    A dish that is not on this menu stays among the wanted ones: the order is refused and not cut short.
    """
    typed = {int(key[2:]): text.strip() for key, text in sent.items() if LINE_FIELD.fullmatch(key)}
    wrong = frozenset(line for line, text in typed.items() if text and not DIGITS.fullmatch(text))
    wanted = {line: int(text) for line, text in typed.items() if text and line not in wrong and int(text)}
    return Quantities(
        wanted, {line: text for line, text in typed.items() if line in line_ids}, wrong & line_ids
    )


def typed_quantities(order: Ticket) -> Quantities:
    """Give an order's portions as if they had been typed."""
    wanted = {line.line_id: line.quantity for line in order.lines}
    return Quantities(wanted, {line: str(quantity) for line, quantity in wanted.items()}, frozenset())


def fill(order: Ticket) -> dict[str, Any]:
    """Give an order's contact and hand-over as the form's fields; its mark is new."""
    handover = DELIVERY if order.delivered else f"pickup-{order.slot_id}"
    return {**order.contact, "without": order.without, "handover": handover, "form_id": new_token()}


class CashForm(FlaskForm):
    """What a customer hands out at the desk, and what becomes of the change."""

    received = EurosField(_l("Donné"))
    keep = BooleanField(_l("Garde la monnaie"))
    stays_due = BooleanField(_l("Reste à payer"))
    seen = HiddenField()

    def fits(self, owed: int) -> bool:
        """Say whether the page that was tapped showed this debt, in cents: a double click does once."""
        return self.seen.data in (None, "", str(owed))


def read_marks(sent: Mapping[str, str], numbers: Iterable[int]) -> tuple[dict[int, Mark], frozenset[int]]:
    """Read a sheet of paper: `mark-<number>` is came, later or absent, `given-<number>` an amount.

    Gives the marks, and the numbers whose amount cannot be read. Any other mark means: not yet.
    """
    marks: dict[int, Mark] = {}
    wrong: set[int] = set()
    known = {"came", "absent", *(["later"] if uses(Switch.CREDIT) else [])}
    for number in numbers:
        word = sent.get(f"mark-{number}", "")
        given = clean(sent.get(f"given-{number}", ""))
        try:
            received = parse_euros(given) if given else None
        except NotAnAmount:
            wrong.add(number)
            continue
        if word in known:
            marks[number] = Mark(word != "absent", word == "later", received)
    return marks, frozenset(wrong)


def form_mark(sent: Mapping[str, str]) -> str:
    """Give a form's random mark, or nothing where it lost it."""
    mark = sent.get("form_id", "")
    return mark if re.fullmatch(r"[A-Za-z0-9_-]{16,40}", mark, re.ASCII) else ""
