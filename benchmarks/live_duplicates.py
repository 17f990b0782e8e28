"""`python -m benchmarks.live_duplicates [rows]`: what admission pays to compare 100 drafts with so many rows."""

from __future__ import annotations

import random
import resource
import sys
import time

from generation.quality.near_duplicates import NearDuplicates

DRAFTS = 100
WORDS = 150


def main(rows: int) -> None:
    """Prints seconds of CPU for the warm-up and for 100 drafts, one compared and kept after another; bytes a row."""
    rng = random.Random(7)
    words = [f"word{number}" for number in range(30_000)]
    index: NearDuplicates[int] = NearDuplicates()
    before, begun = _memory(), time.process_time()
    texts = []
    for number in range(rows):
        text = " ".join(rng.choices(words, k=WORDS))
        if number % 1000 == 0:
            texts.append(text)
        index.add(number, text)
    index.nearest("warm")
    warm = time.process_time() - begun
    drafts = [" ".join(rng.choices(words, k=WORDS)) for _ in range(DRAFTS)]
    drafts[::10] = [f"{text} again" for text in texts[: len(drafts[::10])]]
    begun, found = time.process_time(), 0
    for number, text in enumerate(drafts):
        found += index.nearest(text) is not None
        index.add(rows + number, text)
    told = f"{rows} rows: warm-up {warm:.1f} s, {DRAFTS} drafts {1000 * (time.process_time() - begun):.0f} ms CPU"
    print(f"{told}, {found} dropped, {(_memory() - before) / rows:.0f} bytes a row")


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
