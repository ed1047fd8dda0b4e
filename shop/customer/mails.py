"""The letters that customers get; one function a letter, each kept until it is delivered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from shop.members.queries import front
from shop.menu.queries import week_by_id
from shop.orders.queries import Ticket
from shop.outbox import write_letter
from shop.pages import LOCALES
from shop.vault import Sealed


@dataclass(frozen=True)
class _Letter:
    """A letter about an order: the outbox's key, the templates' name, the subject in its language."""

    key: str
    name: str
    subject: Callable[[], str]


def confirmation(ticket: Ticket, token: str, now: datetime) -> None:
    """Confirm that an order was placed, with the private link to it."""
    number = ticket.number
    letter = _Letter(
        f"order:{number}:placed", "placed", lambda: _("Commande %(number)s : c’est noté", number=number)
    )
    _write(letter, ticket, token, now)


def changed(ticket: Ticket, token: str, now: datetime) -> None:
    """Confirm that an order was changed or cancelled."""
    number = ticket.number
    key = f"order:{number}:changed:{ticket.revision}"
    _write(
        _Letter(key, "changed", lambda: _("Commande %(number)s changée", number=number)), ticket, token, now
    )


def _write(letter: _Letter, ticket: Ticket, token: str, now: datetime) -> None:
    """Put the letter into the outbox, in the order's language and sealed with its week's key.

    Nothing is written for an order that left no e-mail.
    """
    to = ticket.contact.get("email")
    if not to:
        return
    link = f"{current_app.config['SETTINGS'].base_url}/o/{token}"
    with force_locale(LOCALES[ticket.language]):
        week = week_by_id(ticket.week_id)
        words = {"ticket": ticket, "link": link, "week": week, "shop_name": front().name}
        text, html = (
            render_template(f"customer/mail/{letter.name}.{kind}", **words) for kind in ("txt", "html")
        )
        value = {"to": to, "subject": letter.subject(), "text": text, "html": html}
    write_letter(letter.key, Sealed(f"week-{ticket.week_id}", value), now)
