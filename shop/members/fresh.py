"""What leaves the shop asks for the passphrase again: a telephone lying open gives nobody the books."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from shop import clock
from shop.members import sessions

Given = ParamSpec("Given")


def fresh_sign_in(view: Callable[Given, ResponseReturnValue]) -> Callable[Given, ResponseReturnValue]:
    """Let a page be fetched within ten minutes of a passphrase; later it is asked again, then goes on there.

    Flask-Login's own freshness has no end: it only tells a sign-in from a cookie that remembers one.
    """

    @wraps(view)
    def page(*given: Given.args, **named: Given.kwargs) -> ResponseReturnValue:
        if not sessions.is_fresh(clock.now()):
            return redirect(url_for("doors.ask_again", next=request.full_path.rstrip("?")), 303)
        return view(*given, **named)

    return page
