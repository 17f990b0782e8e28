"""Templates in other words by rules: a sentence is set before or behind; now and then a variable is lost on the way."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping
from typing import Any

_LEADS = {
    "en": (
        "Here is something to work on.", "Take a moment with this.", "Please see to the following.", "A small request:",
        "This one is for you.", "Work on this with care.", "Have a look at this.", "Your turn:",
    ),
    "zh": (
        "请处理下面的内容。", "有一件事要请你做。", "请认真看一看：", "现在轮到你了。", "下面这项交给你。",
        "请按要求完成。", "来看看这个：", "这是给你的任务。",
    ),
}  # fmt: skip
_ENDS = {
    "en": ("", "Say only what is asked for.", "Thank you.", "Keep to the point."),
    "zh": ("", "只说所要求的内容。", "谢谢。", "请切中要点。"),
}
_NAMED = re.compile(r"\{\w+\}")
_PROSE, _LOST, _COPIED = 0.06, 0.08, 0.06


def rephrase(variables: Mapping[str, Any], rng: random.Random) -> str:
    """A JSON list of as many wordings as asked for, most of them sound."""
    language, plain = "zh" if variables["language"] == "zh" else "en", variables["plain"]
    leads = rng.sample(_LEADS[language], len(_LEADS[language]))
    if rng.random() < _PROSE:
        return str(leads[0])
    found = []
    for at in range(variables["count"]):
        end = rng.choice(_ENDS[language])
        text = "\n\n".join(part for part in (leads[at % len(leads)], plain, end) if part)
        chance = rng.random()
        if chance < _LOST:
            text = _NAMED.sub("...", text, count=1)
        elif chance < _LOST + _COPIED:
            text = plain
        found.append(text)
    return json.dumps(found, ensure_ascii=False)


RULES: Mapping[str, Callable[[Mapping[str, Any], random.Random], str]] = {"flan_templates.rephrase": rephrase}
