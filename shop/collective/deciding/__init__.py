"""What the meeting decided: written by one member, confirmed by another, contested by any."""
