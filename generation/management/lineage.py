"""Where the lines of a file came from: `<file>.lineage.jsonl` beside it, so that commands in a row can be led back.

Each line of it speaks of one line of the file: {"line": 3, "from": [{"file", "line"}, ...]}, the nearest place first.
A place may also be a row of a project: {"run", "sample", "seed"}.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from generation.management import files

Place = Mapping[str, Any]
Trail = Sequence[Place]


def beside(path: Path) -> Path:
    """The file that tells where the lines of `path` came from."""
    return path.with_name(path.name + ".lineage.jsonl")


def trails_of(path: Path) -> dict[int, Trail]:
    """By line of `path` the places that it came from; empty where nobody wrote them down, or they cannot be read."""
    found: dict[int, Trail] = {}
    with suppress(OSError, ValueError, KeyError, TypeError), beside(path).open("rb") as file:
        for told in file:
            row = orjson.loads(told)
            found[int(row["line"])] = list(row["from"])
    return found


def led_on(source: Path, *, lines: Iterable[int]) -> list[Trail]:
    """For each line of `source`, that place and the places behind it."""
    behind = trails_of(source)
    return [[{"file": source.name, "line": line}, *behind.get(line, ())] for line in lines]


def write(path: Path, *, trails: Iterable[Trail]) -> None:
    """Writes where each line of `path` came from, in their order."""
    with files.writing(beside(path)) as file:
        for line, trail in enumerate(trails, 1):
            file.write(orjson.dumps({"line": line, "from": list(trail)}) + b"\n")
