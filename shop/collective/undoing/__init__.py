"""Undoing an entry through the feature that made it, with a reason and a preview of what follows."""
