"""Many seeds in one statement: importing spends its time here, and model instances would double it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from generation.actions.seed_rows import searched_by
from generation.formats.seed_tasks import SeedRow
from generation.models import Project

_INSERT = (
    "INSERT INTO generation_seed (project_id, instruction, instances, fields, is_classification, task_type, language, "
    "tags, source, source_id, source_line, content_hash, search, created_at, updated_at) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_as_json = json.JSONEncoder().encode


def insert_seeds(project: Project, *, rows: Iterable[tuple[str, int, SeedRow]], source: str, now: datetime) -> int:
    """Writes (content hash, line, row) as new seeds and returns how many; none of the hashes may be there yet.

    What it writes is what `save_seed` would have written.
    """
    moment = connection.ops.adapt_datetimefield_value(now)
    values = [
        (
            project.pk, row.instruction, _instances(row), _as_json(dict(row.fields)), row.is_classification,
            row.task_type, row.language, _as_json(row.tags), source[:200], row.source_id or row.name[:120], line, key,
            searched_by(row), moment, moment,
        )
        for key, line, row in rows
    ]  # fmt: skip
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(_INSERT, values)
    return len(values)


def _instances(row: SeedRow) -> str:
    return _as_json([{"input": each.input, "output": each.output} for each in row.instances])
