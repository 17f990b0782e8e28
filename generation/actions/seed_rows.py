"""From a row of a file, or of a form, to a `Seed` that was not saved yet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from generation.content import search_words
from generation.files.text import check_text, excerpt
from generation.formats.seed_tasks import SeedRow
from generation.models import Project, Seed
from generation.quality.language import detect
from generation.types import Instance, RowError

_LONGEST = {"task_type": 60, "language": 10, "source_id": 120}
LONGEST_TAG = 40
MOST_TAGS = 20
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def content_hash(row: SeedRow) -> str:
    """SHA-256 of what makes a seed itself: instruction, instances and columns. Tags and origin do not count."""
    content = [row.instruction, [[each.input, each.output] for each in row.instances], dict(row.fields)]
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def texts(row: SeedRow) -> Iterable[str]:
    """Every text of the row, for checks and for search."""
    yield row.instruction
    for each in row.instances:
        yield each.input
        yield each.output
    yield from row.fields.values()
    yield from row.tags
    yield row.task_type


def searched_by(row: SeedRow) -> str:
    """The value of the `search` column."""
    return search_words(*texts(row))


def fault(row: SeedRow, *, line: int = 0) -> RowError | None:
    """Why the row cannot become a seed, or None: a text that a database cannot hold, or a name that is too long."""
    everything = [*texts(row), *row.fields, row.source_id, row.language]
    if check_text("".join(everything)):  # one look for all: almost every row is sound
        code, text = next((code, text) for text in everything if (code := check_text(text)))
        return RowError(line, code, excerpt=excerpt(text))
    for name, most in _LONGEST.items():
        if len(getattr(row, name)) > most:
            return RowError(line, "too_long", path=name, message=str(most), excerpt=excerpt(getattr(row, name)))
    if len(row.tags) > MOST_TAGS:
        return RowError(line, "too_many_tags", path="tags", message=str(MOST_TAGS))
    for tag in row.tags:
        if len(tag) > LONGEST_TAG:
            return RowError(line, "too_long", path="tags", message=str(LONGEST_TAG), excerpt=excerpt(tag))
    return None


def with_defaults(row: SeedRow, *, task_type: str = "", language: str = "", tags: tuple[str, ...] = ()) -> SeedRow:
    """The row with what the importer said where the file was silent, and with the importer's tags added."""
    return replace(
        row,
        task_type=row.task_type or task_type,
        language=row.language or language or _language(row),
        tags=tuple(dict.fromkeys((*row.tags, *tags))),
    )


def _language(row: SeedRow) -> str:
    return detect("\n".join([row.instruction, *row.fields.values()])[:2000]) or ""


def fill(seed: Seed, *, row: SeedRow, now: datetime) -> Seed:
    """Puts the row's content into an unsaved or changed seed, hash and search tokens included."""
    seed.instruction = row.instruction
    seed.instances = [{"input": each.input, "output": each.output} for each in row.instances]
    seed.fields = dict(row.fields)
    seed.is_classification = row.is_classification
    seed.task_type, seed.language, seed.tags = row.task_type, row.language, list(row.tags)
    seed.content_hash = content_hash(row)
    seed.search = searched_by(row)
    seed.updated_at = now
    return seed


def new_seed(project: Project, *, row: SeedRow, source: str, line: int | None, now: datetime) -> Seed:
    """An unsaved seed of the project."""
    seed = Seed(
        project=project,
        source=source[:200],
        source_id=row.source_id or row.name[:120],
        source_line=line,
        created_at=now,
    )
    return fill(seed, row=row, now=now)


def row_of(seed: Seed, *, more_tags: tuple[str, ...] = ()) -> SeedRow:
    """The seed's content as a row, with more tags where they are wanted."""
    return SeedRow(
        instruction=seed.instruction,
        instances=tuple(Instance(each["input"], each["output"]) for each in seed.instances),
        is_classification=seed.is_classification,
        task_type=seed.task_type,
        language=seed.language,
        tags=(*seed.tags, *more_tags),
        fields=seed.fields,
        source_id=seed.source_id,
    )
