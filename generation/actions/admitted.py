"""Writing down what admission decided: drafts, samples, and every counter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from generation.actions.admitted_answers import known_prompts, prompt_hash, write_answers
from generation.actions.admitted_grounds import write_grounds
from generation.actions.admitted_pairs import write_pairs
from generation.actions.admitted_parents import Parent, Parents, parents_of
from generation.actions.admitted_scores import first_scores, write_answer_scores, write_scores
from generation.actions.admitted_verdicts import write_verdicts
from generation.actions.contradictions import CONTRADICTED, hold_contradictions, moves_of
from generation.actions.judge_alarms import is_fooled, note_fooled
from generation.actions.run_tallies import move_tallies
from generation.actions.tallies import count_moves
from generation.content import content_hash, search_words
from generation.formats.turns import from_exchanges, turn_as_json
from generation.models import Answer, Draft, Item, PreferencePair, Run, Sample
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
    of the prompts of admitted `answer` and `pair` drafts."""
    for each in decided:
        each.row.state = Draft.State.DROPPED if each.reason else Draft.State.ADMITTED
        each.row.reason = each.reason
        each.row.checks, each.row.novelty, each.row.rank = each.findings, each.novelty, each.rank
    rows = [each.row for each in decided]
    Draft.objects.bulk_update(rows, ["state", "reason", "checks", "novelty", "rank"], batch_size=100)
    shown = [each for each in decided if each.draft.kind == "sample" and each.draft.instruction]
    admitted = [each for each in decided if not each.reason]
    hung = [each for each in admitted if each.draft.kind in ("answer", "pair") and not each.draft.answer_ids]
    prompts = known_prompts(run, drafts=[each.draft for each in hung])
    asked = {prompt_hash(each.draft): each for each in reversed(hung)}
    shown += [each for key, each in reversed(asked.items()) if key not in prompts]
    parents = parents_of(run, drafts=[each.draft for each in shown])
    samples = Sample.objects.bulk_create([_sample(run, each, recipe, now, parents) for each in shown])
    write_grounds(run, made=[(sample, each.draft) for sample, each in zip(samples, shown, strict=True)])
    bare = {each.row.pk for each in hung}
    prompts |= {sample.content_hash: sample.pk for sample in samples if sample.draft_id in bare}
    preferred, pairs_moved = _write_preferences(run, hung=hung, admitted=admitted, prompts=prompts, now=now)
    scores = [each.draft for each in admitted if each.draft.kind == "score"]
    scored = write_scores(run, drafts=[each for each in scores if not each.answer_ids])
    scored += write_answer_scores(run, drafts=[each for each in scores if each.answer_ids])
    Item.objects.filter(pk__in=[item.pk for item in items]).update(admitted=True)
    states = Counter(str(sample.state) for sample in samples)
    moves = Counter(f"draft.{each.row.stage}.{each.reason or 'admitted'}" for each in decided)
    moves.update(
        f"share.{aspect}.{value}"[:160] for each in admitted for aspect, value in each.draft.counted.items()
    )  # fmt: skip
    for kind, counted in (("sample", states), ("pair", preferred), ("score", scored)):
        moves.update({f"{kind}.{name}": count for name, count in counted.items()})
    count_moves(run.project_id, kind="sample", moves=states, shard=run.pk)
    count_moves(run.project_id, kind="pair", moves=pairs_moved, shard=run.pk)
    move_tallies(run.pk, moves=moves)


def _write_preferences(
    run: Run, *, hung: Sequence[Decided], admitted: Sequence[Decided], prompts: Mapping[str, int], now: datetime
) -> tuple[Counter[str], Counter[str]]:
    """Answers and pairs: what came of the pairs by state and reason, and how the project's pairs moved.

    A judge that a planted text fooled says so before anything else that it preferred is written.
    """
    moved = note_fooled(run, drafts=[each.draft for each in admitted], now=now)
    pairs = [(each.row, each.draft) for each in admitted if each.draft.kind == "pair"]
    if not pairs and not hung:
        return Counter(), moved
    fooled = is_fooled(run)
    answers = write_answers(run, drafts=[(each.row, each.draft) for each in hung], prompts=prompts, now=now)
    fresh = [pair for pair in pairs if not pair[1].answer_ids]
    made = write_pairs(run, pairs=fresh, prompts=prompts, answers=answers, fooled=fooled, now=now)
    moved.update({state: count for state, count in made.items() if "." not in state})
    named = [pair for pair in pairs if pair[1].answer_ids]
    if named:
        came, moves = write_verdicts(run, pairs=named, fooled=fooled, now=now)
        made.update(came)
        moved.update(moves)
    _hold_contradictions(run, pairs=pairs, made=made, moved=moved)
    return made, moved


def _hold_contradictions(
    run: Run, *, pairs: Sequence[tuple[Draft, DraftValue]], made: Counter[str], moved: Counter[str]
) -> None:  # fmt: skip
    """What these pairs contradict is held back with them; the counts follow."""
    mine = PreferencePair.objects.filter(draft__in=[row.pk for row, _ in pairs])
    answers = [pk for _, draft in pairs for pk in draft.answer_ids[:1]]
    named = Answer.objects.filter(pk__in=answers, sample__project_id=run.project_id)
    samples = {*mine.values_list("sample_id", flat=True), *named.values_list("sample_id", flat=True)}
    held = hold_contradictions(run.project_id, samples=samples)
    moved.update(moves_of(held))
    for each in held:
        if each.run == run.pk:
            made.update({each.state: -1, "held_back": 1, f"held_back.{CONTRADICTED}": 1})


def _sample(run: Run, each: Decided, recipe: Recipe, now: datetime, parents: Parents) -> Sample:
    draft = each.draft
    parent = parents.of(draft)
    turns = [turn_as_json(turn) for turn in from_exchanges(draft.history)]
    output = draft.output if draft.kind == "sample" else ""  # answers hang on the bare prompt
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
