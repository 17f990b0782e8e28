"""From a mixed file to three exports, in the browser: import, mix, split, freeze, edit, freeze, compare, export."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from review.exporting.cards.check import card_faults, croissant_faults
from review.exporting.cards.facts import DataFile
from tests.installation import Installation
from tests.journeys.dataset_trip import CODES, Trip, general_file, mixed_file, unpacked
from tests.journeys.newcomer import Newcomer


@pytest.mark.slow
def test_a_mixed_file_becomes_two_versions_and_three_exports(
    live: Installation, visit: Callable[..., Page], tmp_path: Path
) -> None:
    page = visit(locale="en-GB")
    newcomer = Newcomer(page, live.url)
    newcomer.come_in(live.welcome_link)
    newcomer.open_demo()
    trip = Trip(page)

    mixed = trip.bring_in(mixed_file(tmp_path), tag="rules")
    assert trip.faults() == CODES
    general = trip.bring_in(general_file(tmp_path), tag="general")

    sources = f"s1_name=rules&s1_job={mixed}&s2_name=general&s2_job={general}&s2_general=1"
    trip.freeze(f"asked=1&sources=2&{sources}&general_share=20&split=969:30:1&unique=1&shuffle=1&seed=42", name="Mix")
    # 900 rules and a fifth of the whole general: 1,125 rows; 969:30:1 of them by the largest remainder.
    expect(page.locator("main")).to_contain_text("1,125 rows")
    for figure in ("900", "225", "1,090", "34"):
        expect(page.locator("main")).to_contain_text(figure)
    first = page.url

    trip.go(f"/samples?import={mixed}")
    rows = page.locator("main tbody a[href*='/samples/']").evaluate_all("all => all.map(each => each.href)")
    edited = list(dict.fromkeys(re.findall(r"/samples/(\d+)", " ".join(rows))))[:3]
    for sample in edited:
        trip.edit(sample, output=f"A better and longer wording of row {sample}.")

    page.goto(first)
    page.locator("a[href*='/datasets/new?from=']").first.click()
    trip.freeze(page.url.partition("?")[2], name="Mix")
    page.locator("a[href*='/datasets/'][href*='/compare']").first.click()
    expect(page.locator("nav.states a")).to_contain_text(["+ 0", "− 0", "~ 3"])
    expect(page.locator("[data-row]")).to_have_count(3)

    page.go_back()
    version = page.locator("[data-action=export]").get_attribute("href")
    assert version
    number = version.rpartition("=")[2]
    for format_name in ("openai_messages", "trl_prompt_completion"):
        lines = trip.export(number, format_name, tmp_path).read_text("utf-8").splitlines()
        assert len(lines) == 1125
        assert sum("A better and longer wording" in line for line in lines) == 3
    trip.describe(first)
    bundle = unpacked(trip.export(number, "alpaca", tmp_path, bundle=True), tmp_path / "bundle")
    _is_sound(bundle)


def _is_sound(bundle: Path) -> None:
    """Every split has its rows, LLaMA-Factory's entries name them, and card and Croissant are valid."""
    rows = {
        path.name: len(path.read_bytes().splitlines()) for path in bundle.glob("*.jsonl") if "manifest" not in path.name
    }
    assert sorted(rows.values()) == [1, 34, 1090]
    info = json.loads((bundle / "dataset_info.json").read_text("utf-8"))
    assert {entry["file_name"] for entry in info.values()} == set(rows)
    files = [_data_file(bundle / name, count) for name, count in rows.items()]
    assert card_faults((bundle / "README.md").read_text("utf-8"), files=files) == []
    assert croissant_faults((bundle / "croissant.json").read_text("utf-8"), files=files) == []


def _data_file(path: Path, rows: int) -> DataFile:
    data = path.read_bytes()
    split = next(split for split in ("train", "validation", "test") if split in path.name)
    return DataFile(path.name, len(data), hashlib.sha256(data).hexdigest(), rows, split, "application/x-ndjson")
