"""A million rows through the report's section on duplicates and conflicts: rows a CPU second, and memory.

Run with `python -m benchmarks.repeated_rows [rows]`. Rows of 95 words, as those of Alpaca, every second one Chinese; of
three hundred one is an exact duplicate, one a near one, and one asks what another asks and answers something else.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator

from benchmarks.planted import Author
from benchmarks.stopwatch import Stopwatch
from generation.quality.report import Asked, RowFacts
from generation.quality.report.duplicates import Duplicates
from generation.types import Draft

ROWS = 1_000_000
_STOCK = 5_000
_PROMPT, _OUTPUT = 15, 40
KINDS = ("exact", "near", "conflict")


def rows(count: int) -> Iterator[tuple[str, Draft]]:
    """Drafts with what was planted in each ("" for nothing)."""
    authors = [Author(chinese=chinese, seed=71 + chinese) for chinese in (False, True)]
    stock = [[author.words(60) for _ in range(_STOCK)] for author in authors]
    rng = random.Random(5)
    last: list[list[str]] = [[], [], []]
    for row in range(count):
        author, texts = authors[row % 2], stock[row % 2]
        kind = KINDS[row // 100 % 3] if row % 100 in (98, 99) and row >= 200 else ""
        if not kind or row % 100 == 98:
            last = [
                [*_slice(rng, texts, _PROMPT), f" {row} "],
                _slice(rng, texts, _OUTPUT),
                _slice(rng, texts, _OUTPUT),
            ]
            own = author
            kind = ""
        elif kind == "near":
            last = [last[0], last[1], [*last[2], own.words(1)[0]]]
        elif kind == "conflict":
            last = [last[0], own.words(_OUTPUT), own.words(_OUTPUT)]
        yield kind, Draft("sample", own.text(last[0]), "", own.text(last[1] + last[2]))


def _slice(rng: random.Random, texts: list[list[str]], size: int) -> list[str]:
    words = texts[rng.randrange(len(texts))]
    at = rng.randrange(len(words) - size)
    return words[at : at + size]


def main(arguments: list[str]) -> None:
    """Prints what was planted, what was found, and what it took."""
    count = int(arguments[0]) if arguments else ROWS
    section, watch, spent = Duplicates(Asked()), Stopwatch(), 0.0
    before = watch.figures(1, written=0)["mb"]
    planted = dict.fromkeys(KINDS, 0)
    for row, (kind, draft) in enumerate(rows(count), 1):
        planted[kind] = planted.get(kind, 0) + 1
        begun = time.process_time()
        section.see(RowFacts(row, draft))
        spent += time.process_time() - begun
    begun = time.process_time()
    told = section.told()
    settled = time.process_time() - begun
    print(f"{count:,} rows, planted: {', '.join(f'{planted[kind]:,} {kind}' for kind in KINDS)}")
    print(f"found: {told['exact']['row']['rows']:,} exact, {told['near']['rows']:,} near, "
          f"{told['conflicts']['groups']:,} conflicts, {told['redundant']['rows']:,} redundant")  # fmt: skip
    print(f"{count / (spent + settled):,.0f} rows a CPU second ({settled:.1f} s of {spent + settled:.0f} s at the end)")
    print(f"{watch.figures(1, written=0)['mb'] - before:,.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
