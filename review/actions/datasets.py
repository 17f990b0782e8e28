"""Datasets: versions that pin what was approved at one moment, so that nothing later changes them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from generation.actions.pace import Pace
from generation.actions.tallies import count_moves
from generation.models import Person, Project
from review.mixes.blend import Blend, blend
from review.mixes.comparing import changes_since_parent
from review.mixes.measuring import measure
from review.mixes.mixing import Places
from review.mixes.recipe import Recipe
from review.mixes.snapshot import pool_of
from review.mixes.splitting import NAMES
from review.models import Dataset, DatasetRow, DatasetVersion
from review.selection import Selection

DEFAULT = "approved"
BATCH = 2500
"""The most rows per transaction while pinning; `Pace` takes fewer where reviewers would wait."""

_SUBJECTS = {"sft": "sample_id", "ranking": "sample_id", "preference": "pair_id", "feedback": "feedback_id"}
_INSERT = (
    "INSERT INTO review_datasetrow (version_id, position, {subject}, revision, split, source, answers) "
    "VALUES (%s, %s, %s, %s, %s, %s, {answers})"
)


class NothingApprovedError(Exception):
    """The selection meets no row, so there is nothing to freeze."""


class WrongKindError(Exception):
    """The dataset of that name holds rows of another kind."""


def freeze(
    dataset: Dataset,
    *,
    by: Person | None,
    now: datetime,
    recipe: Recipe | None = None,
    selection: Selection = Selection(),  # noqa: B008 - frozen
) -> DatasetVersion:
    """A complete version with every row of the recipe (or the selection alone) pinned in its current revision.

    `NothingApprovedError` when there is none. It reads one snapshot and writes in short transactions.
    """
    version = open_version(dataset, recipe=recipe, selection=selection, by=by, now=now)
    pin_rows(version, hold=lambda done, total: None)
    return version


def open_version(
    dataset: Dataset,
    *,
    by: Person | None,
    now: datetime,
    recipe: Recipe | None = None,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    note: str = "",
) -> DatasetVersion:
    """The next version, still without rows: nobody sees it until `pin_rows` has sealed it.

    `NothingApprovedError` when no source has a row, `WrongKindError` when they are not of the dataset's kind.
    """
    recipe = recipe or Recipe.of(selection)
    if any(source.selection.kind != dataset.kind for source in recipe.sources):
        raise WrongKindError
    if not any(source.selection.rows(dataset.project).exists() for source in recipe.sources):
        raise NothingApprovedError
    with transaction.atomic():
        Dataset.objects.select_for_update().get(pk=dataset.pk)
        last = dataset.versions.aggregate(last=Max("number"))["last"] or 0
        parent = dataset.versions.complete().order_by("-number").first()
        return dataset.versions.create(
            number=last + 1, parent=parent, config=recipe.as_config(), frozen_by=by, frozen_at=now, note=note[:300]
        )


def dataset_of(project: Project, *, now: datetime, name: str = DEFAULT, kind: str = Dataset.Kind.SFT) -> Dataset:
    """The project's dataset of that name, made when it is not there yet. `WrongKindError` when it holds other rows."""
    with transaction.atomic():
        dataset, made = Dataset.objects.get_or_create(
            project=project, name=name, defaults={"created_at": now, "kind": kind}
        )
        if made:
            count_moves(project.pk, kind="dataset", moves={"made": 1})
    if dataset.kind != kind:
        raise WrongKindError
    return dataset


def pin_rows(version: DatasetVersion, *, hold: Callable[[int, int], None]) -> None:
    """Pins the version's rows as they are at this moment and seals the version.

    `hold(done, total)` is called within every transaction; whatever it raises undoes that batch. Pins that an earlier,
    broken-off try left behind are removed first, because they belong to another moment; so are those of versions that
    were given up.
    """
    mixed = _blend(version, hold=hold)
    total = len(mixed)
    if not total:
        raise NothingApprovedError
    for stale in (version, *version.dataset.versions.given_up()):
        for first in _left_behind(stale):
            with transaction.atomic():
                stale.pins.filter(position__lt=first + BATCH).delete()
                hold(0, total)
    insert = _insert(version.dataset.kind)
    order = mixed.by_subject()
    pace, start = Pace(size=min(BATCH, 500), largest=BATCH), 0
    while start < total:
        rows = _lines(version, mixed, order[start : start + pace.size])
        start += len(rows)
        with pace.transaction():
            with connection.cursor() as cursor:
                cursor.executemany(insert, rows)
            hold(start, total)
    _seal(version, mixed, hold=hold)


def _blend(version: DatasetVersion, *, hold: Callable[[int, int], None]) -> Blend:
    """The version's recipe worked out on the rows as they are now: some 90 bytes a row, and no lock on any of them."""
    recipe = Recipe.from_config(version.config)
    wanted = bool(recipe.ratios and recipe.apart)
    near = wanted and "near" in recipe.apart
    pools = []
    for each in recipe.sources:
        selection, by = each.selection, recipe.balance
        pools.append(pool_of(version.dataset.project, selection=selection, balance=by, prompts=wanted, texts=near))
        hold(0, 0)
    return blend(recipe, pools=pools)


def _lines(version: DatasetVersion, mixed: Blend, rows: Places) -> list[tuple[Any, ...]]:
    names = [source.name for source in Recipe.from_config(version.config).sources]
    split = bool(mixed.splits)
    columns = (column[rows].tolist() for column in (mixed.source, mixed.place, mixed.side))
    lines = []
    for position, source, place, side in zip((rows + 1).tolist(), *columns, strict=True):
        pool = mixed.pools[source]
        answers = pool.answers.get(place)
        lines.append(
            (
                version.pk, position, pool.ids[place], pool.revisions[place], NAMES[side] if split else "",
                names[source], json.dumps(answers) if answers else None,
            )
        )  # fmt: skip
    return lines


def _insert(kind: str) -> str:
    cast = "CAST(%s AS jsonb)" if connection.vendor == "postgresql" else "%s"
    return _INSERT.format(subject=_SUBJECTS.get(kind, "text_id"), answers=cast)


def _seal(version: DatasetVersion, mixed: Blend, *, hold: Callable[[int, int], None]) -> None:
    total = len(mixed)
    version.rows, version.splits = total, mixed.splits
    figures = {"sources": mixed.manifest, "warnings": mixed.warnings, "repeats": mixed.repeats()}
    version.figures = figures | measure(version) | changes_since_parent(version)
    content_hash = mixed.content_hash()
    with transaction.atomic():
        hold(total, total)
        version.content_hash = content_hash
        version.save(update_fields=["rows", "content_hash", "splits", "figures"])


def _left_behind(version: DatasetVersion) -> Iterator[int]:
    while (first := DatasetRow.objects.filter(version=version).order_by("position").first()) is not None:
        yield first.position
