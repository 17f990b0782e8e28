"""A whole Self-Instruct run against a server with faults brings what was reckoned by hand, with one worker or four."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.faults.books import check_books
from tests.faults.scene import ROOT, Scene
from tests.faults.seeds import OWN, published

SCRIPT = ROOT / "tests" / "scripted_server" / "self_instruct.json"
EXPECTED = json.loads(SCRIPT.with_suffix(".expected.json").read_text(encoding="utf-8"))
_LISTED = re.compile(r"^ *\d+\. (.*)$", re.MULTILINE)


def run_through(folder: Path, seeds: Path, *, workers: int) -> tuple[Scene, dict[str, Any], dict[str, Any], int]:
    """The run at its end: what the page shows, what the rows say, and how many seeds came in."""
    with Scene(folder, SCRIPT) as scene:
        scene.prepare(seeds, timeout=3)
        for _ in range(workers):
            scene.work()
        scene.until(lambda: scene.ask("imported", job=scene.job)["state"] == "done", patience=60)
        accepted = scene.ask("imported", job=scene.job)["accepted"]
        run = scene.ask("start", params=EXPECTED["params"])
        seen = scene.until_over(run)
        return scene, seen, scene.ask("audit", run=run), accepted


def check_outcome(seen: dict[str, Any], audit: dict[str, Any]) -> None:
    assert seen["drafts"] == EXPECTED["drafts"]
    assert seen["samples"] == EXPECTED["samples"]
    assert {name: seen["calls"][name] for name in EXPECTED["calls"]} == EXPECTED["calls"]
    assert seen["state"] == EXPECTED["state"]
    check_books(audit, seen)


def check_prompts(scene: Scene, seeds: Path) -> None:
    """Eight examples in each prompt to invent, of which at most two are the model's own."""
    rows = [json.loads(line) for line in seeds.read_text(encoding="utf-8").splitlines()]
    own = {" ".join(row["instruction"].split()).rstrip(": ") for row in rows}
    prompts = [line for line in scene.statement() if line.get("rule") == "invent" and line["event"] == "received"]
    assert len({line["request"] for line in prompts}) == 12
    for line in prompts:
        shown = _LISTED.findall(line["body"]["messages"][-1]["content"])
        assert len(shown) == 8
        assert sum(text.strip() not in own for text in shown) <= 2


@pytest.mark.parametrize("workers", [1, 4])
def test_the_published_seeds_bring_what_was_reckoned_by_hand(tmp_path: Path, workers: int) -> None:
    seeds = published()
    scene, seen, audit, accepted = run_through(tmp_path, seeds, workers=workers)
    assert accepted == 175
    check_outcome(seen, audit)
    check_prompts(scene, seeds)


def test_our_own_seeds_bring_the_same(tmp_path: Path) -> None:
    scene, seen, audit, accepted = run_through(tmp_path, OWN, workers=1)
    assert accepted == len(OWN.read_text(encoding="utf-8").splitlines())
    check_outcome(seen, audit)
    check_prompts(scene, OWN)
