"""The cookie that opens a customer's own order."""

import hmac
from datetime import timedelta

from flask import current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from shop.orders.placing import Placed
from shop.orders.queries import Ticket
from shop.vault import token_hash

LIFE = timedelta(days=60)


def remember(placed: Placed) -> Response:
    """Lead to an order's private page and let this browser open it for 60 days."""
    response = redirect(url_for("own_order.show", number=placed.number), 303)
    response.set_cookie(
        _name(placed.number),
        placed.token,
        max_age=LIFE,
        path="/o/",
        httponly=True,
        secure=not current_app.config["ON_LOOPBACK"],
        samesite="Lax",
    )
    return response


def forget(response: Response, number: int) -> Response:
    """Take the cookie back."""
    response.delete_cookie(_name(number), path="/o/")
    return response


def remembered(number: int) -> str | None:
    """Give the token that this browser holds for an order, right or wrong."""
    return request.cookies.get(_name(number)) or None


def opens(order: Ticket, token: str) -> bool:
    """Say whether a token is the order's own."""
    return hmac.compare_digest(order.token_hash, token_hash(token))


def _name(number: int) -> str:
    return f"order-{number}"
