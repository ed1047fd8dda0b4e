"""Weeks, dishes and menus."""
