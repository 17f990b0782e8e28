"""The faults of an import as a file to mend rows by: JSON lines, or CSV that is safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain

import orjson
from django.http import StreamingHttpResponse

from generation.models import Job, JobFault

_COLUMNS = ("line", "severity", "code", "path", "message", "excerpt")


def fault_file(job: Job, *, as_csv: bool) -> StreamingHttpResponse:
    """An attachment that holds every fault of the job, in the order of the file; a few rows in memory at a time."""
    rows = JobFault.objects.filter(job=job).order_by("id").values_list(*_COLUMNS).iterator(chunk_size=1000)
    lines: Iterator[str] | Iterator[bytes] = _csv(rows) if as_csv else _json_lines(rows)
    extension, media_type = ("csv", "text/csv") if as_csv else ("jsonl", "application/x-ndjson")
    response = StreamingHttpResponse(lines, content_type=f"{media_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{job.pk}-faults.{extension}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _json_lines(rows: Iterable[tuple[object, ...]]) -> Iterator[bytes]:
    for row in rows:
        yield orjson.dumps(dict(zip(_COLUMNS, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE)


def _csv(rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line)
    for row in chain([_COLUMNS], rows):
        writer.writerow([_safe(str(cell)) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _safe(cell: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
