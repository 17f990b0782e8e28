"""Held-out splits of frozen versions become evaluation sets: what a model is measured with, no later row may repeat."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from django.db import transaction

from generation import dispatch
from generation.access import Seat
from generation.actions.evaluation_sets import (
    LONGEST_NAME,
    MOST_ITEMS,
    EvaluationSetError,
    add_items,
    begin_set,
    note_added,
)
from generation.actions.jobs import fail_job, finish_job, save_progress
from generation.files.text import check_text
from generation.models import EvaluationSet, Job
from generation.quality.rows import draft_of
from review.mixes.splitting import HELD_OUT
from review.models import DatasetVersion
from review.models.datasets import TELLING_KINDS
from review.rows import PinnedRow, pinned_rows

KIND = "review.keep_split"
_BATCH = 1000

Clock = Callable[[], datetime]


def keep_split(seat: Seat, *, version: DatasetVersion, split: str, now: datetime) -> EvaluationSet:
    """The set that holds the texts of a version's split, and the waiting job that fills it; the same one when it is
    asked for again. Editors and owners only.

    Of rows that tell which answer was preferred only the prompts are kept. `EvaluationSetError` "no_items" where the
    version has no such rows, "too_many_items", "name_taken".
    """
    rows = version.splits.get(split, 0) if split in HELD_OUT and version.content_hash else 0
    if not rows:
        raise EvaluationSetError("no_items")
    if rows > MOST_ITEMS:
        raise EvaluationSetError("too_many_items")
    known = EvaluationSet.objects.filter(project=seat.project, origin=_origin(version, split)).select_related("job")
    if (there := known.first()) is not None:
        return there
    try:
        return _begun(seat, version=version, split=split, rows=rows, now=now)
    except EvaluationSetError:
        if (there := known.first()) is not None:  # somebody else asked at the same moment
            return there
        raise


def _begun(seat: Seat, *, version: DatasetVersion, split: str, rows: int, now: datetime) -> EvaluationSet:
    ending = f" v{version.number} {split}"
    name = version.dataset.name[: LONGEST_NAME - len(ending)] + ending
    with transaction.atomic():
        made = begin_set(
            seat, name=name, kind=KIND, params={"version": version.pk, "split": split, "rows": rows}, now=now,
            source=name, origin=_origin(version, split), format_name=version.dataset.kind,
        )  # fmt: skip
        assert made.job is not None
        dispatch.ring(KIND, made.job.pk)
    return made


def kept_splits(version: DatasetVersion) -> Mapping[str, EvaluationSet | None]:
    """Each held-out split of a version that has rows, with its evaluation set where it is kept as one."""
    there = {name: _origin(version, name) for name in HELD_OUT if version.splits.get(name)}
    sets = EvaluationSet.objects.filter(project=version.dataset.project_id, origin__in=there.values())
    known = {each.origin: each for each in sets.select_related("job")}
    return {name: known.get(origin) for name, origin in there.items()}


def fill_split(job: Job, *, clock: Clock) -> None:
    """Copies the texts of the job's split into its set, from where it stands, and ends the job."""
    made = EvaluationSet.objects.select_related("project", "made_by").get(job=job)
    version = DatasetVersion.objects.select_related("dataset").get(pk=job.params["version"])
    first = int(job.cursor.get("position", 0)) + 1
    for batch in pinned_rows(version, batch=_BATCH, split=job.params["split"], first=first):
        if batch:
            _write(job, made, batch, kind=version.dataset.kind, now=clock())
    made.refresh_from_db(fields=["size"])
    if not made.size:
        fail_job(job, message="no_items", now=clock())
        return
    finish_job(job, now=clock())
    note_added(made, now=clock())


@transaction.atomic
def _write(job: Job, made: EvaluationSet, batch: list[PinnedRow], *, kind: str, now: datetime) -> None:
    texts = list(_texts(batch, prompts=kind in TELLING_KINDS))
    save_progress(
        job, now=now, total=job.params["rows"], done=job.done + len(batch), accepted=job.accepted + len(texts),
        skipped=job.skipped + len(batch) - len(texts), cursor=job.cursor | {"position": batch[-1].position},
    )  # fmt: skip
    add_items(made, texts=texts)


def _texts(batch: list[PinnedRow], *, prompts: bool) -> Iterator[tuple[str, int | None]]:
    for pinned in batch:
        draft = draft_of(pinned.row)
        parts = (draft.instruction, draft.input) if prompts else (draft.instruction, draft.input, draft.output)
        text = "\n".join(filter(None, parts))
        if text.strip() and check_text(text) is None:
            yield text, pinned.sample


def _origin(version: DatasetVersion, split: str) -> str:
    return f"version {version.pk} {split}"
