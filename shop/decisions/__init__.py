"""Values that only a decision changes, as versions."""
