"""Two answers side by side, each pair in both orders: a win counts only where both agree (arXiv 2306.05685)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from generation.recipes.base import Context, PromptSlot
from generation.recipes.judging.base import Duel, Judging, Question, Verdict, Winner
from generation.recipes.judging.fencing import data_fence
from generation.recipes.judging.params import rubric_text
from generation.recipes.judging.replies import Heard, ask_all, side_of
from generation.recipes.judging.wording import reference_block
from generation.recipes.wording import fence
from generation.types import N_, Prompt, Sampling

PAIRWISE = PromptSlot(
    "judging.pairwise", ("task", "left", "right", "reference", "rubric"), ("task", "left", "right", "rubric")
)
SCHEMA = {
    "type": "object",
    "properties": {"reason": {"type": "string"}, "winner": {"type": "string", "enum": ["A", "B", "tie"]}},
    "required": ["reason", "winner"],
    "additionalProperties": False,
}
_FORWARD: Mapping[str | None, Winner] = {"A": "first", "B": "second", "tie": "tie"}
_BACKWARD: Mapping[str | None, Winner] = {"A": "second", "B": "first", "tie": "tie"}


class Pairwise:
    """Every two answers meet twice, once with each on the left."""

    name = "pairwise"
    title = N_("Two answers against each other, in both orders")
    compares = True
    asks_model = True
    slots: tuple[PromptSlot, ...] = (PAIRWISE,)

    def scale(self, params: Any) -> tuple[float, float]:
        """It gives no scores."""
        return 0.0, 1.0

    def calls(self, answers: int, params: Any) -> int:
        """Two for each pair: k (k - 1)."""
        return answers * (answers - 1)

    def judge(self, question: Question, texts: Sequence[str], context: Context, *, part: str) -> Judging:
        """A duel for every two texts; what could not be read is `invalid` in its order."""
        meetings = list(combinations(range(len(texts)), 2))
        prompts = [
            _prompt(question, texts[left], texts[right], context, part)
            for first, second in meetings
            for left, right in ((first, second), (second, first))
        ]
        heard = yield from ask_all(prompts, side_of)
        duels = [
            Duel(*meeting, _said(heard[2 * at], _FORWARD), _said(heard[2 * at + 1], _BACKWARD))
            for at, meeting in enumerate(meetings)
        ]
        faults = [(meetings[at // 2][0], each.reason) for at, each in enumerate(heard) if each.reason]
        return Verdict((None,) * len(texts), duels=tuple(duels), faults=tuple(faults))


def _said(heard: Heard, winners: Mapping[str | None, Winner]) -> Winner:
    return winners.get(heard.value, "invalid")


def _prompt(question: Question, left: str, right: str, context: Context, part: str) -> Prompt:
    params = context.params
    variables = {
        "task": data_fence(question.task, context.rng),
        "left": data_fence(left, context.rng),
        "right": data_fence(right, context.rng),
        "reference": reference_block(question.reference, context.language, context.rng),
        "rubric": fence(rubric_text(params, context.language)),
        "texts": [question.task, left, right],
        "known": question.reference,
        "language": context.language,
    }
    return Prompt(
        PAIRWISE.name, context.messages(PAIRWISE.name, variables), variables, Sampling(params.judge_tokens, 0.0, 1.0),
        SCHEMA, part=part,
    )  # fmt: skip


JUDGE = Pairwise()
