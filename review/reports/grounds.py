"""From a sample back to the words of a document: by its own spans, or by those of the nearest sample before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from generation.actions.document_texts import Place, places_of
from generation.models import Grounding, Sample

MOST_STEPS = 50
"""Generations that are walked back."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """Where a sample comes from: `line` are the samples before it, its parent first; `places` the words that the
    nearest of them with any (the sample itself included) was made from. `by` is that sample."""

    line: Sequence[int] = ()
    by: int = 0
    places: Sequence[Place] = ()


def grounds_of(samples: Sequence[Sample]) -> Mapping[int, Grounds]:
    """Sample -> its grounds, for those that have any; no query unless one of them was made from a sample or document.

    The samples were read with their drafts.
    """
    wanted = [each.pk for each in samples if each.parent_id or (each.draft and each.draft.content.get("spans"))]
    return told_of(wanted) if wanted else {}


def told_of(samples: Iterable[int]) -> Mapping[int, Grounds]:
    """The same for ids alone."""
    lines = _lines(set(samples))
    everybody = set(lines) | {pk for line in lines.values() for pk in line}
    grounded = set(Grounding.objects.filter(sample__in=everybody).values_list("sample", flat=True))
    nearest = {pk: next((each for each in (pk, *line) if each in grounded), 0) for pk, line in lines.items()}
    places = places_of({each for each in nearest.values() if each})
    found = {pk: Grounds(tuple(line), nearest[pk], tuple(places.get(nearest[pk], ()))) for pk, line in lines.items()}
    return {pk: each for pk, each in found.items() if each.line or each.places}


def _lines(samples: set[int]) -> dict[int, list[int]]:
    """Sample -> those before it, its parent first. One statement a generation."""
    parents: dict[int, int | None] = {}
    asked = samples
    for _step in range(MOST_STEPS):
        if not asked:
            break
        rows = Sample.objects.filter(pk__in=asked, parent__isnull=False).values_list("pk", "parent_id")
        told = dict(rows)
        parents |= {pk: told.get(pk) for pk in asked}
        asked = {pk for pk in told.values() if pk is not None} - parents.keys()
    lines: dict[int, list[int]] = {}
    for pk in samples:
        line: list[int] = []
        at = parents.get(pk)
        while at is not None and at not in line and len(line) < MOST_STEPS:
            line.append(at)
            at = parents.get(at)
        lines[pk] = line
    return lines
