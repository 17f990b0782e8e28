"""What kind of task a prompt sets, by the words that it is put with: for rows that do not say their task type.

The kinds are those of InstructGPT (arXiv 2203.02155, table 1) and Dolly 15k, with code, mathematics, translation and
the use of tools apart. The first kind of a fixed order whose words occur is taken, so that a summary that is to be
written counts as a summary. How often this is right is measured in docs/reference/coverage.md.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from generation.quality.text import has_cjk

_LISTS: dict[str, Any] = json.loads(Path(__file__).with_name("task_kinds.json").read_text(encoding="utf-8"))


def _any_of(language: str) -> str:
    """The verbs of making as alternatives of a pattern."""
    return "|".join(sorted(_LISTS[language]["verbs"].split(), key=len, reverse=True))


_ORDER: tuple[str, ...] = tuple(_LISTS["order"])
_CUES = {
    language: {
        kind: re.compile(cue, re.IGNORECASE | re.MULTILINE) for kind, cue in _LISTS[language].items() if kind != "verbs"
    }
    for language in ("en", "zh")
}
_MAKING = {
    "en": re.compile(rf"(?:please )?(?:{_any_of('en')})\\b", re.IGNORECASE),
    "zh": re.compile(rf"(?:请|请你|为.{{1,16}})?(?:{_any_of('zh')})"),
}
"""How a prompt begins that wants something made, of whatever name."""
KINDS = (*_ORDER, "open_qa", "closed_qa", "chat", "tool_use")
"""Every kind that is found."""
_READ = 400
"""Characters of an instruction that are looked at: the task is set at its beginning or, of a long one, at its end."""
_A_TEXT = 150
"""Characters from which an input is a text that a question may be about."""
_CODE = re.compile(r"```(?:python|java|javascript|js|ts|c|cpp|c\+\+|c#|html|css|sql|bash|sh|go|rust|php|ruby|r)\b")


def task_kind(instruction: str, given: str = "", output: str = "", *, tools: bool = False) -> str:
    """The kind of the task, one of `KINDS`; "" for an instruction without a letter."""
    if tools:
        return "tool_use"
    text = instruction.strip()
    if not any(character.isalpha() for character in text):
        return ""
    if len(text) > 2 * _READ:
        text = f"{text[:_READ]}\n{text[-_READ:]}"
    language = "zh" if has_cjk(text) else "en"
    cues = _CUES[language]
    for kind in _ORDER:
        if cues[kind].search(text):
            return kind
    if _CODE.search(output[:_READ]):
        return "code"
    if _MAKING[language].match(text):
        return "creative_writing"
    if len(given) >= _A_TEXT or cues["text"].search(text):
        return "closed_qa"
    return "open_qa" if given or cues["question"].search(text) else "chat"
