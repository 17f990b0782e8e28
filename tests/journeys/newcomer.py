"""A person who has never seen FDC: from the first link to a file on the disk. Finds things by what they do, not by
words, so that the same walk serves every language."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

NAME, PASSWORD = "robin", "seven quiet rivers"
PATIENCE = 60_000


class Newcomer:
    """One walk through a new installation. `script` says whether the browser runs scripts."""

    def __init__(self, page: Page, url: str, *, script: bool = True) -> None:
        self.page = page
        self.url = url
        self.script = script

    def come_in(self, link: str) -> None:
        """By the one-time link, with a name and a password of one's own."""
        self.page.goto(link)
        form = self.page.locator("form:has(input[type=password])")
        form.locator("input[type=text]").first.fill(NAME)
        for field in form.locator("input[type=password]").all():
            field.fill(PASSWORD)
        form.locator("button").last.click()
        expect(self.page.locator("a.card[href*='/p/']").first).to_be_visible()

    def open_demo(self) -> None:
        """The demo project's home."""
        self.page.locator("a.card[href*='/p/']").first.click()
        expect(self.page.locator(".nav a[href$='/review']")).to_be_visible()

    def start_run(self, recipe: str = "self_instruct", *, target: int = 20, seeds: str = "") -> None:
        """A new run with everything as it is offered but the number of instructions and the language of the seeds."""
        self.page.locator("a[href$='/runs/new']").first.click()
        self.page.locator(f"a[href*='/runs/new/{recipe}']").first.click()
        self.page.locator("[name=p_target]").fill(str(target))
        self.page.locator("[name=seed_language]").select_option(seeds)
        self.page.locator("[data-action=start]").first.click()
        self.page.wait_for_url(re.compile(r"/runs/\d+"))

    def watch_until_done(self) -> int:
        """Waits until the run is over; how many different states of its page were seen on the way."""
        seen: set[str] = set()
        done = self.page.locator("#run_head .pill.ok")
        for _ in range(600):
            seen.add(self.page.locator("main").inner_text())
            if done.is_visible():
                break
            self.page.wait_for_timeout(200)
            if not self.script:
                self.page.reload()
        expect(done).to_be_visible(timeout=1_000)
        return len(seen)

    def open(self, part: str) -> None:
        """A page of the project, by the bar at the top."""
        self.page.locator(f".nav a[href$='/{part}']").click()

    def review(self, how_many: int) -> int:
        """Decides about so many samples, by keys alone (by buttons where there are no scripts); how many approved."""
        approved = 0
        if self.script:
            expect(self.page.locator("[data-saved]")).not_to_be_empty()  # from then on the page listens to keys
        for number in range(how_many):
            before = self.current_sample()
            if number % 5 == 4:
                self.press("2") if self.script else self.button("reject:2").click()
            else:
                self.press("a") if self.script else self.button("approve").click()
                approved += 1
            expect(self.sample_field()).not_to_have_value(before)
        if self.script:
            self.page.wait_for_function("!document.querySelector('[data-saved][data-waiting]')")
        return approved

    def press(self, key: str) -> None:
        """One key, with nothing focused."""
        self.page.keyboard.press(key)

    def button(self, action: str) -> Locator:
        """A button of the decision bar."""
        return self.page.locator(f"form.decision button[value='{action}']")

    def sample_field(self) -> Locator:
        """The field that says which sample the bar decides about."""
        return self.page.locator("form.decision input[name=sample]")

    def current_sample(self) -> str:
        """Its number."""
        return self.sample_field().input_value()

    def export(self, folder: Path) -> list[dict[str, str]]:
        """Exports what was approved and downloads it; the rows of the file."""
        self.page.locator("a[href$='/exports/new']").first.click()
        self.page.locator("[data-action=export]").last.click()
        self.page.wait_for_url(re.compile(r"/exports/\d+"))
        link = self.page.locator("a[href$='/file']").first
        for _ in range(100):
            if link.is_visible():
                break
            self.page.wait_for_timeout(200)
            if not self.script:
                self.page.reload()
        with self.page.expect_download(timeout=PATIENCE) as download:
            link.click()
        target = folder / download.value.suggested_filename
        download.value.save_as(target)
        text = target.read_text(encoding="utf-8")
        rows: list[dict[str, str]] = json.loads(text) if text.startswith("[") else [*map(json.loads, text.splitlines())]
        return rows
