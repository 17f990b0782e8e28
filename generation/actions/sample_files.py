"""Sample files that ship with FDC, brought into a project as if somebody had uploaded them."""

from __future__ import annotations

from datetime import datetime

from generation.actions.row_imports import Choices, start_row_import
from generation.actions.row_reading import Reading
from generation.actions.row_values import Said
from generation.actions.uploads import store_upload
from generation.formats.detecting import detect
from generation.models import Job, Person, Project
from generation.samples import TRAINING_ROWS, sample_path


class UnclearSampleError(ValueError):
    """No one format reads this file; it is no sample of training data."""


def import_sample(project: Project, *, name: str, by: Person | None, now: datetime, said: Said = Said()) -> Job:  # noqa: B008
    """A job that reads the shipped file in, its format found out. `UnknownSample` when we ship none of that name."""
    path = sample_path(name)
    with path.open("rb") as file:
        clear = detect(file).clear
    if clear is None:
        raise UnclearSampleError(name)
    upload = store_upload(project, name=name, chunks=[path.read_bytes()])
    choices = Choices(Reading(clear.format, dict(clear.fields)), said, source=name)
    return start_row_import(project, upload=upload, choices=choices, by=by, now=now)


def import_samples(project: Project, *, by: Person | None, now: datetime) -> list[Job]:
    """A job for each shipped file of training rows; together they bring samples, pairs and feedback in."""
    return [import_sample(project, name=name, by=by, now=now) for name in TRAINING_ROWS]
