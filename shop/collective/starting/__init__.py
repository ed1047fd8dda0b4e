"""A shop's first page, and the settings that it leaves to be changed."""
