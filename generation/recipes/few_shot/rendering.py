"""From a template, a row and its examples to the text of an instruction.

A template is one text with `{{ examples }}` in it. What stands before is the description of the task, what stands after
is the row's part and ends with the cue for the answer. An example is that same part, filled from another row, with its
answer behind the cue: so whoever edits a template edits the examples too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generation.recipes.base import PromptText

_EXAMPLES = re.compile(r"\s*\{\{\s*examples\s*\}\}\s*")
_HEADINGS = {"en": ("Example:", "Example {}:"), "zh": ("示例：", "示例 {}：")}
MARKERS = {"en": "Now this one:", "zh": "请完成这一条："}
"""Stands before the row's own part, so that nobody takes it for another example."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A row to show: its values by variable name, and its answer."""

    values: Mapping[str, str]
    answer: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """The texts of one draft; `specific` is the part of `instruction` that shows the row itself."""

    instruction: str
    specific: str
    system: str = ""


def render(
    template: PromptText, row: Shown, examples: Sequence[Shown], *, fixed: Mapping[str, str], language: str
) -> Rendered:
    """The instruction for `row`. `fixed` holds the variables that all rows share, such as the label set."""
    pieces = _EXAMPLES.split(template.text, maxsplit=1)
    part = PromptText(pieces[-1])
    specific = _fill(part, row, fixed)
    shown = "\n\n".join(
        f"{_heading(number, len(examples), language)}\n{_answered(_fill(part, each, fixed), each.answer)}"
        for number, each in enumerate(examples, 1)
    )
    head = PromptText(pieces[0]).render({**fixed, **row.values}) if len(pieces) == 2 else ()
    system = "\n\n".join(message.content for message in head if message.role == "system")
    description = "\n\n".join(message.content for message in head if message.role != "system")
    middle = f"{shown}\n\n{MARKERS[language]}\n" if shown else ""
    instruction = "\n\n".join(text for text in (description, middle + specific) if text)
    return Rendered(instruction, specific, system)


def _fill(part: PromptText, row: Shown, fixed: Mapping[str, str]) -> str:
    """The part with the row's values; a value of several lines begins on a line of its own."""
    text, values = part.text, {**fixed, **row.values}
    for name, value in row.values.items():
        if "\n" in value:
            text = re.sub(rf"[ \t]+(?=\{{\{{\s*{re.escape(name)}\s*\}}\}})", "", text)
            values[name] = f"\n{value}"
    return PromptText(text).render(values)[0].content


def _heading(number: int, count: int, language: str) -> str:
    alone, several = _HEADINGS[language]
    return alone if count == 1 else several.format(number)


def _answered(text: str, answer: str) -> str:
    if "\n" in answer or not text.endswith((":", "：")):
        return f"{text}\n{answer}"
    return text + ("" if text.endswith("：") else " ") + answer
