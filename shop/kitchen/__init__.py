"""What the kitchen works from."""
