"""What every page shares: who may see it, headers, refused requests, filters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from io import BytesIO
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from flask import Flask, Request, Response, abort, current_app, g, render_template, request, session, url_for
from flask_babel import format_date, format_datetime, get_domain, get_locale
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from sqlalchemy.exc import DataError, OperationalError, SQLAlchemyError
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import BadRequest, HTTPException, MethodNotAllowed, NotFound, SecurityError
from werkzeug.http import parse_accept_header
from werkzeug.routing import RequestRedirect

from shop import money, weeks
from shop.errors import Busy

View = TypeVar("View", bound=Callable[..., object])

LANGUAGES = {"fr": "Français", "en": "English", "ar": "العربية"}
LOCALES = {"fr": "fr_BE", "en": "en_GB", "ar": "ar"}
LANGUAGE_COOKIE = "language"

ACCESS = "tablee_access"
MOST_BYTES = "tablee_most_bytes"
PUBLIC = "public"
MEMBERS = "members"


class Role(StrEnum):
    """What a member does; roles are held per activity, and one member may hold several."""

    ORGANISER = "organiser"
    COOK = "cook"
    COURIER = "courier"
    TREASURER = "treasurer"
    ADMIN = "admin"


@dataclass(frozen=True)
class Viewer:
    """The signed-in member as pages see them; `roles` are pairs of activity and role."""

    id: int
    pseudonym: str
    emblem: str
    roles: frozenset[tuple[str, Role]]

    def has(self, *wanted: Role, activity: str | None = "meals") -> bool:
        """Say whether the member holds one of these roles in this activity; with none named, any."""
        return any(activity in {None, held} and (not wanted or role in wanted) for held, role in self.roles)

    def activities(self, role: Role) -> list[str]:
        """List the activities in which the member holds a role, the meals first."""
        return sorted((held for held, holds in self.roles if holds is role), key=lambda code: code != "meals")


def public(view: View) -> View:
    """Mark a page that anybody may see."""
    setattr(view, ACCESS, PUBLIC)
    return view


def for_members(view: View) -> View:
    """Mark a page that every member may see, whatever they do and for which activity."""
    setattr(view, ACCESS, MEMBERS)
    return view


def for_roles(*wanted: Role, activity: str | None = "meals") -> Callable[[View], View]:
    """Mark a page for members with one of these roles in an activity; with none named, any role in it.

    An `activity` of None is any: the page itself shows nothing of one that the viewer does not work for.
    """

    def mark(view: View) -> View:
        setattr(view, ACCESS, (activity, wanted))
        return view

    return mark


def takes(most: int) -> Callable[[View], View]:
    """Mark a page that takes more than other forms may send: at most so many bytes."""

    def mark(view: View) -> View:
        setattr(view, MOST_BYTES, most)
        return view

    return mark


def viewer() -> Viewer | None:
    """Give the signed-in member, or None."""
    # Most visitors are nobody, which the session says at once.
    known = session and "_user_id" in session
    found: Viewer | None = getattr(current_user, "viewer", None) if known else None
    return found


def may_see(endpoint: str) -> bool:
    """Say whether whoever asks may see this endpoint; one without a mark is seen by nobody."""
    access = getattr(current_app.view_functions.get(endpoint), ACCESS, None)
    if access == PUBLIC:
        return True
    who = viewer()
    if access is None or who is None:
        return False
    if access == MEMBERS:
        return True
    activity, wanted = access
    return who.has(*wanted, activity=activity)


class InMemory(Request):
    """A request whose files never touch the disk: they may show more than their sender meant."""

    def _get_file_stream(self, *_told: object, **_named: object) -> BytesIO:
        return BytesIO()


def init_pages(app: Flask) -> None:
    """Hang guards, headers, filters and error pages onto the app, before the routes, which it shapes."""
    app.request_class = InMemory
    setattr(app.view_functions["static"], ACCESS, PUBLIC)
    # A redirect to the tidier address would tell a stranger that there is a page.
    app.url_map.strict_slashes = app.url_map.merge_slashes = False
    # Before every other check: a page one may not see is not there, whatever else is wrong with the request.
    app.before_request_funcs.setdefault(None, []).insert(0, _guard)
    app.after_request(_add_headers)
    app.register_error_handler(HTTPException, _show_error)
    app.register_error_handler(CSRFError, _show_error)
    app.register_error_handler(Busy, _show_busy)
    app.register_error_handler(OperationalError, _show_busy)
    app.register_error_handler(DataError, _show_unfit)
    app.add_template_filter(money.euros, "euros")
    app.add_template_filter(money.decimal, "decimal")
    app.add_template_filter(weeks.local, "local")
    app.add_template_filter(say_moment, "moment")
    app.add_template_filter(say_day, "day")
    app.add_template_filter(say_weekday, "weekday")
    app.add_template_filter(say_near_day, "near_day")
    app.add_template_filter(say_time, "clock")
    app.context_processor(_context)
    app.jinja_env.globals["_"] = _say


def choose_language() -> str:
    """Choose the page's language: the cookie's, else the browser's, else French; a locale name."""
    chosen = request.cookies.get(LANGUAGE_COOKIE) or ""
    return LOCALES.get(chosen) or LOCALES[_preferred(request.headers.get("Accept-Language", ""))]


