"""A customer without a browser: cookies and forms, a connection for each request, as nginx makes them."""

import http.client
import re
from contextlib import closing
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.customer.ordering import form_of, marked

PATIENCE = 60  # seconds; a busy machine is no fault of the shop


@dataclass(frozen=True)
class Answer:
    """What the shop answered; status 0 where the connection broke first."""

    status: int
    text: str = ""
    location: str = ""

    @property
    def refusal(self) -> str | None:
        """Name the fact that stands against what was asked."""
        return marked(self.text, "refusal")

    @property
    def number(self) -> int:
        """Read the number of the order that was placed."""
        return int(self.location.rsplit("/", 1)[1])


BROKEN = Answer(0)


@dataclass
class Customer:
    """Who talks to the shop on this port, and keeps its cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        """Fetch a page."""
        return self._ask("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode(fields))

    def try_to_post(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form to a server that may die meanwhile."""
        try:
            return self.post(path, fields)
        except (OSError, http.client.HTTPException):
            return BROKEN

    def form(self) -> dict[str, str]:
        """Open the menu; gives the order form as it comes, with who orders."""
        fields = form_of(self.get("/").text, "/orders")
        return fields | {"name": "Nour", "phone": "0470 00 00 00"}

    def sign_in(self, pseudonym: str, passphrase: str) -> None:
        """Sign in."""
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', self.get("/sign-in").text)
        assert token
        fields = {"pseudonym": pseudonym, "passphrase": passphrase, "csrf_token": token[1]}
        assert self.post("/sign-in", fields).status == 303

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()) or "none="}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as line:
            line.request(method, path, body, headers)
            response = line.getresponse()
            answer = Answer(response.status, response.read().decode(), response.headers.get("Location", ""))
        for sent in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(sent).items()}
        return answer
