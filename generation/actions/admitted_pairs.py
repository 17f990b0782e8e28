"""Admitted `pair` drafts as rows: a prompt that waits for nobody, two answers to it, and which of them is preferred.

Pairs of one prompt share it, and answers that say the same, within their run: two corrections of one answer are two
pairs with the same chosen one. A pair draft's `data` may hold "pair_source" (a `PreferencePair.Source`), "margin",
"meta" (what there is to know of the pair), and for either side "chosen_model" and "chosen_scores", "rejected_model" and
"rejected_scores"; a model that is not named is that of the item's calls where they agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from generation.actions.row_values import hash_of
from generation.content import content_hash
from generation.formats.turns import from_exchanges, turn_as_json
from generation.models import Answer, Call, Draft, PreferencePair, Run, Sample
from generation.types import Draft as DraftValue

Admitted = tuple[Draft, DraftValue]
_LONGEST_MODEL = 160


def prompt_hash(draft: DraftValue) -> str:
    """The content hash of the draft's prompt alone."""
    turns = [turn_as_json(turn) for turn in from_exchanges(draft.history)]
    return content_hash(instruction=draft.instruction, input=draft.input, system=draft.system, turns=turns)


def known_prompts(run: Run, *, pairs: Iterable[Admitted]) -> dict[str, int]:
    """Hash -> id of the prompts that the run has already."""
    wanted = {prompt_hash(draft) for _, draft in pairs}
    if not wanted:
        return {}
    rows = Sample.objects.filter(project_id=run.project_id, run=run, state=Sample.State.GENERATED)
    return dict(rows.filter(content_hash__in=wanted).order_by("-id").values_list("content_hash", "id"))


def write_pairs(
    run: Run, *, pairs: Sequence[Admitted], prompts: Mapping[str, int], now: datetime
) -> Counter[str]:  # fmt: skip
    """A `PreferencePair` for each draft; `prompts` maps the hash of every prompt to its sample. State -> pairs made."""
    models = _models([row.item_id for row, _ in pairs])
    sides = [
        (_answer(row, draft, side, prompts[prompt_hash(draft)], models, run, now), side)
        for row, draft in pairs
        for side in ("chosen", "rejected")
    ]
    answers = _shared(answer for answer, _ in sides)
    made = []
    for at, (row, draft) in enumerate(pairs):
        chosen, rejected = (answers[answer.sample_id, answer.content_hash] for answer, _ in sides[2 * at : 2 * at + 2])
        key = hash_of("pair", prompt_hash(draft), chosen.content_hash, rejected.content_hash)
        made.append(
            PreferencePair(
                project_id=run.project_id, run=run, draft=row, sample_id=chosen.sample_id, chosen=chosen,
                rejected=rejected, source=_source(draft), margin=_number(draft.data.get("margin")), content_hash=key,
                meta=dict(draft.data.get("meta") or {}), created_at=now,
            )
        )  # fmt: skip
    PreferencePair.objects.bulk_create(made)
    return Counter(str(pair.state) for pair in made)


def _shared(answers: Iterable[Answer]) -> dict[tuple[int, str], Answer]:
    """(sample, hash) -> the answer, that of an earlier pair where there is one; new ones are written."""
    wanted: dict[tuple[int, str], Answer] = {}
    for answer in answers:
        wanted.setdefault((answer.sample_id, answer.content_hash), answer)
    kept = Answer.objects.filter(sample_id__in={sample for sample, _ in wanted}).order_by("-id")
    found = {(answer.sample_id, answer.content_hash): answer for answer in kept}
    fresh = [answer for key, answer in wanted.items() if key not in found]
    Answer.objects.bulk_create(fresh)
    return wanted | found


def _answer(
    row: Draft, draft: DraftValue, side: str, sample: int, models: Mapping[int, str], run: Run, now: datetime
) -> Answer:
    """One side of a pair, not written yet. Its hash speaks of text, model and scores."""
    text = draft.output if side == "chosen" else draft.rejected
    model = str(draft.data.get(f"{side}_model") or models.get(row.item_id, ""))[:_LONGEST_MODEL]
    scores = dict(draft.data.get(f"{side}_scores") or {})
    key = hash_of("answer", text, model, repr(sorted(scores.items())))
    return Answer(
        sample_id=sample, draft=row, run=run, text=text, model=model, scores=scores, content_hash=key, created_at=now
    )


def _models(items: Sequence[int]) -> dict[int, str]:
    """Item -> the one model that answered all its calls; items with several, or none that is known, are left out."""
    calls = Call.objects.filter(item_id__in=items, superseded=False, voided=False).exclude(model_returned="")
    seen: dict[int, set[str]] = {}
    for item, model in calls.order_by().values_list("item_id", "model_returned").distinct():
        seen.setdefault(item, set()).add(model)
    return {item: models.pop() for item, models in seen.items() if len(models) == 1}


def _source(draft: DraftValue) -> str:
    """Where the preference comes from; what a recipe does not say was settled by its rules."""
    named = str(draft.data.get("pair_source", ""))
    return named if named in PreferencePair.Source.values else str(PreferencePair.Source.RULES)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
