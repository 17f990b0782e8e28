"""Answers that runs make, and the prompts that they hang on: each prompt once in a run, each answer once to a prompt.

An `answer` draft's `data` may hold "model" (else that of the item's calls where they agree), "rank" and "meta".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from generation.actions.row_values import hash_of
from generation.content import content_hash
from generation.formats.turns import from_exchanges, turn_as_json
from generation.models import Answer, Call, Draft, Run, Sample
from generation.types import Draft as DraftValue

Admitted = tuple[Draft, DraftValue]
Known = dict[tuple[int, str], Answer]
"""(sample, hash) -> the answer."""
_LONGEST_MODEL = 160


def prompt_hash(draft: DraftValue) -> str:
    """The content hash of the draft's prompt alone."""
    turns = [turn_as_json(turn) for turn in from_exchanges(draft.history)]
    return content_hash(instruction=draft.instruction, input=draft.input, system=draft.system, turns=turns)


def known_prompts(run: Run, *, drafts: Iterable[DraftValue]) -> dict[str, int]:
    """Hash -> id of the prompts that the run has already."""
    wanted = {prompt_hash(draft) for draft in drafts}
    if not wanted:
        return {}
    rows = Sample.objects.filter(project_id=run.project_id, run=run, state=Sample.State.GENERATED)
    return dict(rows.filter(content_hash__in=wanted).order_by("-id").values_list("content_hash", "id"))


def answer_hash(text: str, *, model: str) -> str:
    """What tells answers to one prompt apart within a run: text and model."""
    return hash_of("answer", text, model)


def write_answers(run: Run, *, drafts: Sequence[Admitted], prompts: Mapping[str, int], now: datetime) -> Known:
    """The answers of `answer` drafts and both sides of `pair` drafts. `prompts` maps the hash of every prompt to its
    sample; what the run wrote before is found again."""
    models = models_of([row.item_id for row, _ in drafts])
    wanted: Known = {}
    for row, draft in drafts:
        sample = prompts[prompt_hash(draft)]
        for answer in _of(row, draft, models, sample, run, now):
            key = (sample, answer.content_hash)
            first = wanted.setdefault(key, answer)
            first.scores = first.scores or answer.scores
    kept = Answer.objects.filter(run=run, sample_id__in={sample for sample, _ in wanted}).order_by("-id")
    found = {(answer.sample_id, answer.content_hash): answer for answer in kept}
    Answer.objects.bulk_create([answer for key, answer in wanted.items() if key not in found])
    return wanted | {key: answer for key, answer in found.items() if key in wanted}


def side_of(draft: DraftValue, *, side: str, model: str) -> tuple[str, str]:
    """Text and model of the "chosen" or "rejected" side of a pair; `model` where the draft names none."""
    text = draft.output if side == "chosen" else draft.rejected
    return text, str(draft.data.get(f"{side}_model") or model)[:_LONGEST_MODEL]


def models_of(items: Sequence[int]) -> dict[int, str]:
    """Item -> the one model that answered all its calls; items with several, or none that is known, are left out."""
    calls = Call.objects.filter(item_id__in=items, superseded=False, voided=False).exclude(model_returned="")
    seen: dict[int, set[str]] = {}
    for item, model in calls.order_by().values_list("item_id", "model_returned").distinct():
        seen.setdefault(item, set()).add(model)
    return {item: models.pop() for item, models in seen.items() if len(models) == 1}


def _of(row: Draft, draft: DraftValue, models: Mapping[int, str], sample: int, run: Run, now: datetime) -> list[Answer]:
    """The draft's answers, not written yet."""
    model = models.get(row.item_id, "")
    if draft.kind == "answer":
        sides = [(draft.output, str(draft.data.get("model") or model)[:_LONGEST_MODEL], scores_of(draft), True)]
    else:
        sides = [
            (*side_of(draft, side=side, model=model), dict(draft.data.get(f"{side}_scores") or {}), False)
            for side in ("chosen", "rejected")
        ]
    rank = draft.data.get("rank")
    return [
        Answer(
            sample_id=sample, draft=row, run=run, text=text, model=named, scores=scores, created_at=now,
            content_hash=answer_hash(text, model=named), rank=rank if own and isinstance(rank, int) else None,
            meta=dict(draft.data.get("meta") or {}) if own else {},
        )
        for text, named, scores, own in sides
    ]  # fmt: skip


def scores_of(draft: DraftValue) -> dict[str, Any]:
    """The draft's scores as rows keep them."""
    return {
        aspect: {"value": score.value, "low": score.low, "high": score.high}
        for aspect, score in draft.scores.items()
    }  # fmt: skip
