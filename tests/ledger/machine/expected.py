"""The whole model: what every feature leaves in the books."""

from tests.ledger.machine.expected_years import Years


class Expected(Years):
    """All of it."""
