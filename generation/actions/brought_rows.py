"""Rows that a command brings in at once: prompts without their outputs, or prompts with the answers that they have.

The same rows twice add nothing. What is new belongs to an import that is over, so that each row can be led back to its
line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db import transaction

from generation.actions.reading import MOST_ERRORS, Line
from generation.actions.row_batches import Ready, ready, write
from generation.actions.row_imports import KIND, Choices
from generation.actions.row_index import start_indexing
from generation.actions.row_reading import Reading
from generation.actions.row_values import Said
from generation.actions.row_writes import Into
from generation.models import Job, Project, Sample
from generation.types import RowError

_AT_ONCE = 500


@dataclass
class Brought:
    """The ids of the rows' prompts among the project's samples, each once, in the order of the file; what was new, and
    what is wrong with the others."""

    ids: list[int] = field(default_factory=list)
    new: int = 0
    faults: list[RowError] = field(default_factory=list)


def bring_rows(project: Project, *, lines: Iterable[Line], name: str, format: str, now: datetime) -> Brought:
    """Writes the prompts and rankings that are not there yet, batch by batch, and finds them all."""
    said, found = Said(), Brought()
    params = {
        "name": name,
        "token": "",
        "size": 0,
        "rows": 0,
        **Choices(Reading(format), said, source=name).as_params(),
    }
    job = Job.objects.create(
        project=project, kind=KIND, params=params, state=Job.State.DONE, created_at=now, started_at=now, finished_at=now
    )  # fmt: skip
    known: dict[int, None] = {}
    for batch in _batches(lines):
        rows = ready(batch, said=said)
        with transaction.atomic():
            # Two commands with the same rows at once: the second one waits, and then finds them there.
            held = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
            found.new += write(Into(held, job, said, name, None, now), rows=rows)
        found.faults += [each for _, each in rows.lines if isinstance(each, RowError)]
        job.done += len(rows.lines)
        known |= dict.fromkeys(_ids(project, rows))
    found.ids = list(known)
    if not Sample.objects.filter(job=job).exists():
        job.delete()
        return found
    job.total, job.accepted, job.rejected = job.done, found.new, len(found.faults)
    job.skipped = job.done - job.accepted - job.rejected
    job.errors = [{"line": each.line, "code": each.code, "path": each.path, "excerpt": each.excerpt}
                  for each in found.faults[:MOST_ERRORS]]  # fmt: skip
    job.save()
    start_indexing(project, by=None, now=now, after=job)
    return found


def _batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    rest = iter(lines)
    while batch := list(islice(rest, _AT_ONCE)):
        yield batch


def _ids(project: Project, rows: Ready) -> list[int]:
    """The prompts of these rows, oldest first of what has the same content, in the order of the rows."""
    hashes = [*rows.prompts, *rows.samples, *(row.prompt.content_hash for _, row in rows.rankings)]
    kept = Sample.objects.filter(project=project, content_hash__in=hashes, evaluation=False).order_by("-id")
    by_hash = dict(kept.values_list("content_hash", "id"))
    return [by_hash[each] for each in dict.fromkeys(hashes) if each in by_hash]