@lru_cache(maxsize=256)
def _preferred(header: str) -> str:
    """Read what a browser prefers; a few headers make up nearly all visits."""
    accepted = parse_accept_header(header, LanguageAccept)
    return str(accepted.best_match(LANGUAGES, "fr"))


@pass_eval_context
def _say(context: EvalContext, sentence: str, **values: object) -> str:
    """Say a sentence in the page's language, as Jinja's own does on three detours; values are escaped."""
    said: str = _sentences(get_locale()).ugettext(sentence)
    return (Markup(said) if context.autoescape else said) % values


@lru_cache(maxsize=2 * len(LOCALES))
def _sentences(_locale: object) -> Any:
    """Find the sentences of the locale in force, once: Flask-Babel looks for each of a page's hundred."""
    return get_domain().get_translations()


def language() -> str:
    """Give the two letters of the page's language."""
    return str(get_locale()).partition("_")[0]


def say_day(moment: datetime) -> str:
    """Say an instant's local day as people do: `mardi 24 novembre`."""
    text: str = format_date(weeks.local(moment), "EEEE d MMMM")
    return text


def say_weekday(moment: datetime) -> str:
    """Say an instant's local weekday: `jeudi`."""
    text: str = format_date(weeks.local(moment), "EEEE")
    return text


def say_time(moment: datetime) -> str:
    """Say an instant's local time as people do: `18 h`, `18 h 30` in French, else `18:30`."""
    here = weeks.local(moment)
    if language() == "fr":
        return f"{here.hour}\u00a0h" + (f"\u00a0{here.minute:02}" if here.minute else "")
    text: str = format_datetime(here, "HH:mm", rebase=False)
    return text


def say_near_day(moment: datetime, today: date) -> str:
    """Say a local day seen from `today`: `mardi` within the coming week, else with its date."""
    near = 0 <= (weeks.local_day(moment) - today).days < 7
    return say_weekday(moment) if near else say_day(moment)


def say_moment(moment: datetime) -> str:
    """Say an instant: `mardi 24 novembre, 18 h`."""
    comma = "،" if language() == "ar" else ","
    return f"{say_day(moment)}{comma} {say_time(moment)}"


def internal(path: str, otherwise: str = "/") -> str:
    """Give a path again where it names a page of the shop that can be fetched, else `otherwise`."""
    adapter = current_app.create_url_adapter(request)
    if adapter is None or not path.startswith("/"):
        return otherwise
    page, _, asked = path.partition("?")
    try:
        endpoint, values = adapter.match(page, method="GET")
    except (HTTPException, RequestRedirect):
        return otherwise
    # Beside the address and not in it: `url_for` obeys names such as `_scheme`.
    query = urlencode(parse_qsl(asked))
    return url_for(endpoint, **values) + (f"?{query}" if query else "")


def _guard() -> None:
    endpoints = [request.endpoint] if request.endpoint else _with_another_method()
    if endpoints and not any(may_see(endpoint) for endpoint in endpoints):
        abort(404)
    # Werkzeug stumbles over bytes that a browser would have written as %ff.
    if not request.query_string.isascii():
        abort(400)
    # Before anything reads the form.
    view = current_app.view_functions.get(request.endpoint or "")
    request.max_content_length = getattr(view, MOST_BYTES, None)
    # Of itself it counts the fields of multipart forms only.
    if sum(map(len, request.form.listvalues())) > current_app.config["MAX_FORM_PARTS"]:
        abort(413)


def _with_another_method() -> list[str]:
    """Name what a request of the wrong method would have reached: 405 too would tell that there is a page."""
    refused = request.routing_exception
    if not isinstance(refused, MethodNotAllowed):
        return []
    adapter = current_app.create_url_adapter(request)
    return [adapter.match(method=method)[0] for method in refused.valid_methods or ()] if adapter else []


def _context() -> dict[str, object]:
    code = language()
    return {
        "viewer": _viewer_if_known(),
        "may_see": may_see,
        "language": code,
        "languages": LANGUAGES,
        "direction": "rtl" if code == "ar" else "ltr",
    }


def _viewer_if_known() -> Viewer | None:
    """Give the signed-in member to a page, and nobody where the database is what failed."""
    try:
        return viewer()
    except SQLAlchemyError:
        return None


CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def _add_headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    if not current_app.config["ON_LOOPBACK"]:
        response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return response


def _show_error(error: HTTPException) -> tuple[str, int, list[tuple[str, str]]]:
    """Show a refused request in plain words; keep the few headers that the status needs."""
    status = error.code or 500
    if isinstance(error, SecurityError):
        # Another host's name: no address of ours can be built, and no person is there to read.
        return "", status, []
    keep = [(name, value) for name, value in error.get_headers() if name in {"Allow", "Retry-After"}]
    if isinstance(error, NotFound):
        g.pop("csrf_token", None)
    return render_template("errors/error.html", status=status), status, keep


def _show_busy(error: Exception) -> tuple[str, int, dict[str, str]]:
    """Say that the shop is busy: the database is locked, full or away, and nothing was written."""
    current_app.logger.warning("busy %s", type(error).__name__)
    return render_template("errors/error.html", status=503), 503, {"Retry-After": "5"}


def _show_unfit(error: Exception) -> tuple[str, int, list[tuple[str, str]]]:
    """Refuse what no column can hold, such as a number of more than 31 bits; nothing was written."""
    current_app.logger.warning("unfit %s", type(error).__name__)
    return _show_error(BadRequest())
