"""Ratings by aspect, after UltraFeedback (arXiv 2310.01377): one call an aspect rates all texts together, shuffled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from generation.recipes.base import Context, PromptSlot
from generation.recipes.judging.base import Judging, Question, Verdict
from generation.recipes.judging.fencing import data_fence
from generation.recipes.judging.replies import NOT_APPLICABLE, ask_all, ratings_of
from generation.recipes.judging.wording import aspect_named, line, numbered_fences, reference_block
from generation.recipes.wording import fence
from generation.types import N_, Prompt, Sampling, Score

ASPECT = PromptSlot(
    "judging.aspects", ("task", "texts_fenced", "count", "aspect", "meaning", "knowledge", "not_applicable"),
    ("task", "texts_fenced", "count", "meaning"),
)  # fmt: skip
LOW, HIGH = 1.0, 5.0
_OPTIONAL = "honesty"
"""The one aspect that may not apply to a text."""
_INFORMED = "truthfulness"
"""The one aspect whose judge is told what is known of the matter."""


class Aspects:
    """The score of a text is the mean of its aspects, those that do not apply left out."""

    name = "aspects"
    title = N_("Ratings by aspect, all answers together")
    compares = False
    asks_model = True
    slots: tuple[PromptSlot, ...] = (ASPECT,)

    def scale(self, params: Any) -> tuple[float, float]:
        """1 to 5."""
        return LOW, HIGH

    def calls(self, answers: int, params: Any) -> int:
        """One for each aspect."""
        return len(params.aspects)

    def judge(self, question: Question, texts: Sequence[str], context: Context, *, part: str) -> Judging:
        """Scores with their aspects. Where an aspect cannot be read no text has a score: the means would differ."""
        wanted = [aspect_named(each, context.language) for each in context.params.aspects]
        orders = [context.rng.sample(range(len(texts)), len(texts)) for _ in wanted]
        prompts = [
            _prompt(question, [texts[at] for at in order], name, meaning, context, part)
            for (name, meaning), order in zip(wanted, orders, strict=True)
        ]
        heard = yield from ask_all(prompts, lambda said: _read(said, len(texts)))
        aspects: list[dict[str, Score]] = [{} for _ in texts]
        faults: list[tuple[int, str]] = []
        for (name, _), order, each in zip(wanted, orders, heard, strict=True):
            if each.value is None or (name != _OPTIONAL and NOT_APPLICABLE in each.value):
                faults.append((-1, each.reason or "invalid_verdict"))
                continue
            for at, value in zip(order, each.value, strict=True):
                if value != NOT_APPLICABLE:
                    aspects[at][name] = Score(value, LOW, HIGH)
        return Verdict(
            tuple(None if faults else _mean(each) for each in aspects), tuple(aspects), faults=tuple(faults),
            notes={"orders": orders},
        )  # fmt: skip


def _read(said: str, count: int) -> list[float | str] | None:
    return ratings_of(said, count=count, low=LOW, high=HIGH, optional=True)


def _mean(aspects: dict[str, Score]) -> Score | None:
    if not aspects:
        return None
    return Score(sum(each.value for each in aspects.values()) / len(aspects), LOW, HIGH)


def _prompt(question: Question, texts: list[str], name: str, meaning: str, context: Context, part: str) -> Prompt:
    known = question.reference if name == _INFORMED else ""
    optional = name == _OPTIONAL
    variables = {
        "task": data_fence(question.task, context.rng),
        "texts_fenced": numbered_fences(texts, context.language, context.rng),
        "count": len(texts),
        "aspect": name,
        "meaning": fence(meaning),
        "knowledge": reference_block(known, context.language, context.rng, kind="knowledge"),
        "not_applicable": line("na", context.language) if optional else "",
        "texts": [question.task, *texts],
        "known": known,
        "language": context.language,
    }
    return Prompt(
        ASPECT.name, context.messages(ASPECT.name, variables), variables,
        Sampling(context.params.judge_tokens, 0.0, 1.0), _schema(optional=optional), part=part,
    )  # fmt: skip


def _schema(*, optional: bool) -> dict[str, Any]:
    rating = {
        "type": "object",
        "properties": {
            "text": {"type": "integer"},
            "rationale": {"type": "string"},
            "rating": {"type": "string", "enum": ["1", "2", "3", "4", "5", *([NOT_APPLICABLE] if optional else [])]},
        },
        "required": ["text", "rationale", "rating"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"ratings": {"type": "array", "items": rating}},
        "required": ["ratings"],
        "additionalProperties": False,
    }


JUDGE = Aspects()
