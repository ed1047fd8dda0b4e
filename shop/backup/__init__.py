"""A consistent copy of the shop while it runs, and the way back, even to the other kind of database."""
