"""The treasurer's pages of the books, in one place for whoever hangs them onto the shop."""

from shop.ledger.books import account_views, journal_views, label_views, lock_views
from shop.ledger.books.reading import blueprint

PAGES = (journal_views, account_views, lock_views, label_views)
"""Importing them is what puts their pages, and what pages ask, onto the blueprint."""

__all__ = ["PAGES", "blueprint"]
