"""What treasurers take away."""
