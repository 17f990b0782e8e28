"""How fast evaluation texts are found among training rows, whether all are, and whether nothing else is.

Run with `python -m benchmarks.contamination [rows] [presets ...]`. Twenty items of 2,000 (half of them
Chinese) are planted in a million rows, inside other words; then come 10,000 rows without any. CPU seconds of this
process, texts made outside of the count.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from itertools import islice

from benchmarks.planted import Author
from benchmarks.stopwatch import Stopwatch
from generation.quality.contamination import PRESETS, Contamination, Preset

ROWS, CLEAN, ITEMS, PLANTED = 1_000_000, 10_000, 1_000, 20
_BATCH = 5_000


def items() -> list[str]:
    """Evaluation texts of 40 to 80 words or characters, English first."""
    made = []
    for chinese in (False, True):
        author = Author(chinese=chinese, seed=101 + chinese)
        made += [author.text(author.words(author.rng.randrange(40, 80))) for _ in range(ITEMS)]
    return made


def rows(count: int, *, planted: Mapping[int, str], seed: int) -> Iterator[dict[str, str]]:
    """Rows of 80 words, every second one Chinese; a planted text stands in the output behind three words of its own."""
    authors = [Author(chinese=chinese, seed=seed + chinese) for chinese in (False, True)]
    stock = [[author.words(80) for _ in range(2_000)] for author in authors]
    for row in range(count):
        author, texts = authors[row % 2], stock[row % 2]
        first, second = author.rng.sample(texts, 2)
        cut = author.rng.randrange(10, 30)
        own = author.text(second[cut : cut + 60])
        yield {
            "instruction": author.text(first[: author.rng.randrange(8, 20)]),
            "output": f"{author.text(first[20:23])} {planted[row]} {own}" if row in planted else own,
        }  # fmt: skip


def measure(preset: Preset, held_out: list[str], *, count: int) -> None:
    """Prints one line for a preset: rows a CPU second, planted ones found, others, false ones in the clean rows."""
    step = max(1, count // PLANTED)
    where = {step * number + number: held_out[97 * number] for number in range(PLANTED)}
    begun = time.process_time()
    found = Contamination([("held out", held_out)], preset=preset)
    indexed = time.process_time() - begun
    watch = Stopwatch()
    spent = _seen(found, rows(count, planted=where, seed=11))
    hits = {hit.key: hit for hit in found.hits()}
    right = sum(
        hits[row].item == 97 * number and hits[row].share == 1.0 for number, row in enumerate(where) if row in hits
    )
    clean = Contamination([("held out", held_out)], preset=preset)
    _seen(clean, rows(CLEAN, planted={}, seed=51))
    memory = watch.figures(1, written=0)["mb"]
    print(
        f"{preset.name:>16} {indexed:>8.2f} {count / spent:>10,.0f} {right:>6} of {PLANTED} {len(hits) - right:>6}"
        f" {len(clean.hits()):>6} in {CLEAN:,} {memory:>8.0f}", flush=True,
    )  # fmt: skip


def _seen(found: Contamination, given: Iterator[dict[str, str]]) -> float:
    """CPU seconds for all rows, without those that making them took."""
    spent, row = 0.0, 0
    while batch := list(islice(given, _BATCH)):
        begun = time.process_time()
        for fields in batch:
            found.see(row, fields)
            row += 1
        spent += time.process_time() - begun
    begun = time.process_time()
    found.hits()
    return spent + time.process_time() - begun


def main(arguments: list[str]) -> None:
    """Prints one line for each preset."""
    count = next((int(each) for each in arguments if each.isdigit()), ROWS)
    presets = [PRESETS[each] for each in arguments if each in PRESETS] or list(PRESETS.values())
    held_out = items()
    print(f"{count:,} rows, {len(held_out):,} evaluation texts, {PLANTED} of them planted")
    print(f"{'':>16} {'index s':>8} {'rows/CPU-s':>10} {'found':>12} {'other':>6} {'false':>16} {'MB':>8}")
    for preset in presets:
        measure(preset, held_out, count=count)


if __name__ == "__main__":
    main(sys.argv[1:])
