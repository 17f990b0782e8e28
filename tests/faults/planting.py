"""What a scripted run draws from, planted as rows: the `sources` of an `*.expected.json`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from generation.content import content_hash
from generation.documents.reading import read_document
from generation.formats import seed_tasks
from generation.models import Answer, Document, Project, Revision, Sample, Seed, Vocabulary
from generation.samples import sample_path

_HEADING = "#"


def plant(project: Project, *, sources: Mapping[str, Any], language: str, now: datetime) -> None:
    """Writes every kind of source that is named; a text instead of rows is the name of one of our sample files."""
    for kind, given in sources.items():
        _PLANTS[kind](project, given, language, now)


def _seeds(project: Project, given: str | list[dict[str, Any]], language: str, now: datetime) -> None:
    """Rows of `Seed`'s fields, or a sample file of seed tasks."""
    rows = _seed_file(given) if isinstance(given, str) else given
    Seed.objects.bulk_create(
        Seed(**{"project": project, "language": language, "created_at": now, "updated_at": now,
                "content_hash": hashlib.sha256(f"{number}{row}".encode()).hexdigest()} | row)
        for number, row in enumerate(rows)
    )  # fmt: skip


def _seed_file(name: str) -> list[dict[str, Any]]:
    with sample_path(name).open("rb") as file:
        rows = [row for _, row in seed_tasks.read(file) if isinstance(row, seed_tasks.SeedRow)]
    return [
        {
            "instruction": row.instruction, "is_classification": row.is_classification, "fields": dict(row.fields),
            "instances": [{"input": each.input, "output": each.output} for each in row.instances],
        }
        for row in rows
    ]  # fmt: skip


def _samples(project: Project, given: str | list[dict[str, Any]], language: str, now: datetime) -> None:
    """Rows of `Sample`'s fields, approved unless they say otherwise, or a JSON-lines sample file of such rows."""
    rows = [json.loads(line) for line in _lines(given)] if isinstance(given, str) else given
    for row in rows:
        said = {name: row.get(name, "") for name in ("system", "instruction", "input", "output")}
        told = content_hash(**said)
        defaults = {"language": language, "state": Sample.State.APPROVED, "origin": Sample.Origin.IMPORT}
        sample = Sample.objects.create(project=project, content_hash=told, created_at=now, **defaults | row)
        Revision.objects.create(
            sample=sample, number=1, turns=sample.turns, content_hash=told, created_at=now, **said
        )  # fmt: skip


def _answers(project: Project, given: list[dict[str, Any]], language: str, now: datetime) -> None:
    """Prompts, each with the texts of its `answers`, or rows of `Answer`'s fields."""
    for row in given:
        asked = {name: value for name, value in row.items() if name != "answers"}
        told = content_hash(instruction=row["instruction"], input=row.get("input", ""))
        sample = Sample.objects.create(
            project=project, content_hash=told, created_at=now, origin=Sample.Origin.IMPORT, language=language,
            state=Sample.State.GENERATED, **asked,
        )  # fmt: skip
        for at, each in enumerate(row["answers"]):
            fields = {"text": each} if isinstance(each, str) else each
            Answer.objects.create(sample=sample, created_at=now, content_hash=f"{told[:50]}{at}", **fields)


def _documents(project: Project, given: list[str | dict[str, Any]], language: str, now: datetime) -> None:
    """Each a row of {name, text} and whatever else of `Document`, or the name of a sample file."""
    for each in given:
        row = _read(each) if isinstance(each, str) else dict(each)
        row.setdefault("headings", _headings(row["text"]))
        content = row["text"].encode()
        told = hashlib.sha256(content).hexdigest()
        sizes = {"size": len(content), "characters": len(row["text"])}
        defaults = {"language": language, "content": content, "content_hash": told, "created_at": now, **sizes}
        Document.objects.create(project=project, **defaults | row)


def _read(name: str) -> dict[str, Any]:
    with sample_path(name).open("rb") as file:
        parsed = read_document(name, file)
    return {"name": name, "text": parsed.text, "language": parsed.language, "headings": [*map(list, parsed.headings)]}


def _headings(text: str) -> list[list[Any]]:
    """[offset, level, title] of the lines that begin with `#`."""
    found, offset = [], 0
    for line in text.split("\n"):
        title = line.lstrip(_HEADING)
        if title != line:
            found.append([offset, len(line) - len(title), title.strip()])
        offset += len(line) + 1
    return found


def _vocabulary(project: Project, given: str | dict[str, list[str]], language: str, now: datetime) -> None:
    """Terms by category, or a sample file of them in JSON."""
    terms = json.loads("\n".join(_lines(given))) if isinstance(given, str) else given
    Vocabulary.objects.create(project=project, name="planted", language=language, terms=terms, created_at=now)


def _lines(name: str) -> list[str]:
    return sample_path(name).read_text(encoding="utf-8").splitlines()


_PLANTS: Mapping[str, Callable[[Project, Any, str, datetime], None]] = {
    "seeds": _seeds,
    "samples": _samples,
    "answers": _answers,
    "documents": _documents,
    "vocabulary": _vocabulary,
}
