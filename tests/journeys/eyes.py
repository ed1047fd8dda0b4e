"""What a journey looks at on each page: who was asked, what sticks out, what axe says; and its picture."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, Request

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
# What axe would fetch again, the style sheets, serves one rule only and doubles the time.
RULES = "axe.run(document, {resultTypes: ['violations'], preload: false}).then(found => found.violations)"
PICTURES = Path("test-results")
PASSPHRASE = "une pincée de sel"


@dataclass
class Visit:
    """A page in a browser, and everything it asked for."""

    page: Page
    base: str
    tag: str
    judged: bool = True
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console", lambda said: self.complaints.append(said.text) if "Policy" in said.text else None
        )

    def _note(self, request: Request) -> None:
        if not request.url.startswith(("data:", self.base + "/")):
            self.asked.append(request.url)

    def go(self, path: str) -> Page:
        """Open a page of the shop by its path."""
        self.page.goto(path if path.startswith("http") else self.base + path)
        return self.page

    def press(self, what: str) -> None:
        """Touch a button or a link and wait for the page behind it."""
        with self.page.expect_navigation():
            self.page.locator(what).first.click()

    def sign_in(self, pseudonym: str, passphrase: str = PASSPHRASE) -> None:
        """Enter as a member."""
        self.go("/sign-in")
        self.page.fill("[name=pseudonym]", pseudonym)
        self.page.fill("[name=passphrase]", passphrase)
        self.press("main button")
        assert self.page.url == self.base + "/collective/"

    def speak(self, language: str) -> None:
        """Choose a language, as anybody does, with the button on top."""
        self.page.click("details.languages summary")
        self.press(f"details.languages [value={language}]")
        direction = "rtl" if language == "ar" else "ltr"
        assert self.page.locator(f"html[lang={language}][dir={direction}]").count() == 1

    def look(self, name: str) -> None:
        """Take a picture; refuse what sticks out sideways, what axe calls serious, and any foreign host."""
        PICTURES.mkdir(exist_ok=True)
        path = PICTURES / f"{self.tag}-{name}.jpg"
        self.page.screenshot(path=path, type="jpeg", quality=60, full_page=True)
        wide, room = self.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide <= room, f"{name} is {wide} px wide where {room} are there"
        if self.judged:
            self.page.evaluate(AXE)
            found = [one for one in self.page.evaluate(RULES) if one["impact"] in {"serious", "critical"}]
            assert found == [], json.dumps(found, indent=1)[:2000]
        assert self.asked == [], self.asked
        assert self.complaints == [], self.complaints
