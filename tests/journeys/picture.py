"""`python -m tests.journeys.picture docs/review.png`: the picture of the readme, taken of a new installation."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import chromium
from tests.installation import Installation
from tests.journeys.newcomer import Newcomer


def main(target: str) -> None:
    """Comes in as the first person, decides about a few rows, and takes the review page."""
    with tempfile.TemporaryDirectory() as folder, Installation(Path(folder) / "var") as live, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium.found_or_installed(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 860}, device_scale_factor=1, locale="en-GB")
        newcomer = Newcomer(page, live.url)
        newcomer.come_in(live.welcome_link)
        newcomer.open_demo()
        newcomer.start_run(target=40, seeds="en")
        newcomer.watch_until_done()
        page.goto(page.url.replace("/runs/", "/review?run="))
        newcomer.review(6)
        page.screenshot(path=target)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
