"""Settings that people change on a page, each with the day from which it holds."""
