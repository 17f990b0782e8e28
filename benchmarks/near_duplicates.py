"""How fast near-duplicates are found, how many and how rightly, beside datasketch and rensa in the same run.

Run with `python -m benchmarks.near_duplicates [rows]`, or with `--ours` without other tools. The texts have 150 words,
a tenth are copies planted at stated similarities; every tool is a process of its own, CPU seconds and memory are its
own beyond the texts. A copy counts as found when it is dropped and its true Jaccard is at or above the threshold.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers.environments import ROOT, python_of
from benchmarks.planted import SIMILARITIES, Corpus, corpus
from benchmarks.stopwatch import Stopwatch
from generation.quality.near_duplicates import NearDuplicates

ROWS = 100_000
THRESHOLD = 0.7
SIDE = ROOT / "benchmarks" / "peers" / "near_duplicates_side.py"
PEERS = (
    ("rensa_one_shot", ROWS), ("rensa_verifying", ROWS), ("datasketch_bulk", ROWS), ("datasketch_update", 10_000),
)  # fmt: skip


def ours(texts: Sequence[str], *, threshold: float) -> dict[str, Any]:
    """The rows to drop, and what finding them took."""
    watch = Stopwatch()
    before = watch.figures(1, written=0)["mb"]
    found: NearDuplicates[int] = NearDuplicates(threshold=threshold)
    for row, text in enumerate(texts):
        found.add(row, text)
    dropped = [row for rows in found.groups() for row in rows[1:]]
    figures = watch.figures(1, written=0)
    return {"rows": len(texts), "cpu": figures["cpu_ms"] / 1000, "mb": figures["mb"] - before, "dropped": dropped}


def judged(found: dict[str, Any], made: Corpus, *, threshold: float) -> dict[str, float]:
    """Rows a CPU second, recall and precision in all and recall by planted similarity, bytes a row."""
    rows, dropped = found["rows"], set(found["dropped"])
    inside = [each for each in made.planted if each.row < rows]
    true = {each.row for each in inside if each.similarity >= threshold}
    return {
        "rate": rows / found["cpu"], "recall": len(true & dropped) / len(true), "true": len(true),
        "precision": len(true & dropped) / max(1, len(dropped)), "bytes": found["mb"] * 2**20 / rows,
    }  # fmt: skip


def by_similarity(found: dict[str, Any], made: Corpus, *, threshold: float) -> str:
    """Of copies in each tenth of true Jaccard the share that was dropped."""
    dropped, told = set(found["dropped"]), []
    for low, high in zip(SIMILARITIES, (*SIMILARITIES[1:], 1.01), strict=True):
        rows = [each.row for each in made.planted if low <= each.similarity < high]
        if rows:
            told.append(f"{low:.2f}+ {sum(row in dropped for row in rows) / len(rows):.3f}")
    return "  ".join(told)


def run(command: Sequence[str]) -> dict[str, Any]:
    """What one tool says, from a process of its own."""
    done = subprocess.run(command, check=True, capture_output=True, cwd=ROOT, text=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def compare(made: Corpus, path: Path, *, rows: int, peers: bool) -> None:
    """One table for one language."""
    own = [sys.executable, "-m", "benchmarks.near_duplicates", "--one", str(path)]
    tools = [(f"FDC at {threshold}", threshold, [*own, str(threshold)]) for threshold in (THRESHOLD, 0.8)]
    if peers:
        other = str(python_of("near_duplicates"))
        tools += [
            (f"{name} ({min(most, rows)})", THRESHOLD, [other, str(SIDE), name, str(path), str(THRESHOLD), str(most)])
            for name, most in PEERS
        ]
    for name, threshold, command in tools:
        found = run(command)
        told = judged(found, made, threshold=threshold)
        figures = f"{told['rate']:>10,.0f} {told['recall']:>8.4f} {told['precision']:>10.4f} {told['bytes']:>9,.0f}"
        print(f"{name:>28} {figures}", flush=True)
        if name.startswith("FDC"):
            print(f"{'found by true Jaccard':>28} {by_similarity(found, made, threshold=threshold)}")


def main(arguments: list[str]) -> None:
    """Prints a table for English and one for Chinese."""
    if arguments[:1] == ["--one"]:
        with Path(arguments[1]).open(encoding="utf-8") as file:
            texts = [json.loads(line) for line in file]
        print(json.dumps(ours(texts, threshold=float(arguments[2]))))
        return
    rows = next((int(each) for each in arguments if each.isdigit()), ROWS)
    for chinese in (False, True):
        made = corpus(rows, chinese=chinese)
        print(f"\n{rows:,} texts in {'Chinese' if chinese else 'English'}, {len(made.planted):,} planted copies")
        print(f"{'':>28} {'rows/CPU-s':>10} {'recall':>8} {'precision':>10} {'bytes/row':>9}")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "texts.jsonl"
            path.write_text("".join(json.dumps(text) + "\n" for text in made.texts), encoding="utf-8")
            compare(made, path, rows=rows, peers="--ours" not in arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
