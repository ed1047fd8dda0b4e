"""When a browser was here last: in its own cookie and nowhere else, or it would be a work log. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

COOKIE = "visits"
SAME_VISIT = timedelta(minutes=20)
"""Pages opened within this time of each other are one visit."""


@dataclass(frozen=True)
class Visits:
    """The visit before this one, None at first, and the latest page of this one."""

    before: datetime | None
    latest: datetime

    @property
    def cookie(self) -> str:
        """Write both as whole seconds."""
        before = int(self.before.timestamp()) if self.before else 0
        return f"{before}-{int(self.latest.timestamp())}"


def visit(cookie: str, now: datetime) -> Visits:
    """Read the cookie and go on with the same visit, or begin a new one; a spoilt cookie counts as none."""
    found = re.fullmatch(r"([0-9]{1,10})-([0-9]{1,10})", cookie, re.ASCII)
    if not found:
        return Visits(None, now)
    before, latest = (datetime.fromtimestamp(int(text), UTC) for text in found.groups())
    if now - latest > SAME_VISIT:
        return Visits(latest, now)
    return Visits(before if before.timestamp() else None, now)
