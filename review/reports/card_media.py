"""The media of a sample as a card shows them: what is there, what is missing, and what is never opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from generation.media_types import kind_of
from generation.models import Media, Sample

_KINDS = {"images": "image", "videos": "video", "audios": "audio"}
_MARKS = {"images": "<image>", "videos": "<video>", "audios": "<audio>"}


@dataclass(frozen=True, slots=True)
class MediumSeen:
    """One reference of a row. `pk` is None when there is no such file; `outside` names are never looked for."""

    name: str
    kind: str
    pk: int | None
    outside: bool


def media_seen(samples: Iterable[Sample]) -> Mapping[int, Sequence[MediumSeen]]:
    """Sample id -> its media in order; no query unless one of them has any."""
    rows = [sample for sample in samples if sample.media]
    if not rows:
        return {}
    names = {name for row in rows for each in row.media.values() for name in each}
    found = Media.objects.filter(project=rows[0].project_id, name__in=names)
    known = {medium.name: medium for medium in found.only("pk", "name", "media_type")}
    return {row.pk: [_seen(name, kind, known) for kind in _KINDS for name in row.media.get(kind, ())] for row in rows}


def wrong_count(sample: Sample) -> str:
    """The mark that stands in the texts another number of times than the row has media, "" when all agree.

    A row without any media may speak of marks as it likes.
    """
    if not sample.media:
        return ""
    turns = [turn["content"] for turn in (*sample.turns, *sample.steps)]
    whole = "\n".join([sample.system, sample.instruction, sample.input, sample.output, *turns])
    for kind, mark in _MARKS.items():
        if whole.count(mark) != len(sample.media.get(kind, ())):
            return mark
    return ""


def _seen(name: str, kind: str, known: Mapping[str, Media]) -> MediumSeen:
    medium = known.get(name)
    outside = ":" in name or name.startswith(("/", "\\")) or ".." in name.split("/")
    shown = kind_of(medium.media_type) if medium else _KINDS[kind]
    return MediumSeen(name, shown, medium.pk if medium else None, outside)
