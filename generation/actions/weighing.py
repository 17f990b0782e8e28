"""What admission would make of a preview's drafts: the same checks, the same pool, and nothing is admitted."""

from __future__ import annotations

from collections.abc import Iterable

from generation.actions.assignments import assignment_of
from generation.actions.drafts import draft_value
from generation.actions.pool_memory import Memory
from generation.models import Draft, Run
from generation.quality import novelty
from generation.recipes.rehearsal import judge


def weigh(run: Run, *, drafts: Iterable[Draft], memory: Memory) -> list[Draft]:
    """The drafts with the `reason` for which each would be dropped ("" for those that would stay), not saved yet.

    Each is compared with the pool, and for novelty with those of the preview that came before it.
    """
    made = assignment_of(run)
    settings = made.params.model_dump()
    compat = bool(settings.get("rouge_compat", False))
    before = novelty.Pool(compat=compat)
    weighed = []
    for row in drafts:
        stage, draft = made.stage(row.stage), draft_value(row.content)
        row.reason = judge(draft, stage=stage, params=made.params).reason
        if not row.reason and stage.novel:
            pool = memory.novelty_pool(compat=compat)
            threshold = float(settings.get("novelty_threshold", pool.threshold))
            nearest = max(each.nearest(draft.compared).score for each in (pool, before))
            row.reason = novelty.TOO_SIMILAR if nearest > threshold else ""
            before.add(draft.compared)
        if not row.reason:
            found = memory.repeats.findings(run, draft, novel=stage.novel)
            row.reason = next((each["code"] for each in found if each["drop"]), "")
        weighed.append(row)
    return weighed
