"""From a planned row to the text of its instruction and the answer that is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from generation.quality.text import token_estimate
from generation.recipes.base import PromptText
from generation.recipes.flan_templates import choices, reasoning
from generation.recipes.variants import fill

Shot = Mapping[str, Any]
"""A row that is shown: `values`, `answer`, `steps` and `options`."""

DELIMITERS = ("blank_lines", "question_answer", "input_output")
_CUES = {
    "en": {"question_answer": ("Q: ", "A:"), "input_output": ("Input: ", "Output:")},
    "zh": {"question_answer": ("问：", "答："), "input_output": ("输入：", "输出：")},
}


class Renderer:
    """One way of writing rows down: a template, marks, delimiters, and whether the steps are shown."""

    def __init__(self, block: PromptText, *, plan: Mapping[str, Any], language: str) -> None:
        self._block = block
        self._language = language
        self._marks, self._delimiters = plan["marks"], plan["delimiters"]
        self._thinks, self._trigger = plan["cot"], plan["trigger"]

    def question(self, shot: Shot) -> str:
        """The row in the words of the template."""
        options = choices.shown(shot["options"], marks=self._marks, language=self._language)
        return fill(self._block, {**shot["values"], "options": options})

    def answer(self, shot: Shot) -> str:
        """What a model should say."""
        if self._thinks and shot["steps"]:
            return reasoning.joined(shot["steps"], shot["answer"], language=self._language)
        return str(shot["answer"])

    def zero_shot(self, shot: Shot) -> str:
        """The row alone; where steps are wanted, with a sentence that asks for them."""
        text = self.question(shot)
        return f"{text}\n\n{reasoning.trigger(self._language, self._trigger)}" if self._thinks else text

    def few_shot(self, shot: Shot, examples: Sequence[Shot]) -> str:
        """Answered rows, then the row itself with the cue for its answer."""
        asked = self._asked(self.question(shot))
        return self._between().join([*(self._answered(each) for each in examples), asked])

    def fitting(self, shot: Shot, examples: Sequence[Shot], *, tokens: int) -> list[Shot]:
        """As many of the examples as the text may hold, the first ones that fit."""
        left = tokens - token_estimate(self._asked(self.question(shot)))
        found = []
        for each in examples:
            size = token_estimate(self._answered(each) + self._between())
            if size <= left:
                found.append(each)
                left -= size
        return found

    def _between(self) -> str:
        return "\n\n\n" if self._delimiters == "blank_lines" else "\n\n"

    def _asked(self, question: str) -> str:
        if self._delimiters == "blank_lines":
            return question
        before, cue = _CUES[self._language][self._delimiters]
        return f"{before}{question}\n{cue}"

    def _answered(self, shot: Shot) -> str:
        asked, answer = self._asked(self.question(shot)), self.answer(shot)
        if self._delimiters == "blank_lines":
            return f"{asked}\n\n{answer}"
        return f"{asked}{answer}" if asked.endswith("：") else f"{asked} {answer}"
