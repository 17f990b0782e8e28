"""Admitted `score` drafts as figures of the samples or answers that they speak of; no text is touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from generation.actions.admitted_answers import scores_of
from generation.models import Answer, Run, Sample
from generation.types import Draft as DraftValue


def first_scores(run: Run, *, draft: DraftValue) -> dict[str, Any]:
    """What a new sample carries of the scores that its own recipe gave it: those of its first revision."""
    return {
        aspect: {"value": score.value, "low": score.low, "high": score.high, "revision": 1, "run": run.pk}
        for aspect, score in draft.scores.items()
    }


def write_answer_scores(run: Run, *, drafts: Sequence[DraftValue]) -> Counter[str]:
    """Writes each score on its answer under its aspect, with its scale and the run, and the rank in `data["rank"]`;
    call it inside the transaction. Aspect -> scores written. An answer that is gone takes none."""
    wanted = {draft.answer_ids[0]: draft for draft in drafts if draft.answer_ids}
    if not wanted:
        return Counter()
    rows = Answer.objects.select_for_update().filter(sample__project_id=run.project_id, pk__in=wanted)
    answers = list(rows.only("pk", "scores", "rank").order_by("pk"))
    written: Counter[str] = Counter()
    for answer in answers:
        draft = wanted[answer.pk]
        answer.scores |= {aspect: score | {"run": run.pk} for aspect, score in scores_of(draft).items()}
        written.update(list(draft.scores))
        rank = draft.data.get("rank")
        answer.rank = rank if isinstance(rank, int) and 0 < rank < 32768 else answer.rank
    Answer.objects.bulk_update(answers, ["scores", "rank"], batch_size=100)
    return written


def write_scores(run: Run, *, drafts: Sequence[DraftValue]) -> Counter[str]:
    """Writes each score under its aspect, with its scale, the revision that was scored and the run; call it inside the
    transaction. Aspect -> scores written.

    A score of a revision that was edited since is kept, and says so by its number; it never takes the place of one of a
    later revision. A sample that is gone takes no score.
    """
    wanted = {draft.sample_ids[0] for draft in drafts if draft.sample_ids}
    if not wanted:
        return Counter()
    revisions = dict(run.pinned.get("samples", ()))
    rows = Sample.objects.select_for_update().filter(project_id=run.project_id, pk__in=wanted)
    samples = {row.pk: row for row in rows.only("pk", "revision", "scores").order_by("pk")}
    written: Counter[str] = Counter()
    for draft in drafts:
        sample = samples.get(draft.sample_ids[0]) if draft.sample_ids else None
        if sample is None:
            continue
        scored = revisions.get(sample.pk, sample.revision)
        for aspect, score in draft.scores.items():
            if sample.scores.get(aspect, {}).get("revision", 0) > scored:
                continue
            sample.scores[aspect] = {
                "value": score.value, "low": score.low, "high": score.high, "revision": scored, "run": run.pk,
            }  # fmt: skip
            written[aspect] += 1
    Sample.objects.bulk_update(samples.values(), ["scores"], batch_size=100)
    return written
