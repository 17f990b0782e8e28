"""Admitted `pair` drafts as rows: a prompt that waits for nobody, two answers to it, and which of them is preferred.

Pairs of one prompt share it, and answers that say the same, within their run: two corrections of one answer are two
pairs with the same chosen one. A pair draft's `data` may hold "pair_source" (a `PreferencePair.Source`), "margin",
"rubric", "consistent", "held" (what the gate said: "" or why the pair may not leave; without it nobody asked the gate),
"meta" (what there is to know of the pair, "judge" its verdict), and for either side "chosen_model" and "chosen_scores",
"rejected_model" and "rejected_scores".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from generation.actions.admitted_answers import Admitted, Known, answer_hash, models_of, prompt_hash, side_of
from generation.actions.row_values import hash_of
from generation.models import PreferencePair, Run
from generation.types import Draft as DraftValue

FOOLED = "judge_fooled"
State = PreferencePair.State


def write_pairs(
    run: Run, *, pairs: Sequence[Admitted], prompts: Mapping[str, int], answers: Known, fooled: bool, now: datetime
) -> Counter[str]:
    """A `PreferencePair` for each draft of new texts. What came of them by state, and by why they are held back
    ("held_back.tie"). Nothing that a `fooled` judge preferred may leave."""
    models = models_of([row.item_id for row, _ in pairs])
    made = []
    for row, draft in pairs:
        model, sample = models.get(row.item_id, ""), prompts[prompt_hash(draft)]
        sides = [side_of(draft, side=side, model=model) for side in ("chosen", "rejected")]
        chosen, rejected = (answers[sample, answer_hash(text, model=named)] for text, named in sides)
        state, reason = standing(draft, fooled=fooled)
        key = hash_of("pair", prompt_hash(draft), chosen.content_hash, rejected.content_hash)
        made.append(
            PreferencePair(
                project_id=run.project_id, run=run, draft=row, sample_id=sample, chosen=chosen, rejected=rejected,
                source=source_of(draft), state=state, reason=reason, content_hash=key, created_at=now, **judged(draft),
            )
        )  # fmt: skip
    PreferencePair.objects.bulk_create(made)
    return tallied((pair.state, pair.reason) for pair in made) + orders(draft for _row, draft in pairs)


def standing(draft: DraftValue, *, fooled: bool) -> tuple[str, str]:
    """The state of a pair and its reason, by what the gate said of it."""
    held = draft.data.get("held")
    if draft.evaluation:
        return State.HELD_BACK, "evaluation"
    if held is None:
        return State.READY, ""
    if held == "unverified":
        return State.READY, "unverified"
    if held:
        return State.HELD_BACK, str(held)[:60]
    return (State.HELD_BACK, FOOLED) if fooled and has_verdict(draft) else (State.EXPORTABLE, "")


def has_verdict(draft: DraftValue) -> bool:
    """Whether a judge said anything of the pair."""
    return bool((draft.data.get("meta") or {}).get("judge"))


def judged(draft: DraftValue) -> dict[str, Any]:
    """The columns that tell of the verdict."""
    data, consistent = draft.data, draft.data.get("consistent")
    return {
        "margin": _number(data.get("margin")),
        "rubric": str(data.get("rubric") or "")[:64],
        "consistent": consistent if isinstance(consistent, bool) else None,
        "meta": dict(data.get("meta") or {}),
    }


def tallied(found: Any) -> Counter[str]:
    """How many (state, reason) there are by state, and by reason where there is one."""
    counted: Counter[str] = Counter()
    for state, reason in found:
        counted[str(state)] += 1
        if reason:
            counted[f"{state}.{reason}"] += 1
    return counted


def orders(drafts: Iterable[DraftValue]) -> Counter[str]:
    """How often both orders led to the same verdict, and how often not ("order.consistent")."""
    said = (draft.data.get("consistent") for draft in drafts)
    return Counter("order.consistent" if each else "order.inconsistent" for each in said if each is not None)


def source_of(draft: DraftValue) -> str:
    """Where the preference comes from; what a recipe does not say was settled by its rules."""
    named = str(draft.data.get("pair_source", ""))
    return named if named in PreferencePair.Source.values else str(PreferencePair.Source.RULES)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
