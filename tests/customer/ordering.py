"""A customer's browser, for tests: it reads forms and sends them back."""

import re
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

FIELD = re.compile(r'<input type="hidden" name="(csrf_token|form_id)" value="([^"]*)">')


def form_of(page: str, action: str) -> dict[str, str]:
    """Give what the form with this action holds before anybody types."""
    form = page.partition(f'action="{action}"')[2].partition("</form>")[0]
    assert form, f"no form for {action}"
    fields = {name: unescape(value) for name, value in FIELD.findall(form)}
    chosen = re.search(r'name="handover" value="([^"]+)"[^>]* checked', form)
    return fields | ({"handover": chosen[1]} if chosen else {})


def send_order(client: FlaskClient, **typed: object) -> TestResponse:
    """Open the menu, type, send; fields `q_1` stand for `q-1`."""
    fields = form_of(client.get("/").text, "/orders")
    return client.post("/orders", data=fields | dashed(typed))


def place_order(client: FlaskClient, **typed: object) -> int:
    """Place an order that must succeed; gives its number."""
    dishes = {} if any(name.startswith("q_") for name in typed) else {"q_1": 1}
    answer = send_order(client, **({"name": "Amélie", "phone": "0499 12 34 56"} | dishes | typed))
    assert answer.status_code == 303, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def dashed(typed: dict[str, object]) -> dict[str, str | list[str]]:
    """Turn `q_1` into `q-1`; a list is a field that is sent several times."""
    return {
        re.sub(r"^q_", "q-", name): value if isinstance(value, list) else str(value)
        for name, value in typed.items()
    }


def marked(page: str, mark: str) -> str | None:
    """Give the value of a machine-readable mark on a page."""
    found = re.search(rf'data-{mark}="([^"]*)"', page)
    return unescape(found[1]) if found else None
