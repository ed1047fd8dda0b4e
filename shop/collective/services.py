"""Verbs that reach into several features at once."""

from datetime import datetime

from shop.collective.mails import called_off
from shop.menu import services as menu
from shop.menu.rules import WeekFacts
from shop.orders.placing import cancel_week_orders
from shop.orders.queries import desk


def call_off(week: WeekFacts, now: datetime) -> list[int]:
    """Call a week off with its open orders, and write to whoever left an e-mail.

    Gives the numbers of the orders whose customers must be told by a member. Raises WeekUnknown, WeekOver.
    """
    waiting = desk(week.id).waiting
    menu.cancel_week(week.id)
    cancel_week_orders(week.id, now)
    for ticket in waiting:
        if ticket.contact.get("email"):
            called_off(ticket, week, now)
    return [ticket.number for ticket in waiting if not ticket.contact.get("email")]
