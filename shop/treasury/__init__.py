"""What is bought, counted and repaid."""
