"""What leaves the shop asks for the passphrase again: a telephone lying open gives nobody the books."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from shop import clock
from shop.members import sessions

Given = ParamSpec("Given")
View = Callable[Given, ResponseReturnValue]


def fresh_sign_in(back: str) -> Callable[[View[Given]], View[Given]]:
    """Let a file be fetched within ten minutes of a passphrase; later it is asked again.

    `back` is the endpoint of the page with the files: who proved their passphrase is led there, with what
    they had chosen, because a file would leave them on the page that asked. Flask-Login's own freshness has
    no end: it only tells a sign-in from a cookie that remembers one.
    """

    def guard(view: View[Given]) -> View[Given]:
        @wraps(view)
        def page(*given: Given.args, **named: Given.kwargs) -> ResponseReturnValue:
            if sessions.is_fresh(clock.now()):
                return view(*given, **named)
            chosen = request.query_string.decode()
            there = url_for(back) + (f"?{chosen}" if chosen else "")
            return redirect(url_for("doors.ask_again", next=there), 303)

        return page

    return guard
