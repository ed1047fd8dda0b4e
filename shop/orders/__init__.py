"""Orders: placing, amending, handing over, closing a week."""
