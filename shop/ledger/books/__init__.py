"""The books: entries that balance, are sealed and never change."""
