"""What a person may set for a run of conversations, and the personas that ship."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from generation.recipes.base import RecipeParams
from generation.types import N_

PERSONAS = {
    "en": (
        "a beginner who wants simple words", "an expert who checks every detail", "somebody in a hurry",
        "a friendly person who likes examples", "a sceptic who asks for reasons",
        "a student preparing for an exam", "a parent who explains it to a child later",
        "an employee who needs it for work tomorrow", "a curious person who drifts to neighbouring questions",
        "somebody who misunderstood a part and says so",
    ),
    "zh": (
        "希望用简单的话说明的初学者", "会核对每个细节的专家", "赶时间的人", "喜欢具体例子的友善的人",
        "凡事要问理由的怀疑者", "准备考试的学生", "之后要讲给孩子听的家长", "明天工作就要用到的职员",
        "容易联想到相关问题的好奇的人", "有一处没听懂并且会直说的人",
    ),
}  # fmt: skip
"""Who talks to the assistant, unless somebody says otherwise."""


class Params(RecipeParams):
    """A turn is one message of the user with its reply."""

    asked: Literal["turn_by_turn", "whole"] = Field(
        "turn_by_turn", title=N_("How it is asked"), description=N_("A call for each message, or one for all of them.")
    )
    least_turns: int = Field(2, ge=2, le=12, title=N_("Fewest turns"))
    most_turns: int = Field(4, ge=2, le=12, title=N_("Most turns"))
    opening: Literal["as_it_is", "persona"] = Field("as_it_is", title=N_("First message of the user"))
    personas: list[str] = Field([], title=N_("Personas"), description=N_("One a line. Empty: ten that ship."))
    topics: list[str] = Field(
        [], title=N_("Topics"), description=N_("One a line; each conversation has one. Empty: that of its row.")
    )
    for_each_row: int = Field(1, ge=1, le=20, title=N_("Conversations for each row"))
    keep_answer: bool = Field(
        True, title=N_("Begin with the row's own answer"), description=N_("Where it has one and opens as it is.")
    )
    system: str = Field("", max_length=4000, title=N_("System prompt of the assistant"))
    temperature: float = Field(0.8, ge=0.0, le=2.0, title=N_("Temperature"))
    turn_tokens: int = Field(800, ge=64, le=8192, title=N_("Most tokens of a message"))
    repetition: float = Field(
        0.9, ge=0.3, le=1.0, title=N_("Repetition threshold (ROUGE-L)"), description=N_("Drops what is more alike.")
    )
    max_rows: int = Field(0, ge=0, le=1_000_000, title=N_("Most samples"), description=N_("0: all rows."))
    wave_size: int = Field(200, ge=1, le=5000, title=N_("Conversations in a wave"))

    @model_validator(mode="after")
    def _turns_fit(self) -> Self:
        if self.least_turns > self.most_turns:
            raise ValueError("fewest_turns_over_most")
        return self
