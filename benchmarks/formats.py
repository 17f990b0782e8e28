"""How fast files of training data are read, checked, turned into another format and written, beside bare orjson.

Run with `python -m benchmarks.formats [rows]` (default 1,000,000 rows of Alpaca, a tenth of their texts Chinese). Every
step runs in a process of its own, forked before anything was read: `peak` is what it added to the memory of that
process. CPU seconds are the ones to trust.
"""

from __future__ import annotations

import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from generation import formats
from generation.files import layouts
from generation.files.tabular import read_records, read_rows
from generation.formats import check_records, format_named
from generation.types import RowError

ENGLISH = [
    "the model reads",
    "a long text",
    "about rivers",
    "and towns",
    "gives back",
    "what matters",
    "in plain",
    "words",
]
CHINESE = "数据质量决定模型的上限，标注要清楚，答案要完整，例子要多样。"
GOAL = "(goal: 250,000)"


def main(arguments: list[str]) -> None:
    """Prints a line for each step."""
    rows = int(arguments[0]) if arguments else 1_000_000
    with tempfile.TemporaryDirectory(prefix="fdc-bench-") as folder:
        steps = _Steps(Path(folder), rows)
        size = steps.lines.stat().st_size
        print(f"{rows:,} rows, {size / 1e6:,.0f} MB, {size / rows:.0f} bytes a row, {os.cpu_count()} cores, one used")
        print(f"{'':<50} {'rows/s':>10} {'rows/CPU s':>12} {'peak':>8}")
        for name, count, work, goal in steps.all():
            measured(name, count, work, goal)


def measured(name: str, rows: int, work: Callable[[], Any], goal: str = "") -> None:
    """Runs `work` in a forked process and prints its line; a step that fails ends the benchmark."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            wall, cpu = time.perf_counter(), time.process_time()
            work()
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            helpers = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu += helpers.ru_utime + helpers.ru_stime
            peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
            print(f"{name:<50} {rows / wall:>10,.0f} {rows / cpu:>12,.0f} {peak:>5.0f} MB  {goal}", flush=True)
            code = 0
        finally:
            os._exit(code)
    if os.waitpid(child, 0)[1] != 0:
        sys.exit(f"{name} failed")


class _Steps:
    """The files to read and what is done with them."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.folder, self.rows = folder, rows
        self.lines, self.array, self.doubtful = folder / "a.jsonl", folder / "a.json", folder / "doubtful.jsonl"
        rng = random.Random(52002)
        texts = [" ".join(rng.choices(ENGLISH, k=rng.randrange(4, 13))) + "." for _ in range(5000)]
        texts += [CHINESE * rng.randrange(1, 3) for _ in range(500)]
        with self.lines.open("wb") as lines, self.array.open("wb") as array, self.doubtful.open("wb") as doubtful:
            for at in range(rows):
                row = orjson.dumps(_row(at, texts, rng))
                lines.write(row + b"\n")
                array.write((b",\n  " if at else b"[\n  ") + row)
                if at < rows // 5:
                    doubtful.write(row.replace(b'"input":""', b'"input":"a\\\\"', 1) + b"\n")
            array.write(b"\n]\n")

    def all(self) -> list[tuple[str, int, Callable[[], Any], str]]:
        """Name, rows, work and goal of each step."""
        few = self.rows // 5
        return [
            ("orjson's bare loop: read", self.rows, self._bare, ""),
            ("orjson's bare loop: read, write", self.rows, self._bare_through, ""),
            ("read JSON lines, strict", self.rows, lambda: self._read(self.lines), ""),
            ("read JSON lines, every row in doubt", few, lambda: self._read(self.doubtful), "(the careful way)"),
            ("read a JSON array, strict", self.rows, lambda: self._read(self.array), ""),
            ("read, validate as Alpaca", self.rows, self._validate, GOAL),
            ("read, contract check of Alpaca", few, self._check, ""),
            ("read, validate, write Alpaca JSON lines", self.rows, lambda: self._to("alpaca", "jsonl"), GOAL),
            ("... to ShareGPT", self.rows, lambda: self._to("sharegpt", "jsonl"), GOAL),
            ("... to OpenAI messages", self.rows, lambda: self._to("openai_messages", "jsonl"), GOAL),
            ("... to a JSON array", self.rows, lambda: self._to("alpaca", "json"), GOAL),
            ("... to JSON lines, gzip", few, lambda: self._to("alpaca", "jsonl", gzip=True), ""),
            ("... to CSV", few, lambda: self._to("alpaca", "csv"), ""),
            ("... to Parquet", self.rows, lambda: self._to("alpaca", "parquet"), ""),
            ("read CSV", few, lambda: self._read(self.folder / "alpaca.csv"), ""),
            ("read Parquet, child included", few, lambda: self._read(self.folder / "alpaca.parquet", few), ""),
        ]

    def _bare(self) -> None:
        with self.lines.open("rb") as file:
            for line in file:
                orjson.loads(line)

    def _bare_through(self) -> None:
        with self.lines.open("rb") as file, (self.folder / "bare.jsonl").open("wb") as out:
            for line in file:
                out.write(orjson.dumps(orjson.loads(line), option=orjson.OPT_APPEND_NEWLINE))

    def _read(self, path: Path, most: int | None = None) -> None:
        with path.open("rb") as file:
            for line, row in islice(read_rows(file), most):
                if isinstance(row, RowError):
                    raise AssertionError(line, row)

    def _validate(self) -> None:
        with self.lines.open("rb") as file:
            for line, row in formats.read(file, chosen=format_named("alpaca")):
                if isinstance(row, RowError):
                    raise AssertionError(line, row)

    def _check(self) -> None:
        with self.lines.open("rb") as file:
            records = islice(read_records(file), self.rows // 5)
            sum(1 for _ in check_records(records, chosen=format_named("alpaca")))

    def _to(self, name: str, layout: str, *, gzip: bool = False) -> None:
        chosen, alpaca = format_named(name), format_named("alpaca")
        few = layout == "csv" or gzip
        with self.lines.open("rb") as file, (self.folder / f"{name}.{layout}").open("wb") as out:
            rows = islice(alpaca.read(read_records(file)), self.rows // 5 if few else None)
            records = (chosen.encode(row) for _, row in rows if not isinstance(row, RowError))
            columns = ("instruction", "input", "output") if layout == "csv" else None
            layouts.write(records, out, layout=layout, gzip=gzip, columns=columns)


def _row(at: int, texts: list[str], rng: random.Random) -> dict[str, str]:
    given = rng.choice(texts) if at % 5 < 2 else ""
    return {
        "instruction": f"{rng.choice(texts)} ({at})",
        "input": given,
        "output": "\n".join(rng.choices(texts, k=5)),
    }


if __name__ == "__main__":
    main(sys.argv[1:])
