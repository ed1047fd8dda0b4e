"""The demonstration: a kitchen that never was, living its weeks through the real services."""
