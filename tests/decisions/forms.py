"""The forms of pages, sent with nothing typed; of radio buttons, the first or the one that is on."""

from collections.abc import Iterable
from html.parser import HTMLParser

from flask.testing import FlaskClient

Form = tuple[str, dict[str, str]]
"""Where it goes, and its fields."""


class _Reader(HTMLParser):
    """Gathers what the POST forms of a page would send."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.inside = False
        self.named = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = told.get("method", "").lower() == "post"
            if self.inside:
                self.forms.append((told.get("action", ""), {}))
        elif self.inside:
            self._field(tag, told)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False

    def _field(self, tag: str, told: dict[str, str]) -> None:
        name, value, fields = told.get("name", ""), told.get("value", ""), self.forms[-1][1]
        if tag == "select":
            self.named = name
        elif tag == "option" and (self.named not in fields or "selected" in told):
            fields[self.named] = value
        elif tag in {"input", "textarea", "button"} and name:
            if "checked" in told:
                fields[name] = value
            elif told.get("type") != "checkbox":
                fields.setdefault(name, value)


def forms_of(client: FlaskClient, pages: Iterable[str]) -> list[Form]:
    """List the POST forms that somebody sees on these pages, each once, without its token."""
    found: dict[str, dict[str, str]] = {}
    for page in pages:
        reader = _Reader()
        reader.feed(client.get(page, follow_redirects=True).text)
        for action, fields in reader.forms:
            fields.pop("csrf_token", None)
            found.setdefault(action.partition("#")[0] or page, fields)
    return sorted(found.items())
