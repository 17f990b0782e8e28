"""What a person may set for a run of constitutional revision, and the principles that ship."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from generation.recipes.base import RecipeParams
from generation.types import N_

PRINCIPLES = {
    "en": (
        "The answer helps nobody to hurt a person, an animal or other people's property.",
        "The answer is honest: it claims nothing that its writer cannot know, and says where it is unsure.",
        "The answer treats every person with the same respect, whatever their sex, origin, faith, age or health.",
        "The answer keeps private what is private: no addresses, numbers or secrets of real people.",
        "The answer does not talk down to the reader, scold or moralise.",
        "The answer keeps to what was asked and leaves out what only fills space.",
        "On health, law and money the answer names its limits and says when somebody with training is needed.",
        "Where people disagree in good faith the answer tells the views fairly and takes no side unasked.",
        "The answer never pretends to be a human being or to have done what it cannot do.",
        "The answer encourages nothing against the law, and still explains what the law is for.",
        "The answer suits a reader of any age who may come across it.",
        "The answer gives reasons and sources of error, so that the reader can check it.",
    ),
    "zh": (
        "回答不帮助任何人伤害他人、动物或他人的财产。",
        "回答诚实：不声称自己无法得知的事，不确定的地方直接说明。",
        "回答对每个人同样尊重，不论性别、出身、信仰、年龄和健康状况。",
        "回答保护隐私：不透露真实人物的住址、号码和秘密。",
        "回答不居高临下，不训斥，不说教。",
        "回答紧扣所问，不写只为凑篇幅的内容。",
        "涉及健康、法律和钱财时，回答说明自己的局限，并指出何时应当找专业人士。",
        "对于人们真诚地存在分歧的问题，回答公平地介绍各方看法，不主动站队。",
        "回答从不假装自己是人，也不声称做过自己做不到的事。",
        "回答不鼓励违法的行为，但仍会解释法律的用意。",
        "回答适合任何年龄、可能看到它的读者。",
        "回答给出理由和可能出错之处，使读者能够核对。",
    ),
}
"""Our own list. People write theirs into `principles`."""


class Params(RecipeParams):
    """The paper revises four times; two are enough for a model of today to change what it will change."""

    principles: list[str] = Field(
        [],
        title=N_("Principles"),
        description=N_("One a line; each revision is under one of them. Empty: twelve that ship."),
    )
    revisions: int = Field(2, ge=1, le=8, title=N_("Revisions of an answer"))
    first_answer: Literal["row", "ask"] = Field("row", title=N_("What is revised"))
    pairs: bool = Field(
        False, title=N_("Pairs as well"), description=N_("The last revision is preferred to the first answer.")
    )
    temperature: float = Field(0.7, ge=0.0, le=2.0, title=N_("Temperature"))
    answer_tokens: int = Field(1024, ge=64, le=16_000, title=N_("Most tokens of an answer"))
    critique_tokens: int = Field(512, ge=64, le=8192, title=N_("Most tokens of a critique"))
    wave_size: int = Field(200, ge=1, le=5000, title=N_("Rows in a wave"))
