"""What a person may set wherever answers are judged: the judge and what it looks for, the pairs, and the margin."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from generation.preferences.gate import usual_margin
from generation.recipes.base import Context, RecipeParams
from generation.recipes.judging.wording import ASPECTS, RUBRICS
from generation.types import N_

JudgeName = Literal["single", "pairwise", "aspects", "g_eval", "uploaded", "heuristics"]
StrategyName = Literal[
    "all_pairs", "best_worst", "best_random", "adjacent", "best_vs_rest", "threshold", "high_low_model"
]
_OWN_ASPECT = re.compile(r"\s*[^\W\d]\w{0,39}\s*[:：]\s*\S.{0,600}", re.DOTALL)


class JudgedParams(RecipeParams):
    """Base of the params of recipes that judge answers. A recipe may narrow a choice or give another default."""

    judge: JudgeName = Field("single", title=N_("Judge"))
    rubric: str = Field(
        "", max_length=8000, title=N_("Rubric"),
        description=N_("What makes one answer better than another, in your words. Empty: the rubric that ships."),
    )  # fmt: skip
    low: int = Field(1, ge=0, le=100, title=N_("Lowest score"))
    high: int = Field(10, ge=1, le=100, title=N_("Highest score"))
    aspects: list[str] = Field(
        ["instruction_following", "honesty", "truthfulness", "helpfulness"], title=N_("Aspects"),
        description=N_("For ratings by aspect, one a line: a name that ships, or your own as “name: what it means”."),
    )  # fmt: skip
    steps: list[str] = Field(
        [], title=N_("Evaluation steps"),
        description=N_("For G-Eval, one a line. Empty: the judge writes them from the rubric, once for the run."),
    )  # fmt: skip
    samples: int = Field(
        20, ge=1, le=50, title=N_("Judgements of an answer"),
        description=N_("For G-Eval: the score is the mean of so many."),
    )  # fmt: skip
    reference: bool = Field(
        False, title=N_("Show the judge a reference"),
        description=N_("The row’s own output is shown to the judge as a correct answer."),
    )  # fmt: skip
    strategy: StrategyName = Field("best_worst", title=N_("Which answers form pairs"))
    margin: float = Field(
        0.0, ge=0.0, le=100.0, title=N_("Least margin"),
        description=N_("In points of the score. 0: half a point on 1 to 5, one on 0 to 10, a tenth of other scales."),
    )  # fmt: skip
    canary_share: float = Field(
        0.01, ge=0.0, le=0.5, title=N_("Share of planted attacks"),
        description=N_("Answers that try to talk the judge round, at least one a run: they show whether it can be."),
    )  # fmt: skip
    judge_tokens: int = Field(600, ge=16, le=8192, title=N_("Most tokens of a judgement"))

    @model_validator(mode="after")
    def _can_be_judged(self) -> Self:
        if self.low >= self.high:
            raise ValueError("low_over_high")
        if self.judge == "aspects" and not self.aspects:
            raise ValueError("no_aspects")
        if any(each.strip() not in ASPECTS["en"] and not _OWN_ASPECT.fullmatch(each) for each in self.aspects):
            raise ValueError("odd_aspect")
        if len(self.steps) > 12:
            raise ValueError("too_many_steps")
        return self


def least_margin(params: Any, scale: tuple[float, float]) -> float:
    """The margin in force for scores on `scale`: the one that was set, else the usual one; inclusive."""
    return float(params.margin) or usual_margin(*scale)


def rubric_text(params: Any, language: str) -> str:
    """The rubric in force: the person's own, else the one that ships in the language."""
    return str(params.rubric).strip() or RUBRICS["zh" if language == "zh" else "en"]


def rubric_hash(context: Context, slots: Sequence[str], *, steps: Sequence[str] = ()) -> str:
    """SHA-256 of all that the judge is told to look for: its kind, rubric, scale, aspects, steps and prompt texts."""
    params = context.params
    told: Mapping[str, Any] = {
        "judge": params.judge,
        "rubric": rubric_text(params, context.language),
        "scale": [params.low, params.high],
        "aspects": list(params.aspects) if params.judge == "aspects" else [],
        "steps": list(params.steps or steps) if params.judge == "g_eval" else [],
        "reference": params.reference,
        "prompts": {name: context.prompts[name].text for name in sorted(slots)},
    }
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
