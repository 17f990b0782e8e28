"""Datasets: versions that pin what was approved at one moment, so that nothing later changes them."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from generation.models import Person, Project
from review.models import Dataset, DatasetRow, DatasetVersion
from review.selection import Selection

DEFAULT = "approved"
BATCH = 2500
"""Rows per transaction while pinning: SQLite has one writer, and a reviewer waits for no more than one batch."""

_INSERT = (
    "INSERT INTO review_datasetrow (version_id, position, sample_id, revision, split, source) "
    "VALUES (%s, %s, %s, %s, '', '')"
)


class NothingApprovedError(Exception):
    """The selection meets no row, so there is nothing to freeze."""


def freeze(dataset: Dataset, *, selection: Selection, by: Person | None, now: datetime) -> DatasetVersion:
    """A complete version with every approved row of the selection pinned in its current revision.

    `NothingApprovedError` when there is none. It reads one snapshot and writes in short transactions.
    """
    version = open_version(dataset, selection=selection, by=by, now=now)
    pin_rows(version, hold=lambda done, total: None)
    return version


def open_version(dataset: Dataset, *, selection: Selection, by: Person | None, now: datetime) -> DatasetVersion:
    """The next version, still without rows: nobody sees it until `pin_rows` has sealed it."""
    if not selection.rows(dataset.project).exists():
        raise NothingApprovedError
    with transaction.atomic():
        Dataset.objects.select_for_update().get(pk=dataset.pk)
        last = dataset.versions.aggregate(last=Max("number"))["last"] or 0
        parent = dataset.versions.complete().order_by("-number").first()
        return dataset.versions.create(
            number=last + 1, parent=parent, config=selection.as_config(), frozen_by=by, frozen_at=now
        )


def dataset_of(project: Project, *, now: datetime, name: str = DEFAULT) -> Dataset:
    """The project's dataset of that name, made when it is not there yet."""
    dataset, _ = Dataset.objects.get_or_create(project=project, name=name, defaults={"created_at": now})
    return dataset


def pin_rows(version: DatasetVersion, *, hold: Callable[[int, int], None]) -> None:
    """Pins the version's selection as it is at this moment and seals the version.

    `hold(done, total)` is called within every transaction; whatever it raises undoes that batch. Pins that an earlier,
    broken-off try left behind are removed first, because they belong to another moment; so are those of versions that
    were given up.
    """
    samples, revisions, content_hash = _snapshot(version)
    total = len(samples)
    if not total:
        raise NothingApprovedError
    for stale in (version, *version.dataset.versions.given_up()):
        for first in _left_behind(stale):
            with transaction.atomic():
                stale.pins.filter(position__lt=first + BATCH).delete()
                hold(0, total)
    for start in range(0, total, BATCH):
        end = min(start + BATCH, total)
        places = range(start + 1, end + 1)
        rows = [(version.pk, place, samples[place - 1], revisions[place - 1]) for place in places]
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.executemany(_INSERT, rows)
            hold(end, total)
    with transaction.atomic():
        hold(total, total)
        version.rows, version.content_hash = total, content_hash
        version.save(update_fields=["rows", "content_hash"])


def _snapshot(version: DatasetVersion) -> tuple[array[int], array[int], str]:
    """Sample ids, revisions and their hash, read by one statement: 12 bytes a row, and no lock on any of them."""
    samples, revisions, digest = array("q"), array("i"), hashlib.sha256()
    selection = Selection.from_config(version.config)
    found = selection.rows(version.dataset.project).values_list("id", "revision", "content_hash")
    for sample, revision, content_hash in found.iterator(chunk_size=5000):
        samples.append(sample)
        revisions.append(revision)
        digest.update(content_hash.encode("ascii"))
    return samples, revisions, digest.hexdigest()


def _left_behind(version: DatasetVersion) -> Iterator[int]:
    while (first := DatasetRow.objects.filter(version=version).order_by("position").first()) is not None:
        yield first.position
