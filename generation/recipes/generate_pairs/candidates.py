"""The one stage that makes pairs: k answers side by side, those that say the same collapsed, a verdict, pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from generation.preferences.strategies import pick
from generation.recipes.answering import answer_prompt, answer_slot, question_of, said_key, unfit, wanted
from generation.recipes.base import Context, PromptSlot, Work
from generation.recipes.judging import SLOTS
from generation.recipes.judging.g_eval import Steps
from generation.recipes.material import Material, material_of, materials
from generation.recipes.preferring import Judged, have_judged, no_pair, pair_data, ready_to_judge, spread_of
from generation.types import Draft, PoolView, Prompt, Reply, Sampling, Task

ANSWER = answer_slot("generate_pairs")
PARTS = ("", "second", "third", "fourth")
"""Who may take turns, candidate by candidate."""


@dataclass(slots=True)
class Gathered:
    """The candidates that can be compared, and drafts for those that cannot. `same` counts those that said what an
    earlier one had said."""

    texts: list[str] = field(default_factory=list)
    models: list[str] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    dropped: list[Draft] = field(default_factory=list)
    same: int = 0


class Candidates:
    """One task for each row."""

    name = "generate_pairs.candidates"
    prompts: tuple[PromptSlot, ...] = (ANSWER, *SLOTS)
    checks: tuple[str, ...] = ("control_characters", "placeholder_output", "special_tokens")
    novel = False

    def __init__(self, steps: Steps) -> None:
        self.steps = steps

    def due(self, pool: PoolView, params: Any) -> int:
        """How many rows come next; none while the steps of G-Eval are being written."""
        if not ready_to_judge(self.steps, pool, params):
            return 0
        return max(0, min(wanted(pool, params) - pool.planned.get(self.name, 0), params.wave_size))

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """The next rows."""
        count, first = self.due(pool, context.params), pool.planned.get(self.name, 0)
        if not count:
            return []
        rows = materials(pool, language=context.language)[first : first + count]
        steps = list(self.steps.written(pool) or ())
        return [{"row": row.payload(), **({"steps": steps} if steps else {})} for row in rows]

    def work(self, task: Task, context: Context) -> Work:
        """All candidates, then the judge, then the pairs."""
        row, params = material_of(task.payload["row"]), context.params
        prompts = _prompts(row, context)
        replies = yield prompts
        assert isinstance(replies, list)
        found = _gathered(row, prompts, replies)
        if len(found.texts) < 2:
            none = _bare(row).draft("pair", drop_reason="too_few_answers", data={"same": found.same})
            return [*_answers(row, found, None), *found.dropped, none]
        question = question_of(row, reference=params.reference, steps=tuple(task.payload.get("steps", ())))
        judged = yield from have_judged(question, found.texts, context, part="judge")
        return [*_answers(row, found, judged), *found.dropped, *_pairs(row, found, judged, context)]


def _prompts(row: Material, context: Context) -> list[Prompt]:
    params, last = context.params, max(1, context.params.candidates - 1)
    turns = _turns(context)
    return [
        answer_prompt(
            ANSWER, row, context, part=turns[at % len(turns)], index=at,
            sampling=Sampling(params.answer_tokens, min(2.0, round(params.temperature + params.spread * at / last, 3))),
        )
        for at in range(params.candidates)
    ]  # fmt: skip


def _turns(context: Context) -> tuple[str, ...]:
    """The run's own model and those that were chosen beside it: one that nobody chose has no turn to give away."""
    return tuple(part for part in PARTS if not part or context.parts is None or part in context.parts)


def _gathered(row: Material, prompts: Sequence[Prompt], replies: Sequence[Reply]) -> Gathered:
    found, seen = Gathered(), set[str]()
    for at, (prompt, reply) in enumerate(zip(prompts, replies, strict=True)):
        told = {"candidate": at, "temperature": prompt.sampling.temperature}
        if reason := unfit(reply):
            data = {"model": reply.model, "meta": told, "failure": reply.failure}
            found.dropped.append(
                _bare(row).draft("answer", output=reply.text.strip(), drop_reason=reason, data=data)
            )  # fmt: skip
            continue
        key = said_key(reply.text)
        if key in seen:
            found.same += 1
            continue
        seen.add(key)
        found.texts.append(reply.text.strip())
        found.models.append(reply.model)
        found.told.append(told)
    return found


def _answers(row: Material, found: Gathered, judged: Judged | None) -> list[Draft]:
    ranks = judged.ranks() if judged else [None] * len(found.texts)
    return [
        _bare(row).draft(
            "answer", output=text, scores=judged.scores(at) if judged else {},
            data={"model": found.models[at], "rank": ranks[at], "meta": found.told[at]},
        )
        for at, text in enumerate(found.texts)
    ]  # fmt: skip


def _pairs(row: Material, found: Gathered, judged: Judged, context: Context) -> list[Draft]:
    params = context.params
    told: dict[str, Any]
    picked = pick(
        params.strategy, judged.values, rng=context.rng, least_margin=spread_of(judged, params)
    )  # fmt: skip
    bare = _bare(row)
    if not picked.pairs:
        told = {"same": found.same, "values": judged.values}
        return [bare.draft("pair", drop_reason=no_pair(judged, picked.reason), data=told)]
    told = {"strategy": params.strategy, "candidates": len(found.texts), "same": found.same}
    if picked.drawn:
        told["drawn"] = [list(each) for each in picked.drawn]
    made = []
    for chosen, rejected in picked.pairs:
        data = pair_data(judged, context, chosen=chosen, rejected=rejected, source=judged.source, told=told)
        data |= {"chosen_model": found.models[chosen], "rejected_model": found.models[rejected]}
        made.append(bare.draft("pair", output=found.texts[chosen], rejected=found.texts[rejected], data=data))
    return [replace(each, counted={"strategy": params.strategy}) for each in made]


def _bare(row: Material) -> Material:
    """The row without its own output: what is compared are the candidates alone."""
    return replace(row, output="")
