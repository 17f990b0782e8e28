"""What the review journeys share: somebody signed in at the desk, and what the database says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from generation.models import Person
from review.models import Decision


class Desk:
    """A person's browser on the review page of the project "poems"."""

    def __init__(self, browser: Browser, address: str, person: Person, **options: Any) -> None:
        self.address = address
        self.context: BrowserContext = browser.new_context(viewport={"width": 1440, "height": 900}, **options)
        client = Client()
        client.force_login(person)
        self.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda line: "Content Security" in line.text and self.complaints.append(line.text))
        self.open()

    def open(self, path: str = "review") -> None:
        """Goes to a page of the project."""
        self.page.goto(f"{self.address}/p/poems/{path}")

    @property
    def card(self) -> int:
        """The id of the row on the desk; waits for one."""
        shown = self.page.locator("[data-card]:not([hidden])")
        expect(shown).to_have_count(1)
        return int(shown.get_attribute("data-card") or 0)

    def press(self, *keys: str) -> None:
        """Strikes keys one after the other, each on a card that is there."""
        for key in keys:
            expect(self.page.locator("[data-card]:not([hidden])")).to_have_count(1)
            self.page.keyboard.press(key)

    def saved(self) -> None:
        """Waits until the outbox is empty."""
        expect(self.page.locator("[data-saved]")).to_have_text("All saved", timeout=30_000)

    def until(self, fact: Callable[[], bool], *, patience: float = 10.0) -> None:
        """Waits for something that the page does not show."""
        for _ in range(int(patience * 20)):
            if fact():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("it did not come true")

    def close(self) -> None:
        """Ends it; a script error or a breach of the content security policy on the way is a failure."""
        self.context.close()
        assert self.complaints == []


def said(person: Person) -> list[tuple[str, str]]:
    """What this person decided so far, in order: action and reason."""
    return list(Decision.objects.filter(person=person).order_by("id").values_list("action", "reason"))
