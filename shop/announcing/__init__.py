"""Words about a week, to paste and to print."""
