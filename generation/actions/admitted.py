"""Writing down what admission decided: drafts, samples, and every counter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from generation.actions.admitted_grounds import write_grounds
from generation.actions.admitted_pairs import known_prompts, prompt_hash, write_pairs
from generation.actions.admitted_parents import Parent, Parents, parents_of
from generation.actions.admitted_scores import first_scores, write_scores
from generation.actions.run_tallies import move_tallies
from generation.actions.tallies import count_moves
from generation.content import content_hash, search_words
from generation.formats.turns import from_exchanges, turn_as_json
from generation.models import Draft, Item, Run, Sample
from generation.recipes.base import Recipe
from generation.types import AdmittedView
from generation.types import Draft as DraftValue


@dataclass(frozen=True)
class Decided:
    """One draft and what became of it: dropped for a `reason`, or admitted at its `rank` in the stage."""

    row: Draft
    draft: DraftValue
    reason: str
    findings: list[dict[str, Any]]
    novelty: dict[str, Any]
    rank: int | None

    def view(self) -> AdmittedView:
        """The draft as later waves see it."""
        return AdmittedView(self.row.pk, self.row.wave, self.draft)


def write_decisions(
    run: Run, *, items: Sequence[Item], decided: Sequence[Decided], recipe: Recipe, now: datetime
) -> None:
    """All of it; call it inside a fenced transaction. Samples are made of `sample` drafts that have an instruction, and
    of the prompts of admitted `pair` drafts."""
    for each in decided:
        each.row.state = Draft.State.DROPPED if each.reason else Draft.State.ADMITTED
        each.row.reason = each.reason
        each.row.checks, each.row.novelty, each.row.rank = each.findings, each.novelty, each.rank
    rows = [each.row for each in decided]
    Draft.objects.bulk_update(rows, ["state", "reason", "checks", "novelty", "rank"], batch_size=100)
    shown = [each for each in decided if each.draft.kind == "sample" and each.draft.instruction]
    pairs = {each.row.pk: each for each in decided if each.draft.kind == "pair" and not each.reason}
    prompts = known_prompts(run, pairs=[(each.row, each.draft) for each in pairs.values()])
    asked = {prompt_hash(each.draft): each for each in reversed(pairs.values())}
    shown += [each for key, each in reversed(asked.items()) if key not in prompts]
    parents = parents_of(run, drafts=[each.draft for each in shown])
    samples = Sample.objects.bulk_create([_sample(run, each, recipe, now, parents) for each in shown])
    write_grounds(run, made=[(sample, each.draft) for sample, each in zip(samples, shown, strict=True)])
    prompts |= {sample.content_hash: sample.pk for sample in samples if sample.draft_id in pairs}
    made = write_pairs(run, pairs=[(each.row, each.draft) for each in pairs.values()], prompts=prompts, now=now)
    scored = write_scores(
        run, drafts=[each.draft for each in decided if each.draft.kind == "score" and not each.reason]
    )
    Item.objects.filter(pk__in=[item.pk for item in items]).update(admitted=True)
    states = Counter(str(sample.state) for sample in samples)
    moves = Counter(f"draft.{each.row.stage}.{each.reason or 'admitted'}" for each in decided)
    moves.update(
        f"share.{aspect}.{value}"[:160]
        for each in decided if not each.reason for aspect, value in each.draft.counted.items()
    )  # fmt: skip
    for kind, counted in (("sample", states), ("pair", made), ("score", scored)):
        moves.update({f"{kind}.{name}": count for name, count in counted.items()})
    count_moves(run.project_id, kind="sample", moves=states, shard=run.pk)
    count_moves(run.project_id, kind="pair", moves=made, shard=run.pk)
    move_tallies(run.pk, moves=moves)


def _sample(run: Run, each: Decided, recipe: Recipe, now: datetime, parents: Parents) -> Sample:
    draft = each.draft
    parent = parents.of(draft)
    turns = [turn_as_json(turn) for turn in from_exchanges(draft.history)]
    output = draft.output if draft.kind == "sample" else ""  # a pair's answers hang on the bare prompt
    kept = Sample.State.NEEDS_REVIEW if draft.kind == "sample" else Sample.State.GENERATED
    return Sample(
        project_id=run.project_id,
        run=run,
        parent_id=parent.pk if parent else None,
        root_id=parent.root if parent else None,
        evaluation=draft.evaluation,
        draft=each.row,
        seed_id=draft.seed_ids[0] if draft.seed_ids else None,
        origin=_origin(run, recipe, parent),
        system=draft.system,
        turns=turns,
        instruction=draft.instruction,
        input=draft.input,
        output=output,
        task_type=draft.task_type,
        language=draft.language,
        tags=list(draft.tags),
        scores=first_scores(run, draft=draft) if draft.kind == "sample" else {},
        checks=each.findings,
        state=Sample.State.FILTERED if each.reason else kept,
        reason=each.reason,
        content_hash=content_hash(
            instruction=draft.instruction, input=draft.input, output=output, system=draft.system, turns=turns
        ),
        search=search_words(draft.system, draft.instruction, draft.input, output),
        created_at=now,
    )


def _origin(run: Run, recipe: Recipe, parent: Parent | None) -> str:
    """Who wrote it. A template that is filled from a model's words leaves them the model's."""
    if not recipe.needs_model:
        by_model = parent and parent.origin in (Sample.Origin.MODEL, Sample.Origin.RULES)
        return parent.origin if parent and by_model else Sample.Origin.TEMPLATE
    return Sample.Origin.RULES if run.offline else Sample.Origin.MODEL
