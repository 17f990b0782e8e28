"""What a file would hold, worked out before anything is written: exact counts, first and last row, lengths, faults."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO

from generation.files import layouts
from generation.files.records import Record
from generation.formats.contract import Findings
from generation.models import Project
from generation.types import Row
from review.exporting.choice import Choice
from review.exporting.encoding import Encoder, tokens_of
from review.exporting.options import ExportOptions
from review.rows import example_of, pinned_rows
from review.selection import Figures, figures

CHECKED = 2000
"""Rows that the page itself looks at; the job looks at every one."""
SECONDS = 0.6
PREVIEW_CHARACTERS = 4000
STEPS = (64, 128, 256, 512, 1024, 2048, 4096, 8192)

Stopwatch = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the histogram: rows of up to `most` estimated tokens (None: of more)."""

    most: int | None
    rows: int
    over: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """What the file would hold. `checked` rows were converted, encoded and held against the target's contract;
    `lines` is how many records they gave."""

    choice: Choice
    figures: Figures | None
    rows: int
    first: str
    last: str
    cut: bool
    checked: int
    lines: int
    findings: Findings
    bars: list[Bar]

    @property
    def checked_all(self) -> bool:
        """Whether the page saw every row."""
        return self.checked >= self.rows

    @property
    def text(self) -> str:
        """The first and the last row, as they will be written."""
        return self.first + self.last

    @property
    def blocked(self) -> bool:
        """Whether it is known already that the job would refuse to write this."""
        found, options = self.findings, self.choice.options
        refused = found.refused and self.checked_all
        return bool(self.rows) and (
            (bool(found.bad_rows) and not options.leave_out) or (refused and not options.despite)
        )

    @property
    def most_in_bar(self) -> int:
        """The longest bar."""
        return max((bar.rows for bar in self.bars), default=1) or 1


def offer(project: Project, choice: Choice, *, stopwatch: Stopwatch = time.monotonic) -> Offer:
    """The offer for a choice: a handful of queries, and at most about a second on large sets."""
    found = None
    if choice.version is None:
        found = figures(project, choice.selection)
        choice = choice.preset(found)
        rows = found.approved if choice.selection.without_model else found.made_with_model
    else:
        rows = _rows_of_version(choice)
    # Nothing is left out of what is looked at, so that first and last row are those of the file.
    encoder = Encoder(choice.format, source=choice.kind, options=choice.options, loaded=choice.options.bundle)
    bars = Histogram(choice.options.cutoff)
    seen = _Seen(_head(project, choice), bars, stopwatch)
    records = [record for _, record in encoder.records(seen.rows())]
    if seen.count >= rows:
        encoder.end()
    last = records[-1:] if seen.count >= rows else _last(project, choice)
    first, end = _shown(records[:1], choice.options), _shown(last if len(records) > 1 else [], choice.options)
    cut = max(len(first), len(end)) > PREVIEW_CHARACTERS
    return Offer(
        choice, found, rows, first[:PREVIEW_CHARACTERS], end[:PREVIEW_CHARACTERS], cut, seen.count, len(records),
        encoder.findings, bars.bars(),
    )  # fmt: skip


class Histogram:
    """Rows by estimated tokens."""

    def __init__(self, cutoff: int) -> None:
        self._cutoff = cutoff
        self._counts = [0] * (len(STEPS) + 1)

    def add(self, row: Row) -> None:
        """One row."""
        size = tokens_of(row)
        self._counts[next((at for at, most in enumerate(STEPS) if size <= most), len(STEPS))] += 1

    def bars(self) -> list[Bar]:
        """The bars from the first to the last that has rows."""
        told = [at for at, count in enumerate(self._counts) if count]
        if not told:
            return []
        lower = (0, *STEPS)
        return [
            Bar(STEPS[at] if at < len(STEPS) else None, self._counts[at], 0 < self._cutoff <= lower[at])
            for at in range(told[0], told[-1] + 1)
        ]


class _Seen:
    """Counts the rows that pass, and stops when there were enough of them or the time is up."""

    def __init__(self, rows: Iterator[tuple[int, Row]], bars: Histogram, stopwatch: Stopwatch) -> None:
        self._rows, self._bars, self._stopwatch = rows, bars, stopwatch
        self.count = 0

    def rows(self) -> Iterator[tuple[int, Row]]:
        end = self._stopwatch() + SECONDS
        for position, row in self._rows:
            self._bars.add(row)
            self.count += 1
            yield position, row
            if self.count >= CHECKED or (self.count % 50 == 0 and self._stopwatch() > end):
                return


def _rows_of_version(choice: Choice) -> int:
    assert choice.version is not None
    split = choice.options.split
    return choice.version.splits.get(split, 0) if split else choice.version.rows


def _head(project: Project, choice: Choice) -> Iterator[tuple[int, Row]]:
    if choice.version is None:
        samples = choice.selection.rows(project)[: CHECKED + 1]
        yield from ((at, example_of(sample)) for at, sample in enumerate(samples, 1))
        return
    for batch in pinned_rows(choice.version, batch=500, split=choice.options.split or None):
        yield from ((row.position, row.row) for row in batch)


def _last(project: Project, choice: Choice) -> list[Record]:
    encoder = Encoder(choice.format, source=choice.kind, options=choice.options)
    if choice.version is None:
        sample = choice.selection.rows(project).last()
        rows: list[tuple[int, Row]] = [(1, example_of(sample))] if sample is not None else []
    else:
        pins = choice.version.pins.order_by("-position")
        pin = (pins.filter(split=choice.options.split) if choice.options.split else pins).first()
        place = pin.position if pin else 0
        rows = [(row.position, row.row) for b in pinned_rows(choice.version, first=place, last=place) for row in b]
    return [record for _, record in encoder.records(rows)][-1:]


def _shown(records: list[Record], options: ExportOptions) -> str:
    """A record as it stands in the file; of a Parquet file its JSON, which shows the same."""
    if not records:
        return ""
    layout = options.layout if options.layout in ("csv", "tsv") else "jsonl"
    file = BytesIO()
    layouts.write(records, file, layout=layout, spreadsheet_safe=options.spreadsheet_safe)
    return file.getvalue().decode("utf-8")
