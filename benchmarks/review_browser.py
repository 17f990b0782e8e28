"""The review page in a real browser, for `benchmarks.review`: its weight, and how soon it and the next row show."""

from __future__ import annotations

import statistics

from playwright.sync_api import sync_playwright

from tests import chromium

NEXT = """() => new Promise((done) => {
  const begun = performance.now();
  document.dispatchEvent(new KeyboardEvent("keydown", {key: "a", code: "KeyA", bubbles: true}));
  requestAnimationFrame(() => { const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now() - begun); channel.port2.postMessage(0); });
})"""
WEIGHT = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .reduce((sum, entry) => sum + entry.transferSize, 0) / 1024"""
USABLE = """() => performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd"""


def measure(address: str, session: str) -> None:
    """Prints the figures of a cold and of warm visits."""
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        context = chrome.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/p/bench/review")
        weight, cold = page.evaluate(WEIGHT), page.evaluate(USABLE)
        warm = []
        for _ in range(5):
            page.goto(f"{address}/p/bench/review")
            warm.append(page.evaluate(USABLE))
        steps = []
        for _ in range(30):
            page.locator("[data-card]").nth(1).wait_for(state="attached")
            steps.append(page.evaluate(NEXT))
        chrome.close()
    print(
        f"          in the browser: page {weight:.0f} KiB sent (bar 80), usable {cold:.0f} ms cold,"
        f" {statistics.median(warm):.0f} ms warm (bar 300), key to next row {statistics.median(steps):.1f} ms,"
        f" p95 {sorted(steps)[28]:.1f} ms (bar 50)"
    )
