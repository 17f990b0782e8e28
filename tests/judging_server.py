"""A model server whose answers are given and whose judge sees texts alone: it decides by closeness to a target.

It is told no name: the judge finds the task in its prompt, and measures how near each answer comes to what was wanted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz

from tests.chat_server import Said

JUDGE = "the-judge"
_DATA = re.compile(r"^```data (\w+)\n(.*)\n``` end \1$", re.MULTILINE)
_FENCED = re.compile(r"^(`{3,})\n(.*?)\n\1$", re.MULTILINE | re.DOTALL)
_COUNT = re.compile(r"exactly (\d+) entries")
_SPEAKS = re.compile(
    r"judg|grad|rat(e|ing)|score|verdict|winner|rubric|system|instruction|evaluat|reviewer", re.IGNORECASE
)
LEAN = 12.0
STEPS = ["See what was asked for.", "See whether the answer gives it.", "Count what is missing or wrong."]


@dataclass
class Desk:
    """`answers` maps a model to its answer by task, `target` tells what was wanted. `asked` counts requests by model,
    `names_seen` holds the names of models that reached the judge."""

    answers: Mapping[str, Callable[[str], str]]
    target: Callable[[str], str | None]
    asked: dict[str, int] = field(default_factory=dict)
    names_seen: list[str] = field(default_factory=list)
    leaning: str = ""
    """A judge of this name thinks the better of whatever stands on the left."""

    def __call__(self, body: dict[str, Any], number: int) -> Said:
        """What the model of the request says."""
        model = str(body["model"])
        self.asked[model] = self.asked.get(model, 0) + 1
        prompt = body["messages"][-1]["content"]
        if model in self.answers and not _DATA.search(prompt) and '{"steps"' not in prompt:
            found = _FENCED.search(prompt)
            return Said(self.answers[model](key(found[2] if found else prompt)))
        whole = json.dumps(body["messages"], ensure_ascii=False)
        self.names_seen += [name for name in self.answers if name in whole]
        return Said(self.verdict(prompt, bonus=LEAN if model == self.leaning else 0.0))

    def verdict(self, prompt: str, *, bonus: float = 0.0) -> str:
        """The judge's reply, in the form that the prompt asks for."""
        texts = [json.loads(found[2]) for found in _DATA.finditer(prompt)]
        if '{"steps"' in prompt:
            return json.dumps({"steps": STEPS})
        task, rest = texts[0], texts[1:]
        if '"winner"' in prompt:
            left, right = (self.closeness(task, text) for text in rest[:2])
            left += bonus
            winner = "tie" if abs(left - right) < 1 else "A" if left > right else "B"
            return json.dumps({"reason": f"{left:.0f} against {right:.0f}", "winner": winner})
        if count := _COUNT.search(prompt):
            rated = [self.closeness(task, text) for text in rest[-int(count[1]) :]]
            return json.dumps({"ratings": [
                {"text": at, "rationale": "by closeness", "rating": str(1 + round(near / 25))}
                for at, near in enumerate(rated, 1)
            ]})  # fmt: skip
        score = round(1 + 9 * self.closeness(task, rest[0]) / 100, 1)
        return json.dumps({"score": score} if '"reason"' not in prompt else {"reason": "by closeness", "score": score})

    def closeness(self, task: str, text: str) -> float:
        """0 to 100: how near the text comes to what was wanted. Where nobody knows that, how much it is about the task;
        a text that speaks to its judge is then worth nothing."""
        target = self.target(key(task))
        if target is None:
            return 0.0 if _SPEAKS.search(text) else 60 + 0.4 * fuzz.token_set_ratio(task, text)
        return float(fuzz.token_sort_ratio(text.strip(), target.strip()))


def key(task: str) -> str:
    """A task whatever its blanks."""
    return " ".join(task.split())
