"""A browser page under watch: whatever hostile text makes it do is written down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request

LOOK = Path(__file__).with_name("look.js").read_text(encoding="utf-8")
SIGNALS = """
window.firedTimes = 0;
window.fired = () => { window.firedTimes += 1; };
window.cspReports = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.cspReports.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
"""
SHOWN = """() => {
  const fields = [...document.querySelectorAll("input, textarea")].map((field) => field.value);
  return [document.body.innerText, ...fields].join(" ");
}"""
QUIET_MS = 50
"""How long a page may still do something after it has loaded."""
MEDIUM = re.compile(r"/p/[^/]+/media/[0-9]+/file")


class Watch:
    """`visit` opens an address of ours; `faults` is everything that should not have happened, with where it did."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page, self.origin = page, origin
        self.faults: list[str] = []
        self.visits = 0
        self._at, self._allowed = "", set[str]()
        page.on("dialog", self._on_dialog)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self._fault(f"script error: {error}"))
        page.on("request", self._on_request)
        page.on("popup", lambda popup: self._fault(f"new window: {popup.url}"))

    def shows(self, text: str) -> bool:
        """Whether the page has the text for people to read, rather than leaving it out."""
        return text in self.page.evaluate(SHOWN)

    def visit(self, address: str, *, status: int = 200, also: tuple[str, ...] = ()) -> None:
        """Loads the page and looks at it. `also` are further paths of ours that it may ask for."""
        self.allow(address, *also)
        answer = self.page.goto(self.origin + address, wait_until="load")
        if answer is None or answer.status != status:
            self._fault(f"answered {answer.status if answer else 'nothing'}")
        self.visits += 1
        self.look()

    def allow(self, address: str, *also: str) -> None:
        """From now on the page is at `address`, and asks for nothing but itself, its static files and `also`."""
        self._at, self._allowed = address, {urlsplit(address).path, *also}

    def look(self) -> None:
        """Waits a moment and examines the page as it stands."""
        self.page.wait_for_timeout(QUIET_MS)
        for fault in self.page.evaluate(LOOK):
            self._fault(fault)

    def _fault(self, what: str) -> None:
        self.faults.append(f"{self._at[:120]}  {what}")

    def _on_dialog(self, dialog: Dialog) -> None:
        self._fault(f"dialog: {dialog.message[:80]}")
        dialog.dismiss()

    def _on_console(self, line: ConsoleMessage) -> None:
        if line.type in ("error", "warning") or "Content Security" in line.text:
            self._fault(f"console: {line.text[:200]}")

    def _on_request(self, request: Request) -> None:
        url = urlsplit(request.url)
        ours = f"{url.scheme}://{url.netloc}" == self.origin
        if url.scheme in ("data", "blob") and request.resource_type in ("image", "font"):
            return
        # A medium is what a page shows, whatever the rows call it: its address holds a number and no text.
        known = url.path.startswith("/static/") or url.path in self._allowed or MEDIUM.fullmatch(url.path)
        if not ours or not known:
            self._fault(f"request: {request.method} {request.url[:160]}")


@contextmanager
def watched(browser: Browser, origin: str, *, cookies: dict[str, str] | None = None) -> Iterator[Watch]:
    """A page in a context of its own, with the signals that the corpus tries to give."""
    with browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB") as context:
        context.add_cookies([{"name": name, "value": value, "url": origin} for name, value in (cookies or {}).items()])
        context.add_init_script(SIGNALS)
        page = context.new_page()
        yield Watch(page, origin)
