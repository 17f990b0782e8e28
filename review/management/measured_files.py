"""The rows of a file as a report on quality measures them, and those that it shows."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from generation.quality.language import detect
from generation.quality.report import Report, RowFacts
from generation.quality.report.settings import ReportSettings
from generation.quality.rows import draft_of
from generation.types import Draft, RowError
from review.reports.quality_rows import QUOTED, FoundRow, Place, sample_row, with_place

MOST_UNREAD = 1000


class FileRows:
    """A file's rows as facts, numbered from 1 as they come, those that could not be read included; the first thousand
    of these are kept apart. Memory: eight bytes a row, for its line."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._lines = array("q")
        self.unread: list[RowError] = []

    def facts(self, read: Iterable[tuple[int, Any]]) -> Iterator[RowFacts]:
        """Each row under its number."""
        for number, (line, row) in enumerate(read, 1):
            self._lines.append(line)
            if not isinstance(row, RowError):
                yield self.fact(number, row)
            elif len(self.unread) < MOST_UNREAD:
                self.unread.append(row)

    def fact(self, number: int, row: Any) -> RowFacts:
        """One row as the report reads it."""
        draft = draft_of(row, language=self._language)
        return RowFacts(number, draft if draft.language else _with_language(draft), family=number)

    def line(self, number: int) -> int:
        """The line on which a row begins, from 1."""
        return self._lines[number - 1]


def rows_to_show(
    rows: FileRows, read: Iterable[tuple[int, Any]], found: Report, *, settings: ReportSettings
) -> Mapping[str, Sequence[FoundRow]]:
    """The first rows of every finding by its code, with the place marked. The file is read a second time, and of it
    nothing is kept but these rows."""
    wanted = {code: ids[:QUOTED] for code, ids in found.rows.items() if ids}
    codes: dict[int, list[str]] = {}
    for code, ids in wanted.items():
        for number in ids:
            codes.setdefault(number, []).append(code)
    shown: dict[tuple[str, int], FoundRow] = {}
    last = max(codes, default=0)
    for number, (line, row) in enumerate(read, 1):
        if number > last:
            break
        for code in codes.get(number, ()) if not isinstance(row, RowError) else ():
            told = {"state": "", "reason": ""}
            made = sample_row(rows.fact(number, row), told, Place(code, settings))
            made = replace(made, kind="row", line=line if line != number else 0)
            shown[code, number] = with_place(made, found.told, code)
    return {code: [shown[code, each] for each in ids if (code, each) in shown] for code, ids in wanted.items()}


def _with_language(draft: Draft) -> Draft:
    return replace(draft, language=detect((draft.instruction or draft.output)[:2000]))
