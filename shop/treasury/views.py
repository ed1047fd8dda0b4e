"""The pages of the treasury, in one place for whoever hangs them onto the shop."""

from shop.treasury import cost_views, count_views, movement_views
from shop.treasury.cost_views import cost_form
from shop.treasury.count_views import typed_pieces
from shop.treasury.keeping import KEEPERS, acting_role, blueprint

PAGES = (cost_views, count_views, movement_views)
"""Importing them is what puts their pages onto the blueprint."""

__all__ = ["KEEPERS", "PAGES", "acting_role", "blueprint", "cost_form", "typed_pieces"]
