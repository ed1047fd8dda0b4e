"""The whole ledger against a second one: acts in any order, told twice and compared after each."""
