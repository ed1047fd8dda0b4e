"""Sharing: what is left, divided by need."""
