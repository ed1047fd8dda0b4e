"""The sign-in that a browser carries: what Flask-Login keeps in the cookie, and who it stands for."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import session
from flask_login import login_user, logout_user

from shop import clock
from shop.extensions import login
from shop.members import queries, rules
from shop.pages import Role, Viewer
from shop.vault import token_hash

SEEN = "seen"
PROVED = "proved"

# Its protection compares the visitor's address and browser, which we neither keep nor hash.
login.session_protection = None


@dataclass(frozen=True)
class SignedIn:
    """A signed-in member in the shape that Flask-Login asks for."""

    token: str
    viewer: Viewer
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Give what the cookie keeps: the sign-in's secret and no member's number."""
        return self.token


@login.user_loader  # type: ignore[untyped-decorator]
def load(token: str) -> SignedIn | None:
    """Find whose sign-in this is; None where it was ended or is too old."""
    now = clock.now()
    found = queries.signed_in(token_hash(token))
    if found is None:
        return None
    started_at, viewer = found
    treasurer = any(role is Role.TREASURER for _, role in viewer.roles)
    if not rules.sign_in_holds(started_at, _seen_at(started_at), now, treasurer):
        return None
    if treasurer:
        session[SEEN] = int(now.timestamp())
    return SignedIn(token, viewer)


def begin(token: str, now: datetime) -> None:
    """Put a fresh sign-in into the browser; nothing of the session before stays."""
    session.clear()
    user = load(token)
    if user is None:
        return
    login_user(user)
    # Flask-Login puts the fingerprint there all the same.
    session.pop("_id", None)
    session[SEEN] = int(now.timestamp())
    prove(now)


def prove(now: datetime) -> None:
    """Remember in the browser that its passphrase was just proved."""
    session[PROVED] = int(now.timestamp())


def is_fresh(now: datetime) -> bool:
    """Say whether the passphrase was proved in this browser a short while ago."""
    proved = session.get(PROVED)
    return isinstance(proved, int) and rules.proof_holds(datetime.fromtimestamp(proved, UTC), now)


def end() -> str | None:
    """Take the sign-in out of the browser; give its token."""
    token: str | None = session.get("_user_id")
    logout_user()
    session.clear()
    return token


def _seen_at(started_at: datetime) -> datetime:
    seen = session.get(SEEN)
    return datetime.fromtimestamp(seen, UTC) if isinstance(seen, int) else started_at
