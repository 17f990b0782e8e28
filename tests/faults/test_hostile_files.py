"""More than 2,000 hostile files: a typed refusal or the exact rows, never a crash, within a stated memory.

`FDC_TRUST=1` reads all of them; the default is about 150.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Executor

import pytest

from generation.files.tabular import read_rows
from generation.types import RowError
from tests.faults.report import FULL, write_down
from tests.hostile.files import corpus
from tests.hostile.judging import judged, judges, memory

KINDS = sorted({file.kind for file in corpus(full=FULL)})
MOST_GROWN = 100
MOST_OF_A_CHILD = 500
"""Megabytes: of the reading process over what it had, and of a child that reads Parquet in all."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Executor]:
    with judges() as process:
        yield process


@pytest.mark.parametrize("kind", KINDS)
def test_every_file_is_refused_by_name_or_read_exactly(kind, elsewhere):
    begun = time.monotonic()
    files, wrong, grown, child = elsewhere.submit(judged, kind, full=FULL).result()
    assert not wrong, "\n".join([f"{len(wrong)} of {files}", *wrong[:30]])
    assert grown < MOST_GROWN
    assert child < MOST_OF_A_CHILD
    seconds = round(time.monotonic() - begun, 1)
    write_down(name=f"hostile files, {kind}", files=files, seconds=seconds, grown_mb=grown, child_mb=child)


@pytest.mark.skipif(not FULL, reason="writes 200 MB: only in `make trust`")
@pytest.mark.parametrize("layout", ["lines", "array", "table"])
def test_a_line_of_200_mb_costs_no_memory_and_not_the_rows_around_it(layout, tmp_path):
    path, before = tmp_path / "long", memory()
    begin, long, end = {
        "lines": (b'{"a": "1"}\n{"a": "', b"x", b'"}\n{"a": "2"}\n'),
        "array": (b'[{"a": "1"},\n{"a": "', b"x", b'"}]'),
        "table": (b'a\n1\n"', b"x", b'"\n2\n'),
    }[layout]
    with path.open("wb") as file:
        file.write(begin)
        for _ in range(200):
            file.write(long * 1024 * 1024)
        file.write(end)
    with path.open("rb") as file:
        found = [row.code if isinstance(row, RowError) else row["a"] for _, row in read_rows(file)]
    assert found[:2] == ["1", {"table": "unbalanced_quote"}.get(layout, "line_too_long")]
    assert layout == "array" or found[-1] == "2"
    assert memory(peak=True) - before < MOST_GROWN
