"""The one place that asks what time it is; views ask here and hand `now` down."""

from datetime import UTC, datetime


def now() -> datetime:
    """Tell the instant, in UTC."""
    return datetime.now(UTC)
