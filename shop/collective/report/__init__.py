"""A quarter on one page, for the collective and for whoever supports it."""
