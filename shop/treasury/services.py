"""The verbs of the treasury, in one place for whoever calls them."""

from shop.treasury.buying import (
    pay_bill,
    record_cost,
    repay,
    repay_member,
    repeat_regular_costs,
    undo_cost,
    undo_repayment,
)
from shop.treasury.counting import check_bank, count_cash, hand_box_over, undo_count
from shop.treasury.moving import move, undo_movement
from shop.treasury.opening import open_books, open_seller

__all__ = [
    "check_bank",
    "count_cash",
    "hand_box_over",
    "move",
    "open_books",
    "open_seller",
    "pay_bill",
    "record_cost",
    "repay",
    "repay_member",
    "repeat_regular_costs",
    "undo_cost",
    "undo_count",
    "undo_movement",
    "undo_repayment",
]
