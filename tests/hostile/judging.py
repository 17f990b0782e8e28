"""What is wrong with what comes out of hostile files, and the memory that reading them took.

Judge in a small process of its own (`judges`): the system counts the memory of whoever starts a child as the child's,
and a test run that has seen many browsers and pages holds more than any child may.
"""

from __future__ import annotations

import resource
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from generation.files.tabular import read_rows
from generation.formats.detecting import detect
from generation.row_words import ROW_FAULTS
from generation.types import RowError
from tests.hostile.files import ANYTHING, HostileFile, corpus, read


class Judged(NamedTuple):
    """Megabytes: `grown` over what the process had, `child` of the largest process that it ever waited for."""

    files: int
    wrong: list[str]
    grown: int
    child: int


@contextmanager
def judges() -> Iterator[Executor]:
    """A fresh process to hand `judged` to."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        yield process


def judged(kind: str, *, full: bool) -> Judged:
    """Reads every file of the kind."""
    files = [file for file in corpus(full=full) if file.kind == kind]
    before = memory()
    wrong = [f"{file.name}: {each}" for file in files for each in complaints(file)]
    return Judged(len(files), wrong, memory(peak=True) - before, largest_child())


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
    rows, faults, least = [], [], 1
    for line, row in read_rows(opened, **file.options):
        least = min(least, line)
        if isinstance(row, RowError):
            faults.append(row)
        elif file.rows is not None or detected.layout == "unknown":
            rows.append(row)
    if least < 1 or any(fault.code not in ROW_FAULTS for fault in faults):
        yield f"lines and codes {[(fault.line, fault.code) for fault in faults][:5]}"
    if detected.layout == "unknown" and rows:
        yield "unknown, and yet read"
    if file.rows is not None and repr(rows) != repr(file.rows):
        yield f"rows {rows!r:.300}"
    if isinstance(file.codes, str):
        if file.codes != ANYTHING and (not faults or faults[-1].code != file.codes):
            yield f"codes {[fault.code for fault in faults][-5:]}, not {file.codes} last"
    else:
        codes = [fault.code for fault in faults]
        fits = len(codes) == len(file.codes) and all(
            code in wanted if isinstance(wanted, frozenset) else code == wanted
            for code, wanted in zip(codes, file.codes, strict=False)
        )
        if not fits:
            yield f"codes {codes[:5]} for {file.codes}"


def memory(*, peak: bool = False) -> int:
    """Megabytes of this process: now, from where the peak is counted anew, or at their peak since then."""
    if not peak:
        Path("/proc/self/clear_refs").write_text("5")
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:" if peak else "VmRSS:"))


def largest_child() -> int:
    """Megabytes of the largest process that this one has waited for, ever."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
