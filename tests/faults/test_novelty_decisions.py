"""Novelty's decisions beside those of an implementation that prunes nothing, on real and made instructions."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from benchmarks.novelty import stream as made
from generation.quality.novelty import Pool
from generation.samples import sample_path
from tests.faults.novelty_apart import Apart
from tests.faults.report import FULL, write_down
from tests.house import ROOT

SHARED = Path(os.environ.get("FDC_SHARED_DATA") or ROOT.parent / "shared" / "data")
OURS = ("demo_seeds.en.jsonl", "demo_seeds.zh.jsonl", "alpaca_demo.jsonl", "self_instruct.jsonl")
COUNT = 50_000 if FULL else 1_200


def real() -> list[str]:
    """Instructions that people or models wrote: our own samples, and the real files where they lie beside us."""
    found = [row["instruction"] for name in OURS for row in _lines(sample_path(name))]
    for name in ("alpaca_zh_demo.json", "self_instruct_seed_tasks.jsonl", "dpo_en_demo.json"):
        path = SHARED / name
        if path.exists():
            rows = json.loads(path.read_text("utf-8")) if name.endswith(".json") else list(_lines(path))
            found += [_said(row) for row in rows]
    return [text for text in found if text]


def _lines(path: Path) -> Iterator[dict]:
    return (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())


def _said(row: dict) -> str:
    if "instruction" in row:
        return row["instruction"] + " " + str(row.get("input") or "")
    return next((turn["value"] for turn in row.get("conversations", []) if turn.get("from") == "human"), "")


def varied(texts: list[str], *, count: int) -> Iterator[str]:
    """The texts, then the same with a few words taken out, doubled or swapped, so that many lie near the threshold."""
    rng = random.Random(7)
    yield from islice(texts, count)
    for text in islice(cycle(texts), max(0, count - len(texts))):
        parts = text.split(" ") if " " in text.strip() else list(text)
        for _ in range(rng.randint(1, max(1, len(parts) * 2 // 5))):
            at = rng.randrange(len(parts))
            other = rng.randrange(len(parts))
            parts[at] = rng.choice([parts[other], parts[at] + parts[other], ""])
        yield (" " if " " in text.strip() else "").join(parts)


def test_decisions_are_those_of_an_implementation_that_prunes_nothing():
    texts = [text for pair in zip(varied(real(), count=COUNT // 2), made(COUNT // 2), strict=True) for text in pair]
    apart, pool, differing = Apart(), Pool(), []
    for text, novel in zip(texts, apart.decisions(texts), strict=True):
        if pool.is_novel(text) != novel:
            differing.append(text)
        if novel:
            pool.add(text)
    chinese = sum(any("\u4e00" <= sign <= "\u9fff" for sign in text) for text in texts)
    write_down(
        scene="novelty", texts=len(texts), chinese=chinese, kept=len(pool), near_ties=apart.ties,
        differing=len(differing),
    )  # fmt: skip
    assert differing == []
    assert len(texts) == COUNT
    assert chinese > COUNT // 5
    assert apart.ties > COUNT // 40
    assert COUNT // 10 < len(pool) < COUNT
