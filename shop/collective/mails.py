"""The letter that says a week is called off."""

from datetime import datetime

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from shop.members.queries import front
from shop.menu.rules import WeekFacts
from shop.orders.placing import standing_link
from shop.orders.queries import Ticket
from shop.outbox import write_letter
from shop.pages import LOCALES
from shop.vault import Sealed


def called_off(ticket: Ticket, week: WeekFacts, now: datetime) -> None:
    """Tell a customer, in the order's language, that nobody cooks and nothing is owed."""
    number = ticket.number
    token = standing_link(number)
    link = f"{current_app.config['SETTINGS'].base_url}/o/{token}" if token else ""
    with force_locale(LOCALES[ticket.language]):
        words = {"ticket": ticket, "week": week, "shop_name": front().name, "link": link}
        value = {
            "to": ticket.contact["email"],
            "subject": _("Commande %(number)s annulée", number=number),
            "text": render_template("collective/mail/called_off.txt", **words),
            "html": render_template("collective/mail/called_off.html", **words),
        }
    write_letter(f"order:{number}:called-off", Sealed(f"week-{week.id}", value), now)
