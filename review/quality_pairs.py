"""Pairs as reports on quality read them where no version was frozen: the chosen answers of those that are not held
back."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, QuerySet

from generation.models import PreferencePair, Project
from generation.quality.report import RowFacts
from generation.quality.rows import SAMPLE_FIELDS, draft_of_sample
from review.quality_facts import BATCH, MADE_BY

OF_PAIRS = {"pairs": "all"}
"""What a report on all pairs has as its criteria."""
_OF_SAMPLE = ("seed_id", "root_id", "origin", "tags", *SAMPLE_FIELDS)
_OF_PAIR = ("pk", "sample_id", "source", "state", "run_id")


def measured_pairs(project: Project) -> QuerySet[PreferencePair]:
    """The project's pairs but those that are held back or kept for evaluation."""
    rows = PreferencePair.objects.filter(project=project, sample__evaluation=False)
    return rows.exclude(state=PreferencePair.State.HELD_BACK)


def facts_of_pairs(rows: QuerySet[PreferencePair]) -> Iterator[RowFacts]:
    """The chosen answers with their prompts, in the order of the pairs' ids, a batch at a time."""
    told = {f"sample_{name}": F(f"sample__{name}") for name in _OF_SAMPLE if name != "output"}
    rows = rows.annotate(**told, said=F("chosen__text"), meta_said=F("chosen__meta"))
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk").values(*_OF_PAIR, *told, "said", "meta_said")[:BATCH]):
        last = found[-1]["pk"]
        for row in found:
            sample = {name: row.get(f"sample_{name}") for name in _OF_SAMPLE}
            sample |= {"output": row["said"], "calls": (row["meta_said"] or {}).get("calls", [])}
            draft = draft_of_sample(sample)
            yield RowFacts(
                row["pk"], draft, seed=sample["seed_id"] or 0,
                family=sample["seed_id"] or -(sample["root_id"] or row["sample_id"]),
                made_by=MADE_BY.get(str(sample["origin"]), str(sample["origin"])), state=row["state"],
                reviewed=row["source"] in PreferencePair.BY_PEOPLE, run=row["run_id"] or 0,
            )  # fmt: skip
