"""Comparing in a browser: `python -m benchmarks.compare [--pairs 1000] [--votes 60] [--latency 200]`.

Server pinned to one core, browser to the other, every request held back by the latency. Bar: 50 ms (p95) from the key
to the next pair on screen, straight on and after the reveal alike; page 80 KiB gzip without math.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.review import ROOT, server, surroundings
from benchmarks.review_browser import USABLE, WEIGHT
from benchmarks.review_client import quantile
from tests import chromium

STEP = """(key) => new Promise((done) => {
  const shown = () => document.querySelector("[data-card]:not([hidden])");
  const before = shown();
  const begun = performance.now();
  document.dispatchEvent(new KeyboardEvent("keydown", {key, code: key === "1" ? "Digit1" : key, bubbles: true}));
  requestAnimationFrame(() => { const channel = new MessageChannel();
    channel.port1.onmessage = () => done([performance.now() - begun, shown() !== before]);
    channel.port2.postMessage(0); });
})"""


def prepared(folder: Path, pairs: int) -> tuple[str, int]:
    """The database with so many pairs; the session of one who judges them, and the round."""
    command = [sys.executable, "-m", "benchmarks.compare_ground", str(pairs), "1"]
    made = subprocess.run(
        command, cwd=ROOT, env=surroundings(folder), check=True, stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    told = json.loads(made.stdout.splitlines()[-1])
    return told["sessions"][0], told["round"]


def steps(page: Page, votes: int, *, key: str, moves: bool) -> list[float]:
    """Milliseconds from each key to what it shows. `moves`: the next pair must be there then."""
    times = []
    for _ in range(votes):
        page.locator("[data-card]:not([data-done])").nth(1 if moves else 0).wait_for(state="attached")
        page.wait_for_timeout(50)  # what the answer brought is laid out by then; people take seconds
        took, moved = page.evaluate(STEP, key)
        assert moved == moves, "the key did not do what it should"
        times.append(took)
        if not moves:
            page.locator("[data-reveal] .pill").first.wait_for()
            page.evaluate(STEP, "Enter")
    return times


def revealed(page: Page, votes: int) -> list[float]:
    """Milliseconds from Enter on a pair whose names were shown to the next pair."""
    times = []
    for _ in range(votes):
        page.locator("[data-card]:not([data-done])").nth(1).wait_for(state="attached")
        page.evaluate(STEP, "1")
        page.locator("[data-reveal] .pill").first.wait_for()
        took, moved = page.evaluate(STEP, "Enter")
        assert moved, "Enter did not bring the next pair"
        times.append(took)
    return times


def measure(address: str, session: str, asked: int, *, votes: int, latency: int) -> None:
    """Prints weight, start, and the two ways on to the next pair."""
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        context = chrome.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/p/bench/compare/{asked}?straight=1")
        weight, usable = page.evaluate(WEIGHT), page.evaluate(USABLE)
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        line.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": latency, "downloadThroughput": -1, "uploadThroughput": -1},
        )
        straight = steps(page, votes, key="1", moves=True)
        page.goto(f"{address}/p/bench/compare/{asked}?straight=0")
        voted = steps(page, votes // 2, key="1", moves=False)
        after = revealed(page, votes // 2)
        chrome.close()
    print(
        f"page {weight:.0f} KiB sent (bar 80), usable {usable:.0f} ms cold; with {latency} ms of latency, key to next"
        f" pair p50 {quantile(straight, 0.5):.1f} ms, p95 {quantile(straight, 0.95):.1f} ms (bar 50); key to the mark"
        f" on the chosen one p95 {quantile(voted, 0.95):.1f} ms; after the reveal, Enter to next pair p95"
        f" {quantile(after, 0.95):.1f} ms (bar 50)"
    )


def main() -> None:
    """Measures one round."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--votes", type=int, default=60)
    parser.add_argument("--latency", type=int, default=200)
    parser.add_argument("--port", type=int, default=8133)
    given = parser.parse_args()
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {1})
    with tempfile.TemporaryDirectory() as name:
        session, asked = prepared(Path(name), given.pairs)
        with server(Path(name), given.port):
            address = f"http://127.0.0.1:{given.port}"
            measure(address, session, asked, votes=given.votes, latency=given.latency)


if __name__ == "__main__":
    main()
