"""The verbs of orders, in one place for whoever calls them."""

from shop.orders.closing import close_week
from shop.orders.handing import (
    Mark,
    enter_sheet,
    hand_over,
    mark_no_show,
    pack,
    receive_payment,
    sell_at_desk,
    settle_rest,
    team_meal,
    undo_hand_over,
    undo_no_show,
    undo_payment,
    unpack,
)
from shop.orders.placing import (
    Placed,
    amend_order,
    cancel_order,
    cancel_week_orders,
    erase_contact,
    new_link,
    place_order,
)

__all__ = [
    "Mark",
    "Placed",
    "amend_order",
    "cancel_order",
    "cancel_week_orders",
    "close_week",
    "enter_sheet",
    "erase_contact",
    "hand_over",
    "mark_no_show",
    "new_link",
    "pack",
    "place_order",
    "receive_payment",
    "sell_at_desk",
    "settle_rest",
    "team_meal",
    "undo_hand_over",
    "undo_no_show",
    "undo_payment",
    "unpack",
]
