"""The whole model: what every feature leaves in the books."""

from tests.ledger.machine.expected_sharing import Sharing


class Expected(Sharing):
    """All of it."""
