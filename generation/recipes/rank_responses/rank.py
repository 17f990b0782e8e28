"""The one stage that ranks: the answers of a prompt judged, each with its score and rank, and pairs of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from generation.preferences.strategies import pick
from generation.recipes.answering import question_of, said_key
from generation.recipes.base import Context, PromptSlot, Work
from generation.recipes.judging import SLOTS
from generation.recipes.judging.g_eval import Steps
from generation.recipes.material import Material, material_of, materials
from generation.recipes.preferring import Judged, have_judged, no_pair, pair_data, ready_to_judge, spread_of
from generation.types import AnswerView, Draft, PoolView, SampleView, Task


class Rank:
    """One task for each prompt with its answers."""

    name = "rank_responses.rank"
    prompts: tuple[PromptSlot, ...] = SLOTS
    checks: tuple[str, ...] = ("control_characters", "placeholder_output", "special_tokens")
    novel = False

    def __init__(self, steps: Steps) -> None:
        self.steps = steps

    def due(self, pool: PoolView, params: Any) -> int:
        """How many prompts come next; none while the steps of G-Eval are being written."""
        if not ready_to_judge(self.steps, pool, params):
            return 0
        return max(0, min(wanted(pool, params) - pool.planned.get(self.name, 0), params.wave_size))

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """The next prompts, each with the answers as they stand now, in the order in which they came."""
        count, first = self.due(pool, context.params), pool.planned.get(self.name, 0)
        if not count:
            return []
        samples = _answered(pool)[first : first + count]
        rows = materials(replace(pool, seeds=(), samples=samples), language=context.language)
        steps = list(self.steps.written(pool) or ())
        return [
            {
                "row": row.payload(), "answers": [asdict(answer) for answer in sample.answers],
                **({"steps": steps} if steps else {}),
            }
            for row, sample in zip(rows, samples, strict=True)
        ]  # fmt: skip

    def work(self, task: Task, context: Context) -> Work:
        """A score for each answer that was judged, and the pairs."""
        row, params = material_of(task.payload["row"]), context.params
        answers = _distinct([AnswerView(**each) for each in task.payload["answers"]])
        if len(answers) < 2:
            return [_draft("pair", row, drop_reason="too_few_answers")]
        texts = [answer.text for answer in answers]
        reference = params.reference and said_key(row.output) not in map(said_key, texts)
        question = question_of(
            row, reference=reference, steps=tuple(task.payload.get("steps", ())), given=tuple(answers)
        )
        judged = yield from have_judged(question, texts, context, part="")
        return [*_scores(row, answers, judged), *_pairs(row, answers, judged, context)]


def wanted(pool: PoolView, params: Any) -> int:
    """How many prompts the run takes."""
    rows = len(_answered(pool))
    return min(rows, params.most_rows) if params.most_rows else rows


def _answered(pool: PoolView) -> Sequence[SampleView]:
    return [sample for sample in pool.samples if sample.instruction and len(sample.answers) > 1]


def _distinct(answers: Sequence[AnswerView]) -> list[AnswerView]:
    """The answers that say something, each text once."""
    kept: dict[str, AnswerView] = {}
    for answer in answers:
        if key := said_key(answer.text):
            kept.setdefault(key, answer)
    return list(kept.values())


def _scores(row: Material, answers: Sequence[AnswerView], judged: Judged) -> list[Draft]:
    """What the judge gave each answer. Scores that came with them are theirs already, so only the rank is new."""
    found = []
    for at, rank in enumerate(judged.ranks()):
        scores = {} if judged.kind == "uploaded" else judged.scores(at)
        if rank is not None:
            data = {"rank": rank}
            found.append(_draft("score", row, answer_ids=(answers[at].id,), scores=scores, data=data))
    return found


def _pairs(row: Material, answers: Sequence[AnswerView], judged: Judged, context: Context) -> list[Draft]:
    """Pairs by the strategy; of thumbs every good answer with every bad one."""
    params = context.params
    strategy = "all_pairs" if judged.verdict.notes.get("signal") == "good" else params.strategy
    least = spread_of(judged, params)
    picked = pick(strategy, judged.values, rng=context.rng, least_margin=least, most=params.most_pairs)
    pairs = picked.pairs
    if not pairs and len(answers) == 2 and judged.kind != "uploaded":
        pairs = ((0, 1),)  # a pair of these two may wait already: it is told why it has to
    if not pairs:
        return [_draft("pair", row, drop_reason=no_pair(judged, picked.reason), data={"values": judged.values})]
    told: dict[str, Any] = {"strategy": strategy, "candidates": len(answers)}
    if picked.drawn:
        told["drawn"] = [list(each) for each in picked.drawn]
    made = []
    for chosen, rejected in pairs:
        data = pair_data(judged, context, chosen=chosen, rejected=rejected, source=judged.source, told=told)
        made.append(
            _draft(
                "pair", row, output=answers[chosen].text, rejected=answers[rejected].text, data=data,
                answer_ids=(answers[chosen].id, answers[rejected].id), counted={"strategy": strategy},
            )
        )  # fmt: skip
    return made


def _draft(kind: Any, row: Material, **values: Any) -> Draft:
    changes: Mapping[str, Any] = {"output": "", **values}
    return row.draft(kind, **changes)
