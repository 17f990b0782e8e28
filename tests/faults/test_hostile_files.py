"""More than 2,000 hostile files: a typed refusal or the exact rows, never a crash, within a stated memory.

`FDC_TRUST=1` reads all of them; the default is about 150.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

import pytest

from generation.formats.detecting import detect
from generation.formats.tabular import read_rows
from generation.row_words import ROW_FAULTS
from generation.types import RowError
from tests.faults.report import FULL, write_down
from tests.hostile.files import ANYTHING, HostileFile, corpus, read

FILES = corpus(full=FULL)
KINDS = sorted({file.kind for file in FILES})


def complaints(file: HostileFile) -> list[str]:
    """What is wrong with what came out; an exception is, always."""
    try:
        return list(_complaints(file))
    except Exception as error:
        return [repr(error)[:200]]


def _complaints(file: HostileFile) -> Iterable[str]:
    opened = read(file)
    detected = detect(opened)
    if opened.tell() != 0:
        yield "not left where it was"
    found = list(read_rows(opened, **file.options))
    rows = [row for _, row in found if isinstance(row, dict)]
    faults = [row for _, row in found if isinstance(row, RowError)]
    if any(line < 1 for line, _ in found) or any(fault.code not in ROW_FAULTS for fault in faults):
        yield f"lines and codes {[(fault.line, fault.code) for fault in faults][:5]}"
    if detected.layout == "unknown" and rows:
        yield "unknown, and yet read"
    if file.rows is not None and repr(rows) != repr(file.rows):
        yield f"rows {rows!r:.300}"
    if file.codes != ANYTHING:
        codes = [fault.code for fault in faults]
        fits = len(codes) == len(file.codes) and all(
            code in wanted if isinstance(wanted, frozenset) else code == wanted
            for code, wanted in zip(codes, file.codes, strict=False)
        )
        if not fits:
            yield f"codes {codes[:5]} for {file.codes}"


@pytest.mark.parametrize("kind", KINDS)
def test_every_file_is_refused_by_name_or_read_exactly(kind):
    files = [file for file in FILES if file.kind == kind]
    begun = time.monotonic()
    wrong = [f"{file.name}: {each}" for file in files for each in complaints(file)]
    assert not wrong, "\n".join([f"{len(wrong)} of {len(files)}", *wrong[:30]])
    write_down(name=f"hostile files, {kind}", files=len(files), seconds=round(time.monotonic() - begun, 1))
