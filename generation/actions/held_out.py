"""Texts kept for evaluation, as admission holds drafts against them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max

from generation.models import EvaluationItem, EvaluationSet, Run, Sample
from generation.quality.contamination import Contamination
from generation.quality.near_duplicates import digest
from generation.quality.places import texts_of
from generation.quality.rows import SAMPLE_FIELDS, draft_of_sample
from generation.types import Draft

OWN = "evaluation"
"""The name of the set that the project's own evaluation rows are."""
_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Repeated:
    """The evaluation item that a draft repeats most of, and where in the draft it stands."""

    set: str
    item: int
    share: float
    field: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class HeldOutTexts:
    """The sets by runs of words (13 in common, as GPT-3 judged it), and the project's own evaluation rows by their
    whole prompts: rows of one template share many words with each other and repeat nothing.

    Memory: 36 bytes for each word of the sets, about 100 for each own row.
    """

    sets: Contamination | None
    own: dict[bytes, int]

    def found(self, draft: Draft) -> Repeated | None:
        """The worst repetition, None when there is none. An own row's item is its sample's id."""
        own = self.own.get(digest(draft, by="prompt")) if self.own else None
        if own is not None:
            return Repeated(OWN, own, 1.0, "instruction", ((0, len(draft.instruction)),))
        hits = self.sets.hits_of(dict(texts_of(draft))) if self.sets else []
        if not hits:
            return None
        worst = max(hits, key=lambda hit: (hit.share, -hit.item))
        name = worst.spans[0][0] if worst.spans else "instruction"
        spans = tuple((start, end) for field, start, end in worst.spans if field == name)
        return Repeated(worst.set, worst.item, worst.share, name, spans)


def held_out_texts(run: Run) -> HeldOutTexts:
    """What the run's drafts may not repeat: the project's sets, and its own evaluation rows as of the run."""
    sets = list(texts_by_set(run.project_id))
    rows = Sample.objects.filter(project_id=run.project_id, evaluation=True, created_at__lt=run.created_at)
    own: dict[bytes, int] = {}
    for row in rows.exclude(run=run).order_by("pk").values("pk", *SAMPLE_FIELDS).iterator(chunk_size=_AT_ONCE):
        own.setdefault(digest(draft_of_sample(row), by="prompt"), row["pk"])
    return HeldOutTexts(Contamination(sets) if sets else None, own)


def texts_by_set(project_id: int) -> Iterator[tuple[str, list[str]]]:
    """Every whole set's name with its texts in order."""
    for name, texts, _rows in sets_with_rows(project_id):
        yield name, texts


def sets_with_rows(project_id: int) -> Iterator[tuple[str, list[str], list[int | None]]]:
    """Every whole set's name with its texts in order, and the id of the sample that each was made of."""
    for pk, name in EvaluationSet.objects.whole().filter(project=project_id).order_by("pk").values_list("pk", "name"):
        items = list(EvaluationItem.objects.filter(set=pk).order_by("number").values_list("text", "row"))
        yield name, [text for text, _row in items], [row for _text, row in items]


def sets_as_of(project_id: int) -> tuple[Any, ...]:
    """Figures that change when a set comes or goes."""
    rows = EvaluationSet.objects.whole().filter(project=project_id).aggregate(count=Count("id"), newest=Max("id"))
    return tuple(rows.values())
