"""Approved rows -> `Example`: the one bridge from rows to formats."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet, TextField
from django.db.models.functions import Cast

from generation.formats.turns import call_from_json, turn_from_json
from generation.models import Project, Sample
from generation.types import Example
from review.models import DatasetRow, DatasetVersion

WITHOUT_MODEL = (Sample.Origin.RULES, Sample.Origin.TEMPLATE)
"""Origins of rows in whose making no language model had a part."""

BATCH = 4000


@dataclass(frozen=True, slots=True)
class Selection:
    """Which approved rows go into a dataset. Empty fields do not narrow it down.

    Rows made without a language model stay out unless `without_model` asks for them.
    """

    task_type: str = ""
    language: str = ""
    run: int | None = None
    without_model: bool = False

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Selection:
        """The selection that `as_config` wrote down; names that it does not know are left out."""
        return cls(**{name: config[name] for name in cls.__slots__ if name in config})

    def as_config(self) -> dict[str, Any]:
        """Plain JSON for a version's `config`."""
        return asdict(self)

    def approved(self, project: Project) -> QuerySet[Sample]:
        """The project's approved samples that this narrows down to, those made without a model included."""
        rows = Sample.objects.in_project(project).approved()
        if self.task_type:
            rows = rows.filter(task_type=self.task_type)
        if self.language:
            rows = rows.filter(language=self.language)
        if self.run is not None:
            rows = rows.filter(run_id=self.run)
        return rows

    def rows(self, project: Project) -> QuerySet[Sample]:
        """The samples that go in, in the order of their ids."""
        rows = self.approved(project)
        return (rows if self.without_model else rows.exclude(origin__in=WITHOUT_MODEL)).order_by("id")


@dataclass(frozen=True, slots=True)
class Figures:
    """How many approved rows a selection meets: all of them, and those made without a language model."""

    approved: int
    made_without_model: int

    @property
    def mixed(self) -> bool:
        """Whether rows of both kinds are there, so that a person has to choose."""
        return 0 < self.made_without_model < self.approved

    @property
    def made_with_model(self) -> int:
        """The rows that a language model, a person or an import made."""
        return self.approved - self.made_without_model


def figures(project: Project, selection: Selection) -> Figures:
    """The exact counts, in one query."""
    rows = selection.approved(project).aggregate(
        approved=Count("pk"), made_without_model=Count("pk", filter=Q(origin__in=WITHOUT_MODEL))
    )
    return Figures(**rows)


class PinnedRow(NamedTuple):
    """One row of a version with the text that it pins. A tuple, because there may be millions of them."""

    position: int
    sample: int
    revision: int
    content_hash: str
    origin: str
    run: int | None
    draft: int | None
    seed: int | None
    example: Example


_TEXT = "sample__revisions__"
_COLUMNS = (
    "position", "sample_id", "revision", _TEXT + "content_hash", "sample__origin", "sample__run_id",
    "sample__draft_id", "sample__seed_id", _TEXT + "instruction", _TEXT + "input", _TEXT + "output",
    _TEXT + "system", "turns", "steps", "calls", "media", "sample__tools", "meta",
)  # fmt: skip


_AS_TEXT = {
    "turns": Cast(_TEXT + "turns", TextField()),
    **{name: Cast(f"sample__{name}", TextField()) for name in ("steps", "calls", "media", "meta")},
}


def pinned_rows(version: DatasetVersion, *, batch: int = BATCH) -> Iterator[list[PinnedRow]]:
    """The rows that a sealed version pins, in order, `batch` at a time; one statement for each batch."""
    pins = DatasetRow.objects.filter(version=version, sample__revisions__number=F("revision"))
    # As text: most rows have no earlier turns, and parsing a million empty lists is not free.
    pins = pins.annotate(**_AS_TEXT).order_by("position")
    for start in range(0, version.rows, batch):
        # Positions count up from 1 without a gap, and a database plans a range better than a limit.
        found = pins.filter(position__gt=start, position__lte=start + batch)
        yield [_pinned(row) for row in found.values_list(*_COLUMNS)]


def example_of(sample: Sample) -> Example:
    """The sample as it reads now."""
    return Example(
        sample.instruction,
        sample.input,
        sample.output,
        sample.system,
        turns=tuple(turn_from_json(turn) for turn in sample.turns),
        steps=tuple(turn_from_json(turn) for turn in sample.steps),
        calls=tuple(call_from_json(call) for call in sample.calls),
        weight=sample.meta.get("weight"),
        tools=sample.tools,
        images=tuple(sample.media.get("images", ())),
        videos=tuple(sample.media.get("videos", ())),
        audios=tuple(sample.media.get("audios", ())),
    )


def _pinned(row: tuple[Any, ...]) -> PinnedRow:
    instruction, input, output, system, turns, steps, calls, media, tools, meta = row[8:]
    if turns == steps == calls == "[]" and media == meta == "{}" and not tools:
        return PinnedRow._make((*row[:8], Example(instruction, input, output, system)))
    kept = json.loads(media)
    example = Example(
        instruction,
        input,
        output,
        system,
        turns=tuple(turn_from_json(turn) for turn in json.loads(turns)),
        steps=tuple(turn_from_json(turn) for turn in json.loads(steps)),
        calls=tuple(call_from_json(call) for call in json.loads(calls)),
        weight=json.loads(meta).get("weight"),
        tools=tools,
        images=tuple(kept.get("images", ())),
        videos=tuple(kept.get("videos", ())),
        audios=tuple(kept.get("audios", ())),
    )
    return PinnedRow._make((*row[:8], example))
