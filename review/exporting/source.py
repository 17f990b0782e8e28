"""An export's rows from the database, on their way into files: with the manifest's lines and the job's progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, BinaryIO, cast

from generation.actions.jobs import LEASE, save_progress
from generation.files.records import Record
from generation.formats import format_named
from generation.formats.base import Format
from generation.formats.llama_factory import SHAPES
from generation.models import Job
from generation.types import Example, Feedback, Kind, Pair, Ranking, Row
from review.exporting import manifest
from review.exporting.encoding import Encoder
from review.exporting.options import ExportOptions
from review.models import Export
from review.rows import PinnedRow, pinned_rows
from review.selection import WITHOUT_MODEL

BEAT = timedelta(milliseconds=500)
"""How often progress is written down while a file grows."""

Clock = Callable[[], datetime]


class Source:
    """Hands a version's rows to writers as records, and writes the manifest's lines and the progress as it goes."""

    def __init__(self, export: Export, *, job: Job, clock: Clock, table: BinaryIO) -> None:
        self.options = ExportOptions.from_config(export.options)
        self.format: Format = format_named(export.format)
        self._export, self._job, self._clock, self._table = export, job, clock, table
        self._kind = cast(Kind, export.version.dataset.kind)
        loaded = self.options.bundle and export.format in SHAPES
        self.encoder = Encoder(self.format, source=self._kind, options=self.options, loaded=loaded)
        self._tracer = manifest.Tracer(export.version)
        self._names = self.options.names or not self.options.bundle
        self._walked = 0
        self.rows_without_model = 0
        self.media: set[str] = set()

    def records(self, *, split: str = "", file_name: str = "") -> Iterator[Record]:
        """The records of one split, or of the whole version, in order. `JobLostError` when the job is lost."""
        pinned: dict[int, PinnedRow] = {}
        written: list[int] = []
        line = 0
        for position, record in self.encoder.records(self._placed(pinned, split)):
            written.append(position)
            yield record
            if len(written) >= manifest.BATCH:
                line = self._trace(written, pinned, file_name, line)
        self._trace(written, pinned, file_name, line)
        self._report(force=True)

    def columns(self) -> list[str]:
        """The names that occur in any record, in the order of their first occurrence. It walks all rows."""
        seen: dict[str, None] = {}
        encoder = Encoder(self.format, source=self._kind, options=self.options)
        for _, record in encoder.records(self._positions()):
            if not record.keys() <= seen.keys():
                seen.update(dict.fromkeys(record))
        return list(seen)

    def _positions(self) -> Iterator[tuple[int, Row]]:
        for batch in pinned_rows(self._export.version):
            yield from ((row.position, row.row) for row in batch)
            self._report()

    def _placed(self, pinned: dict[int, PinnedRow], split: str) -> Iterator[tuple[int, Row]]:
        for batch in pinned_rows(self._export.version, split=split or None):
            for row in batch:
                pinned[row.position] = row
                if self.options.bundle:
                    self.media.update(media_in(row.row))
                yield row.position, row.row
            self._walked += len(batch)
            self._report()

    def _trace(self, written: list[int], pinned: dict[int, PinnedRow], file_name: str, line: int) -> int:
        """Writes the manifest's lines of what has been written, and forgets the rows before; the last line's number."""
        rows = [pinned[position] for position in written]
        self._table.write(self._tracer.lines(rows, first=line + 1, file_name=file_name, names=self._names))
        self.rows_without_model += sum(row.origin in WITHOUT_MODEL for row in rows)
        if written:
            for position in [each for each in pinned if each <= written[-1]]:
                del pinned[position]
        written.clear()
        return line + len(rows)

    def _report(self, *, force: bool = False) -> None:
        now = self._clock()
        if force or self._job.lease_until is None or now - (self._job.lease_until - LEASE) >= BEAT:
            save_progress(self._job, now=now, done=min(self._walked, self._export.version.rows))


def media_in(row: Row) -> tuple[str, ...]:
    """The names of the media that a row refers to."""
    shown = row.example if isinstance(row, Feedback) else row.prompt if isinstance(row, Pair | Ranking) else row
    return (*shown.images, *shown.videos, *shown.audios) if isinstance(shown, Example) else ()


def findings_as_config(encoder: Encoder) -> dict[str, Any]:
    """What a check found, as plain JSON: counts, faults of the file as a whole, rows left out by reason."""
    found = encoder.findings
    return {
        "counts": [[severity, code, count] for (severity, code), count in sorted(found.counts.items())],
        "file": [[fault.severity, fault.code, fault.message] for fault in found.file_faults],
        "bad_rows": found.bad_rows,
        "left_out": dict(sorted(found.left_out.items())),
    }
