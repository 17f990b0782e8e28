"""The one stage that makes pairs: two answers, and a judge that says whether the stronger model's is the better one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from generation.preferences.gate import ALIKE
from generation.preferences.likeness import rouge_l
from generation.quality.text import same_words
from generation.recipes.answering import answer_prompt, answer_slot, question_of, unfit, wanted
from generation.recipes.base import Context, PromptSlot, Work
from generation.recipes.judging import SLOTS
from generation.recipes.judging.g_eval import Steps
from generation.recipes.material import Material, material_of, materials
from generation.recipes.preferring import Judged, have_judged, pair_data, ready_to_judge
from generation.types import Draft, PoolView, Reply, Sampling, Task

ANSWER = answer_slot("model_comparison")
HIGH, LOW = 0, 1
_FOR_WHOM = {"first": "high", "second": "low"}
_SOFTER = ("position_inconsistent", "below_margin", "unverified")
"""What the gate says of a pair whose rejected answer the judge prefers, in words that do not tell so."""


class StepsIfVerified(Steps):
    """The judge's steps, for runs that judge at all."""

    def wanted(self, params: Any) -> bool:
        """Whether a run with these params writes steps."""
        return bool(params.verify) and super().wanted(params)


class Compare:
    """One task for each row."""

    name = "model_comparison.compare"
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

    def verified(self, pool: PoolView, params: Any) -> int:
        """How many of them a judge will see."""
        return self.due(pool, params) if params.verify else 0

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """The next rows."""
        count, first = self.due(pool, context.params), pool.planned.get(self.name, 0)
        if not count:
            return []
        rows = materials(pool, language=context.language)[first : first + count]
        steps = list(self.steps.written(pool) or ())
        return [{"row": row.payload(), **({"steps": steps} if steps else {})} for row in rows]

    def work(self, task: Task, context: Context) -> Work:
        """Both answers side by side, and where they can be compared the verdict."""
        row, params = material_of(task.payload["row"]), context.params
        sampling = Sampling(params.answer_tokens, params.temperature)
        replies = yield [
            answer_prompt(ANSWER, row, context, sampling=sampling),
            answer_prompt(ANSWER, row, context, sampling=sampling, part="low"),
        ]
        assert isinstance(replies, list)
        draft = _bare(row, replies)
        if reason := _incomparable(replies):
            return [replace(draft, drop_reason=reason)]
        if not params.verify:
            return [replace(draft, data={**draft.data, "held": "unverified"})]
        question = question_of(row, reference=params.reference, steps=tuple(task.payload.get("steps", ())))
        texts = [draft.output, draft.rejected]
        judged = yield from have_judged(question, texts, context, part="judge", scored=params.scored)
        return [_settled(draft, judged, context)]


def _bare(row: Material, replies: list[Reply]) -> Draft:
    """The pair as the gap between the models would have it."""
    data = {"pair_source": "model_gap", "chosen_model": replies[HIGH].model, "rejected_model": replies[LOW].model,
            "meta": {"strategy": "high_low_model"}}  # fmt: skip
    return row.draft("pair", output=replies[HIGH].text.strip(), rejected=replies[LOW].text.strip(), data=data)


def _incomparable(replies: list[Reply]) -> str:
    """Why the two answers are not worth a judge's call, "" when they are."""
    reason = next((reason for reply in replies if (reason := unfit(reply))), "")
    if reason:
        return reason
    high, low = (reply.text for reply in replies)
    if same_words(high, low):
        return "identical"
    return "near_identical" if rouge_l(high, low) > ALIKE else ""


def _settled(draft: Draft, judged: Judged, context: Context) -> Draft:
    """The pair with the verdict: as it stands, turned round, held back or dropped, as the params want it."""
    side, policy = judged.side(), context.params.prefers_low
    turned = side == "second" and policy == "swap"
    chosen, rejected = (LOW, HIGH) if turned else (HIGH, LOW)
    told = {**draft.data["meta"], "gap": _FOR_WHOM.get(side, side)}
    source = "judge" if turned else "model_gap"
    facts = pair_data(judged, context, chosen=chosen, rejected=rejected, source=source, told=told)
    data = {**draft.data, **facts}
    if turned:
        data |= {"chosen_model": draft.data["rejected_model"], "rejected_model": draft.data["chosen_model"]}
        draft = replace(draft, output=draft.rejected, rejected=draft.output)
    elif side == "second" and data["held"] in _SOFTER:
        data["held"] = "prefers_low"
    dropped = data["held"] == "prefers_low" and policy == "drop"
    counted = {"gap": _FOR_WHOM.get(side, side)}
    return replace(draft, data=data, counted=counted, drop_reason="prefers_low" if dropped else "")
