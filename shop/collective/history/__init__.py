"""What the weeks brought, one beside the other."""
