"""The verbs of single seeds. Files of seeds come in through `actions/imports.py`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from generation.actions.seed_rows import content_hash, fault, fill, new_seed, row_of
from generation.actions.tallies import count_moves
from generation.formats.seed_tasks import SeedRow
from generation.models import Project, Seed
from generation.types import RowError

BY_HAND = "by hand"


class DuplicateSeedError(Exception):
    """The project has a seed of exactly this content; `seed` is that one."""

    def __init__(self, seed: Seed) -> None:
        super().__init__(seed.pk)
        self.seed = seed


class FaultySeedError(Exception):
    """The content cannot be a seed; `error` says where and why."""

    def __init__(self, error: RowError) -> None:
        super().__init__(error.code)
        self.error = error


@transaction.atomic
def save_seed(
    project: Project, *, row: SeedRow, now: datetime, seed: Seed | None = None, source: str = BY_HAND
) -> Seed:
    """A new seed, or `seed` with new content. A retired twin of a new seed comes back in its place.

    `FaultySeedError` for what cannot be stored, `DuplicateSeedError` when another seed has this very content.
    """
    if not row.instruction.strip() and not any(value.strip() for value in row.fields.values()):
        raise FaultySeedError(RowError(0, "empty_instruction", path="instruction"))
    if error := fault(row):
        raise FaultySeedError(error)
    Project.objects.select_for_update().get(pk=project.pk)
    twin = Seed.objects.filter(project=project, content_hash=content_hash(row)).first()
    if twin is not None and (seed is None or twin.pk != seed.pk):
        if twin.retired_at is None or seed is not None:
            raise DuplicateSeedError(twin)
        seed = twin
    if seed is not None:
        came_back = seed.retired_at is not None
        seed.retired_at = None
        fill(seed, row=row, now=now).save()
    else:
        came_back = True
        seed = new_seed(project, row=row, source=source, line=None, now=now)
        seed.save()
    count_moves(project.pk, kind="seed", moves={"active": int(came_back)})
    return seed


def retire_seed(seed: Seed, *, now: datetime) -> None:
    """Takes one seed out of lists and future runs; what was made from it keeps its lineage."""
    retire_seeds(seed.project, ids=[seed.pk], now=now)


@transaction.atomic
def retire_seeds(project: Project, *, ids: Iterable[int], now: datetime) -> int:
    """Retires those of `ids` that are the project's and still active; returns how many."""
    retired = Seed.objects.in_project(project).filter(pk__in=list(ids)).update(retired_at=now, updated_at=now)
    count_moves(project.pk, kind="seed", moves={"active": -retired})
    return retired


@transaction.atomic
def tag_seeds(project: Project, *, ids: Iterable[int], tag: str, now: datetime) -> int:
    """Adds `tag` to those of `ids` that are the project's; returns how many changed. `FaultySeedError` if it is odd."""
    changed = 0
    for seed in Seed.objects.in_project(project).filter(pk__in=list(ids)).select_for_update():
        if tag not in seed.tags:
            row = row_of(seed, more_tags=(tag,))
            if error := fault(row):
                raise FaultySeedError(error)
            fill(seed, row=row, now=now).save()
            changed += 1
    return changed
