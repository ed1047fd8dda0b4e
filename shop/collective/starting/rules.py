"""What a seller holds and owes as its books open, and the float that remains of it. Pure."""

from collections.abc import Mapping

HELD = {"meals": ("570100", "550100"), "beer": ("570200", "550200")}
"""By seller, the cash box and the bank account."""

NEEDS = {"550": "bank", "440": "bills", "139": "funds"}
"""What the group must use for such an account to be asked for; any other is asked everywhere."""


def switch_of(account: str) -> str | None:
    """Name what the group must use for an account to be asked for, or None."""
    return NEEDS.get(account[:3])


def float_of(seller: str, held: Mapping[str, int]) -> int:
    """Say what remains to work with, in cents: what is held less what is owed; below 0 so much is missing."""
    return sum(cents if account in HELD[seller] else -cents for account, cents in held.items())
