"""The ledger: books, sharing, exports."""
