"""Answers by rules for recipes that compare them: the stronger side says more, later candidates say other things."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from generation.recipes.wording import one_line

_EMPTY, _REFUSED, _SHORT = 0.03, 0.03, 0.06
WEAK = ("low", "second", "fourth")
"""The parts that say less."""
_LONGEST_QUOTE = 120
_WORDS = {
    "en": {
        "refusal": "I'm sorry, but I can't help with that.",
        "short": "It depends.",
        "head": ("On \"{asked}\":", "About \"{asked}\" one can say this:", "You asked: \"{asked}\". In short:"),
        "facts": (
            "first comes what everybody agrees on", "then what the figures of the last years show",
            "an example from daily life makes it plain", "there are exceptions, and they have reasons",
            "the costs are small at first and grow later", "who wants to try it should begin with one step",
            "two sources say the opposite and deserve a look", "in the end it is the purpose that decides",
        ),
    },
    "zh": {
        "refusal": "抱歉，我无法帮助你处理这个请求。",
        "short": "看情况。",
        "head": ("关于“{asked}”：", "就“{asked}”可以这样说：", "你问的是“{asked}”，简而言之："),
        "facts": (
            "首先是大家公认的部分", "其次是近几年的数据所显示的情况", "举一个日常生活中的例子就很清楚",
            "也有例外，而且各有缘由", "开始时花费很少，之后才会增加", "想要尝试的人应当先迈出一小步",
            "有两处资料的说法相反，值得一看", "归根结底取决于目的",
        ),
    },
}  # fmt: skip


def answer(variables: Mapping[str, Any], rng: random.Random) -> str:
    """An answer of a few sentences; now and then nothing, a refusal, or two words that every candidate says."""
    words: Any = _WORDS["zh" if variables["language"] == "zh" else "en"]
    rng = random.Random(f"{rng.random()}:{variables['part']}:{variables['index']}")
    chance = rng.random()
    if chance < _EMPTY:
        return ""
    if chance < _EMPTY + _REFUSED:
        return str(words["refusal"])
    if chance < _EMPTY + _REFUSED + _SHORT:
        return str(words["short"])
    weak = variables["part"] in WEAK
    facts = rng.sample(words["facts"], rng.randint(1, 5) if weak else rng.randint(4, 7))
    asked = one_line(str(variables["task"]))
    asked = asked if len(asked) <= _LONGEST_QUOTE else asked[:_LONGEST_QUOTE] + "…"
    chinese = words is _WORDS["zh"]
    body = ("；" if chinese else "; ").join(facts) + ("。" if chinese else ".")
    return rng.choice(words["head"]).format(asked=asked) + ("" if chinese else " ") + body


RULES: Mapping[str, Callable[[Mapping[str, Any], random.Random], str]] = {
    "model_comparison.answer": answer,
    "generate_pairs.answer": answer,
}
