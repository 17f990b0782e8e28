"""What a file would become, before anything is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO

from generation.actions.reading import MOST_ERRORS, Batch
from generation.actions.row_batches import Ready, ready, turned_key
from generation.actions.row_imports import Choices
from generation.actions.row_reading import rows_in
from generation.formats.detecting import Detected
from generation.models import Answer, Feedback, PreferencePair, Project, Sample, Text
from generation.types import Example, RowError

MOST = 2000
SHOWN = 6
KINDS = ("samples", "prompts", "pairs", "rankings", "feedback", "texts")


@dataclass(frozen=True, slots=True)
class RowPreview:
    """The beginning of a file as it would come in. `whole` is true when these counts are those of the whole file.

    `kinds` counts rows by what they become. `ambiguous` says that several formats may be meant and nobody chose.
    """

    rows: tuple[tuple[int, Any], ...] = ()
    errors: tuple[RowError, ...] = ()
    read: int = 0
    accepted: int = 0
    rejected: int = 0
    duplicates: int = 0
    whole: bool = True
    kinds: tuple[tuple[str, int], ...] = ()
    media: tuple[str, ...] = ()
    ambiguous: bool = False


def preview_rows(project: Project, *, file: BinaryIO, choices: Choices, most: int = MOST) -> RowPreview:
    """What the first `most` rows of the file would become. The file is left where it was."""
    start = file.tell()
    lines = rows_in(file, reading=choices.reading)
    looked_at = list(islice(lines, most))
    whole = next(lines, None) is None
    file.seek(start)
    rows = ready(looked_at, said=choices.said, as_answers=choices.as_answers)
    batch = Batch(rows.lines, 0)
    good = [(line, row) for line, row in rows.lines if not isinstance(row, RowError)]
    fresh = _fresh(project, rows)
    return RowPreview(
        rows=tuple(good[:SHOWN]),
        errors=tuple(batch.errors[:MOST_ERRORS]),
        read=batch.read,
        accepted=fresh,
        rejected=batch.rejected,
        duplicates=batch.read - batch.rejected - fresh,
        whole=whole,
        kinds=tuple((name, len(getattr(rows, name))) for name in KINDS if getattr(rows, name)),
        media=_media(row for _, row in good),
    )


def unreadable(found: Detected) -> RowPreview:
    """The preview of a file that no format was found for, or that several may fit."""
    errors = [each for _, each in found.records if isinstance(each, RowError)]
    rejected = sum(each.severity == "error" for each in errors)
    return RowPreview(
        errors=tuple(errors[:MOST_ERRORS]), read=len(found.records), rejected=rejected, ambiguous=bool(found.candidates)
    )


def _fresh(project: Project, rows: Ready) -> int:
    counted: list[tuple[Any, dict[str, Any]]] = [
        (Sample, rows.samples), (Sample, rows.prompts), (Feedback, rows.feedback), (Text, rows.texts),
    ]  # fmt: skip
    fresh = _fresh_pairs(project, rows) if rows.pairs else 0
    for model, kept in counted:
        if kept:
            known = model.objects.filter(project=project, content_hash__in=list(kept))
            fresh += len(kept) - len(set(known.values_list("content_hash", flat=True)))
    return fresh + (_fresh_rankings(project, rows) if rows.rankings else 0)


def _fresh_pairs(project: Project, rows: Ready) -> int:
    """Pairs that are there in neither direction: a preview that told the direction would tell who votes blind."""
    either = {key: (key, turned_key(pair)) for key, (_, pair) in rows.pairs.items()}
    asked = {key for both in either.values() for key in both}
    known = PreferencePair.objects.filter(project=project, content_hash__in=asked)
    there = set(known.values_list("content_hash", flat=True))
    return sum(there.isdisjoint(both) for both in either.values())


def _fresh_rankings(project: Project, rows: Ready) -> int:
    prompts = {row.prompt.content_hash for _, row in rows.rankings}
    kept = Answer.objects.filter(sample__project=project, sample__content_hash__in=prompts)
    known = set(kept.values_list("sample__content_hash", "content_hash"))
    fresh = 0
    for _, row in rows.rankings:
        keys = {(row.prompt.content_hash, answer.content_hash) for answer in row.answers}
        fresh += not keys <= known
        known |= keys
    return fresh


def _media(rows: Any) -> tuple[str, ...]:
    """The first media that these rows name."""
    names: Counter[str] = Counter()
    for row in rows:
        example = row if isinstance(row, Example) else getattr(row, "prompt", None) or getattr(row, "example", None)
        if isinstance(example, Example):
            names.update((*example.images, *example.videos, *example.audios))
    return tuple(names)[:20]
