"""Members: pseudonyms, roles, sign-in."""
