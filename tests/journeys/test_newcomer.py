"""A newcomer, browser only and without a key, gets from the first link to a file on the disk within five minutes."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.installation import Installation
from tests.journeys.newcomer import Newcomer

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.slow
@pytest.mark.parametrize(("locale", "language"), [("en-GB", "en"), ("zh-CN", "zh-Hans")])
def test_a_newcomer_makes_a_file_in_less_than_five_minutes(
    live: Installation, visit: Callable[..., Page], tmp_path: Path, locale: str, language: str
) -> None:
    begun = time.monotonic()
    newcomer = Newcomer(visit(locale=locale), live.url)
    newcomer.come_in(live.welcome_link)
    newcomer.open_demo()
    assert newcomer.page.locator("html").get_attribute("lang") == language
    newcomer.start_run(target=200)
    assert newcomer.watch_until_done() > 3
    newcomer.open("review")
    assert bool(_CHINESE.search(newcomer.page.locator(".keys").inner_text())) == (language == "zh-Hans")
    approved = newcomer.review(20)
    newcomer.open("exports")
    rows = newcomer.export(tmp_path)
    assert len(rows) == approved
    assert all(row["instruction"] and row["output"] for row in rows)
    assert time.monotonic() - begun < 300


@pytest.mark.slow
def test_a_newcomer_without_scripts_gets_as_far(live: Installation, visit: Callable[..., Page], tmp_path: Path) -> None:
    newcomer = Newcomer(visit(java_script_enabled=False), live.url, script=False)
    newcomer.come_in(live.welcome_link)
    newcomer.open_demo()
    newcomer.start_run()
    newcomer.watch_until_done()
    newcomer.open("review")
    approved = newcomer.review(20)
    newcomer.open("exports")
    assert len(newcomer.export(tmp_path)) == approved
