"""Rows of a version on their way into a file: converted, encoded and held against the target's contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from generation.chat.special_tokens import escape_row, find_in
from generation.conversions import convert
from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.formats.base import Format
from generation.formats.contract import Contract, Findings
from generation.formats.evaluation import evaluation_warning
from generation.quality.text import token_estimate
from generation.types import Example, Feedback, Kind, Pair, Ranking, Row, RowError, Text
from review.exporting.options import ExportOptions

Placed = tuple[int, Row]
"""A row with its position in the version."""


class Encoder:
    """Makes records of one format out of rows and keeps count of what the target would say to them."""

    def __init__(self, chosen: Format, *, source: Kind, options: ExportOptions, loaded: bool = False) -> None:
        self._format, self._options, self._writing = chosen, options, options.writing
        self._straight = source == chosen.kind
        self._renders = chosen.kind == "text" and not self._straight
        self._contract = Contract(chosen, loaded=loaded)

    @property
    def findings(self) -> Findings:
        """What was found so far."""
        return self._contract.findings

    @property
    def rows(self) -> int:
        """How many rows went on."""
        return self._contract.rows

    def end(self, *, size: int | None = None) -> Findings:
        """The findings, once every row was seen; `size` is that of the largest file."""
        return self._contract.end(size=size)

    def records(self, rows: Iterable[Placed]) -> Iterator[tuple[int, Record]]:
        """The records that go into the file, each with the position of the row that it was made of.

        Rows that the target refuses go on too unless they are to be left out: nothing is published then.
        """
        rows = self._prepared(rows)
        rows = rows if self._straight else self._converted(rows)
        keep, reads = not self._options.leave_out, bool(self._options.template or self._options.cutoff)
        for position, row in rows:
            record = self._encoded(position, row)
            if record is None:
                continue
            if warning := evaluation_warning(row, line=position):
                self.findings.add(warning)
            sound = self._contract.take(record, line=position)
            if reads:
                sound = self._read(position, row) and sound
            if not sound and not keep:
                self.findings.left_out[self.findings.last_error] += 1
                continue
            self._contract.count(record, good=row.good if isinstance(row, Feedback) else None)
            yield position, record

    def _encoded(self, position: int, row: Row) -> Record | None:
        try:
            return self._format.encode(row, self._writing)
        except Fault as fault:
            self._refuse(RowError(position, fault.code, fault.path, fault.message))
            return None

    def _refuse(self, fault: RowError) -> None:
        self.findings.add(fault)
        self.findings.bad_rows += 1
        if self._options.leave_out:
            self.findings.left_out[fault.code] += 1

    def _prepared(self, rows: Iterable[Placed]) -> Iterator[Placed]:
        """The rows with special tokens broken, if that is wanted. What is to become text is looked at here, because
        afterwards the template's own tokens stand in it."""
        options = self._options
        if not options.template:
            yield from rows
            return
        for position, row in rows:
            if options.escape_tokens:
                broken = escape_row(row, template=options.template)
                if broken is not row:
                    row = broken
                    self.findings.add(RowError(position, "special_token_broken", severity="warning"))
            if self._renders and not self._is_sound(position, row):
                self.findings.bad_rows += 1
                if options.leave_out:
                    self.findings.left_out["special_token"] += 1
                    continue
            yield position, row

    def _is_sound(self, position: int, row: Row) -> bool:
        """Whether no special token of the template stands in the row; each one is a finding."""
        sound = True
        for example in examples_in(row):
            for place in find_in(example, template=self._options.template):
                severity = place.found.severity
                self.findings.add(RowError(position, "special_token", place.path, place.found.token, severity=severity))
                sound = sound and severity != "error"
        return sound

    def _converted(self, rows: Iterable[Placed]) -> Iterator[Placed]:
        """The rows as rows of the format's kind. What gives nothing is counted; what cannot be turned is a fault."""
        for position, row in convert.convert(rows, to=self._format.kind, settings=self._options.converting):
            if not isinstance(row, RowError):
                yield position, row
            elif row.severity == "warning":
                self.findings.left_out[row.code] += 1
            else:
                self._refuse(replace(row, line=position))

    def _read(self, position: int, row: Row) -> bool:
        """What only a look at the texts can tell: special tokens of the template, length."""
        sound, options = True, self._options
        if options.template and not self._renders:
            sound = self._is_sound(position, row)
        if options.cutoff and (size := tokens_of(row)) > options.cutoff:
            self.findings.add(RowError(position, "over_cutoff", message=str(size), severity="warning"))
        if not sound:
            self.findings.bad_rows += 1
        return sound


def examples_in(row: Row) -> Iterator[Example]:
    """Every text of a row as examples, so that one finder serves all kinds."""
    if isinstance(row, Example):
        yield row
    elif isinstance(row, Feedback):
        yield row.example
    elif isinstance(row, Pair):
        yield from (convert.answered(row.prompt, answer) for answer in (row.chosen, row.rejected))
    elif isinstance(row, Ranking):
        yield from (convert.answered(row.prompt, answer) for answer in row.answers)
    elif isinstance(row, Text):
        yield Example("", output=row.text)
    else:
        yield Example(row.prompt, output="\n".join(row.completions))


def tokens_of(row: Row) -> int:
    """About how many tokens the row is to a trainer; of several answers the longest counts."""
    return max((_example_tokens(each) for each in examples_in(row)), default=0)


def _example_tokens(example: Example) -> int:
    said: list[Any] = [example.system, example.instruction, example.input, example.output, example.tools]
    said += [turn.content for turn in (*example.turns, *example.steps)]
    said += [call.arguments for call in example.calls]
    return sum(token_estimate(text) for text in said if text)
