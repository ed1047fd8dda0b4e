"""How often an address may fail to sign in; ordering is never limited so, for a whole house may share one."""

import hashlib
import secrets

from flask import Response, request
from flask_limiter import Limiter

from shop import clock

FAILURES = "40 per 10 minutes"
"""Seven members who share an address and mistype five times each are not locked out."""

_salts: dict[int, bytes] = {}


def address_of_the_hour() -> str:
    """Give a name for the visitor's address that nobody can turn back, and that is another one every hour."""
    hour = int(clock.now().timestamp()) // 3600
    if hour not in _salts:
        _salts.clear()
        _salts[hour] = secrets.token_bytes(16)
    return hashlib.sha256(_salts[hour] + (request.remote_addr or "").encode()).hexdigest()


def failed(response: Response) -> bool:
    """Say whether a sign-in was refused: only those count."""
    return response.status_code == 422


# In the memory of each serving process: nothing to keep, nothing to seize.
limiter = Limiter(address_of_the_hour, storage_uri="memory://")
